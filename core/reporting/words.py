"""Says a report in a few sentences: what the campaign changed first, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterator

from .amounts import (
    say_chance,
    say_date,
    say_days,
    say_moneys,
    say_per_thousand,
    say_round_money,
    say_share,
    say_small_money,
)
from .effect import Comparison, Lift, SampleCheck
from .heading import Heading
from .parts import Money

METRICS = {
    "click": "the share of people who clicked",
    "conversion": "the share of people who bought within the window",
    "revenue": "what a person spent within the window, on average",
}
"""What variants are compared by, in words."""


WEIGHED = (
    "Each person's variant was drawn by her traits, so variants are compared by inverse "
    "propensity: everybody counts by one over the share by which hers was drawn, as if it had been "
    "drawn by lot. That is the best variant for all alike; for some people another one may be."
)
"""What is said of variants that were drawn by traits."""


def say_report(
    heading: Heading,
    lift: Lift | None,
    comparison: Comparison,
    sample: SampleCheck | None,
    money: Money,
) -> tuple[str, ...]:
    """Return the report in sentences, the most important one first."""
    said = list(say_lift(heading, lift))
    said += say_winner(heading, comparison, sample)
    if money.orders:
        orders = f"{money.orders:,} order{'' if money.orders == 1 else 's'}"
        said.append(
            f"{orders} of {money.converted:,} people, {say_moneys(money.revenue)} in all, followed "
            "a message and are attributed to it. Some of them would have come without it."
        )
    return tuple(said)


def say_lift(heading: Heading, lift: Lift | None) -> Iterator[str]:
    """Yield what the campaign changed."""
    if lift is None:
        yield (
            "Nobody was held out, so it cannot be told what the campaign changed: how many would "
            "have bought without it is not known."
        )
        return
    orders = lift.orders
    if not orders.is_known or not (lift.treated.bought or lift.held_out.bought):
        yield f"Nobody has bought anything yet within {heading.window}. {_say_wait(lift)}".rstrip()
        return
    low, high = say_bound(orders.low), say_bound(orders.high)
    change = "more" if orders.estimate >= 0 else "fewer"
    if lift.is_decided:
        nearest, farthest = (low, high) if orders.estimate >= 0 else (high, low)
        yield (
            f"Of 1,000 people written to, about {say_per_thousand(orders.estimate)} {change} "
            f"bought than without; between {nearest} and {farthest}."
        )
    elif heading.is_final:
        yield (
            f"It cannot be told whether the campaign changed how many people buy: of 1,000 people "
            f"written to, between {_say_signed(orders.low)} and {_say_signed(orders.high)} than "
            "without. With so few orders, that is all there is to say."
        )
    else:
        yield f"Not enough data yet to say what the campaign changed. {_say_wait(lift)}".rstrip()
    if lift.extra is not None and lift.extra.is_known and heading.currency is not None:
        yield _say_extra(lift, heading.currency)


def say_bound(share: float) -> str:
    """Return a bound of 1,000 people, `none` for one that is nearly 0."""
    return say_per_thousand(share)


def _say_signed(share: float) -> str:
    change = "more" if share >= 0 else "fewer"
    return f"{say_per_thousand(share)} {change}"


def _say_wait(lift: Lift) -> str:
    left = lift.days_left
    if left is not None and left <= 0:
        return ""
    if lift.days_needed is None:
        return "" if left is None else f"Orders count for {say_days(left)} more."
    if left is not None and lift.days_needed > left:
        return (
            f"At this speed it would take about {say_days(lift.days_needed)} more, and orders "
            f"count for {say_days(left)} only: hold out or write to more people next time."
        )
    return f"About {say_days(lift.days_needed)} more."


def _say_extra(lift: Lift, currency: str) -> str:
    assert lift.extra is not None
    assert lift.revenue is not None
    extra = lift.extra
    low, high = say_round_money(extra.low, currency), say_round_money(extra.high, currency)
    each = say_small_money(lift.revenue.estimate, currency)
    about = say_round_money(extra.estimate, currency)
    if extra.is_off_zero:
        return (
            f"In money that is about {about} that would not have come without it, {each} for each "
            f"person written to; between {low} and {high} in all."
        )
    return f"In money, too, it may be nothing: between {low} and {high} in all."


def say_winner(
    heading: Heading, comparison: Comparison, sample: SampleCheck | None
) -> Iterator[str]:
    """Yield which variant did best, when there are several."""
    going = [one for one in comparison.results if one.stopped is None]
    for one in comparison.results:
        if one.stopped is not None:
            yield f"'{one.name}' was stopped: {one.stopped}."
    if len(going) < 2:
        return
    by = METRICS[comparison.metric]
    if sample is not None and sample.is_off:
        yield "No variant is called the best, as the numbers of people in them are not as drawn."
    elif comparison.best is None:
        yield f"Nothing came in yet that variants could be compared by ({by})."
    elif comparison.winner is not None:
        chance = _find_chance(comparison)
        yield f"'{comparison.winner}' did best, by {by}; that is so with a chance of {chance}."
    else:
        chance = _find_chance(comparison)
        ahead = f"'{comparison.best}' is ahead by {by}, with a chance of {chance} to be the best"
        yield (
            f"No variant is called the best: {ahead}, which is not enough."
            if heading.is_final
            else f"No variant is called the best yet: {ahead}."
        )

    if comparison.is_weighed and comparison.best is not None:
        yield WEIGHED


def _find_chance(comparison: Comparison) -> str:
    belief = next(one.belief for one in comparison.results if one.name == comparison.best)
    assert belief is not None
    return say_chance(belief.chance)


def warn(heading: Heading, sample: SampleCheck | None, adds_up: bool | None) -> Iterator[str]:
    """Yield what must be known before any number is believed, the worst first."""
    if sample is not None and sample.is_off:
        arms = ", ".join(
            f"{name} {people:,} instead of about {expected:,.0f}"
            for name, people, expected in sample.arms
        )
        yield (
            f"The sample ratio is wrong: {arms} (p = {sample.p_value:.2g}). Something let people "
            "into one arm rather than another; no comparison on this page can be trusted, and no "
            "winner is named."
        )
    if adds_up is False:
        yield "The receipt does not add up: people are missing, or there twice."
    ends, known = heading.window_ends_at, heading.known_until
    if known is None:
        yield "The shop has told no order yet: import them, or tell them by POST /events."
    elif known < min(heading.at, ends or heading.at):
        days = (min(heading.at, ends or heading.at) - known) / 86_400_000
        if days >= 1:
            yield (
                f"Orders are known until {say_date(known)} only, the latest that the shop told: "
                "what was bought after is not in any number here."
            )


def say_rates(people: int, bought: int) -> str:
    """Return how many of some people bought: `312 of 10,000 (3.1%)`."""
    return f"{bought:,} of {people:,} ({say_share(bought, people, digits=2)})"
