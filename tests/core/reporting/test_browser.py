"""The page of a report, as a browser draws it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from ballyhoo.core.reporting.effect import Belief, Comparison, Group, Lift, VariantResult, WaveLift
from ballyhoo.core.reporting.heading import Heading, Receipt, Step
from ballyhoo.core.reporting.page import write_page
from ballyhoo.core.reporting.parts import CopyResult, Delivery, Domain, Money
from ballyhoo.core.reporting.report import Report
from ballyhoo.core.statistics.intervals import Interval

from ...browser import Colour, draw, read_dom

pytestmark = pytest.mark.browser
RAN = (1, 2, 253)
EVIL = "</style><script>document.body.style.background = 'rgb(1, 2, 253)'</script>"
HILL = tuple((0.01 + 0.001 * step, max(0.0, 1 - abs(step - 10) / 10)) for step in range(21))


def vary(name: str, chance: float) -> VariantResult:
    return VariantResult(
        name=name, people=4_000, sent=3_900, opened=None, opened_by_machines=None, clicked=200,
        clicked_by_machines=90, bought=80, spent={"EUR": 400_000}, converted=60, orders=61,
        revenue={"EUR": 300_000}, unsubscribed=9, complained=1, bounced=20,
        belief=Belief(mean=0.02, low=0.015, high=0.025, chance=chance, curve=HILL),
    )  # fmt: skip


@pytest.fixture
def report() -> Report:
    """A report whose texts try to be markup."""
    treated = Group(people=8_000, bought=160, spent=800_000)
    held = Group(people=420, bought=5, spent=20_000)
    orders = Interval(estimate=0.008, low=0.001, high=0.012, level=0.95, method="Wilson")
    money = Interval(estimate=60.0, low=10.0, high=110.0, level=0.95, method="Welch")
    return Report(
        heading=Heading(
            run=1, campaign=EVIL, state="finished", reason=EVIL, started_at=0, finished_at=1,
            at=2, rule="orders", window="7d", window_ends_at=1, known_until=1, is_final=True,
            currency="EUR", counts_clicks=True, counts_opens=False,
        ),
        receipt=Receipt(
            audience=8_420, states={"sent": 8_000, "skipped": 420}, skipped={"holdout": 420},
            failed={}, adds_up=True,
        ),
        funnel=(
            Step(name="sent", people=8_000, of=8_000),
            Step(name="clicked", people=400, of=8_000, machines=180),
            Step(name="unsubscribed", people=18, of=8_000),
        ),
        lift=Lift(
            treated=treated, held_out=held, orders=orders, revenue=money,
            extra=money.times(8_000),
            waves=(
                WaveLift(wave=0, opened_at=None, treated=treated, held_out=held, orders=orders),
            ),
            smallest=0.01, days_needed=None, days_left=0.0,
        ),
        sample=None,
        comparison=Comparison(
            metric="conversion", allocate="fixed", best="warm", winner="warm", method="Wilson",
            results=(vary("warm", 0.97), vary("terse", 0.03)),
        ),
        money=Money(
            converted=120, orders=122, revenue={"EUR": 600_000}, order_value={"EUR": 4_918.0},
            per_person={"EUR": 75.0},
        ),
        delivery=Delivery(
            domains=(
                Domain(
                    name=EVIL, people=8_000, sent=8_000, failed=0, unknown=0, bounced=40,
                    complained=2,
                ),
            ),
            hours=((0, 5_000), (3_600_000, 3_000)), step_ms=3_600_000,
        ),
        products=None,
        copies=(CopyResult(variant="warm", fields={"subject": EVIL, "body": EVIL}, share=1.0),),
        satisfaction=(),
        words=(f"Of 1,000 people {EVIL}",),
    )  # fmt: skip


def find_brightness(colours: Counter[Colour]) -> float:
    return sum(sum(one) * count for one, count in colours.items()) / (3 * colours.total())


@pytest.mark.parametrize("width", [1280, 500])
def test_the_page_is_drawn_light_and_dark_and_runs_nothing(
    report: Report, tmp_path: Path, width: int
) -> None:
    page = tmp_path / "report.html"
    write_page(report, page)
    light = draw(page, width=width, height=1_600)
    dark = draw(page, width=width, height=1_600, dark=True)
    assert len(light) > 50
    assert find_brightness(light) > 200
    assert find_brightness(dark) < 60
    assert light[RAN] == dark[RAN] == 0


def test_nothing_is_wider_than_a_phone_and_every_plot_says_what_it_shows(
    report: Report, tmp_path: Path
) -> None:
    page = tmp_path / "report.html"
    write_page(report, page)
    html = page.read_text()
    assert html.count("<svg") == html.count('role="img" aria-label="') == 6
    measured = page.with_name("measured.html")
    script = "<script>document.title = document.documentElement.scrollWidth</script>"
    opened = re.sub("<meta http-equiv[^>]*>", "", html)
    measured.write_text(opened.replace("</body>", f"{script}</body>"))
    dom = read_dom(measured, width=500, height=900)
    assert "<title>500</title>" in dom


def test_a_report_of_nothing_much_is_a_page_too(report: Report, tmp_path: Path) -> None:
    bare = replace(
        report, lift=None, copies=(), delivery=Delivery(domains=(), hours=(), step_ms=1),
        comparison=replace(report.comparison, results=(), best=None, winner=None),
    )  # fmt: skip
    write_page(bare, tmp_path / "report.html")
    assert len(draw(tmp_path / "report.html", width=800, height=900)) > 20
