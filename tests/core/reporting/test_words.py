"""A lift is said in words that a person can repeat, and no surer than it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ballyhoo.core.reporting.effect import Group, Lift
from ballyhoo.core.reporting.heading import Heading
from ballyhoo.core.reporting.words import say_lift, warn
from ballyhoo.core.statistics.intervals import Interval

DAY = 86_400_000
HEADING = Heading(
    run=1, campaign="a", state="finished", reason=None, started_at=0, finished_at=None,
    at=20 * DAY, rule="", window="14d", window_ends_at=14 * DAY, known_until=19 * DAY,
    is_final=True, currency="EUR", counts_clicks=True, counts_opens=True,
)  # fmt: skip
OPEN = replace(HEADING, is_final=False, at=5 * DAY)


def make_lift(low: float, estimate: float, high: float, **facts: Any) -> Lift:
    orders = Interval(estimate=estimate, low=low, high=high, level=0.95, method="m")
    money = Interval(
        estimate=estimate * 5_000, low=low * 5_000, high=high * 5_000, level=0.95, method="m"
    )
    given = {
        "treated": Group(people=9_500, bought=300, spent=1_500_000),
        "held_out": Group(people=500, bought=10, spent=50_000),
        "revenue": money, "extra": money.times(9_500), "waves": (), "smallest": 0.01,
        "days_needed": None, "days_left": 9.0, **facts,
    }  # fmt: skip
    return Lift(orders=orders, **given)


def test_a_lift_beyond_chance_is_said_of_a_thousand_people_and_in_money() -> None:
    more, money = say_lift(HEADING, make_lift(0.003, 0.012, 0.021))
    assert more == (
        "Of 1,000 people written to, about 12 more bought than without; between 3 and 21."
    )
    assert money == (
        "In money that is about 5,700 EUR that would not have come without it, 0.60 EUR for each "
        "person written to; between 1,425 EUR and 9,975 EUR in all."
    )
    fewer, _ = say_lift(HEADING, make_lift(-0.021, -0.012, -0.003))
    assert fewer == (
        "Of 1,000 people written to, about 12 fewer bought than without; between 3 and 21."
    )


def test_a_lift_that_may_be_chance_is_not_called_one() -> None:
    said, money = say_lift(HEADING, make_lift(-0.003, 0.012, 0.021))
    assert said.startswith("It cannot be told whether the campaign changed how many people buy")
    assert "between 3 fewer and 21 more than without" in said
    assert money.startswith("In money, too, it may be nothing")


def test_while_it_is_open_days_are_said_that_are_missing() -> None:
    said, _ = say_lift(OPEN, make_lift(-0.003, 0.012, 0.021, days_needed=8.3))
    assert said == "Not enough data yet to say what the campaign changed. About 9 days more."
    said, _ = say_lift(OPEN, make_lift(-0.003, 0.012, 0.021, days_needed=40.0))
    assert "it would take about 40 days more, and orders count for 9 days only" in said


def test_what_is_not_known_yet_is_warned_of() -> None:
    assert list(warn(HEADING, None, True)) == []
    [late] = warn(replace(HEADING, known_until=3 * DAY), None, True)
    assert late.startswith("Orders are known until 4 January 1970 only")
    [none] = warn(replace(HEADING, known_until=None), None, True)
    assert none.startswith("The shop has told no order yet")
    [lost] = warn(HEADING, None, False)
    assert lost.startswith("The receipt does not add up")
