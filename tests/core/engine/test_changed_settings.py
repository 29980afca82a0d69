from __future__ import annotations

import base64

from ballyhoo.core.engine.changed_settings import compare_files, compare_recipes

OLD = """\
campaign: spring # a remark
segment:
  where: >
    country = 'DE'
deliver:
  rate: 600/min
  fields: {subject: Hello, body: "One\\nTwo"}
policy:
  quiet_hours: "21:00-08:00"
"""
NEW = """\
policy: {cap: {messages: 2, per: 7d}, quiet_hours: "21:00-08:00"}
segment: {where: "country = 'DE'"}
campaign: spring
deliver: {fields: {body: "One\\nThree", subject: Hello}, traits: [a, b]}
"""


def test_each_key_that_changed_is_named_once() -> None:
    found = [
        (one.path, one.old, one.new, one.was_there, one.is_there)
        for one in compare_recipes(OLD, NEW)
    ]
    assert found == [
        ("deliver.rate", "600/min", None, True, False),
        ("deliver.fields.body", "One\nTwo", "One\nThree", True, True),
        ("deliver.traits", None, ["a", "b"], False, True),
        ("policy.cap", None, {"messages": 2, "per": "7d"}, False, True),
    ]


def test_order_remarks_and_folding_are_no_change() -> None:
    assert compare_recipes(OLD, OLD.replace(" # a remark", "")) == []


def test_a_list_is_compared_as_a_whole() -> None:
    old, new = "deliver: {traits: [a, b]}", "deliver: {traits: [b, a]}"
    [one] = compare_recipes(old, new)
    assert (one.path, one.old, one.new) == ("deliver.traits", ["a", "b"], ["b", "a"])


def test_files_are_added_removed_and_changed() -> None:
    kept = {
        name: base64.b64encode(text.encode()).decode()
        for name, text in {"a": "1", "b": "2", "c": "3"}.items()
    }
    now = {"b": kept["b"], "c": kept["a"], "d": kept["a"]}
    assert compare_files(kept, now) == {"a": "removed", "c": "changed", "d": "added"}
