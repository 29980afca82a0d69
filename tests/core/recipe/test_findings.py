from __future__ import annotations

from ballyhoo.core.recipe.document import Place
from ballyhoo.core.recipe.findings import Findings


def test_mistakes_come_in_the_order_of_the_file_each_once() -> None:
    findings = Findings("x.yaml")
    findings.add(Place(9, 1), "second", ("b",))
    findings.add(Place(2, 30), "first", ("a",))
    findings.add(Place(9, 1), "second", ("b",))
    findings.add(Place(10, 1), "third")
    assert [str(mistake) for mistake in findings.sorted()] == [
        "x.yaml:2:30: a: first",
        "x.yaml:9:1: b: second",
        "x.yaml:10:1: third",
    ]


def test_a_mistake_concerns_its_path_and_all_above_but_nothing_beside() -> None:
    findings = Findings("x.yaml")
    assert not findings
    findings.add(Place(1, 1), "wrong", ("deliver", "tracking", "clicks"))
    assert findings
    assert findings.concern(("deliver", "tracking", "clicks"))
    assert findings.concern(("deliver",))
    assert findings.concern(())
    assert not findings.concern(("deliver", "rate"))
    assert not findings.concern(("deliver", "tracking", "clicks", "more"))
