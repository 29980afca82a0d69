"""Says in a few sentences what all campaigns together brought."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ..statistics.intervals import Interval
from .amounts import say_per_thousand, say_round_money

if TYPE_CHECKING:
    from .overview import Everybody, RunLine


def say_overview(
    lines: Sequence[RunLine],
    extra: Interval | None,
    everybody: Everybody | None,
    currency: str | None,
    *,
    summed: int,
) -> Iterator[str]:
    """Yield the overview in sentences, the most important one first.

    Args:
        lines: The runs.
        extra: What they brought together.
        everybody: What the global holdout says.
        currency: Of all money.
        summed: How many runs `extra` is the sum of.
    """
    if not lines:
        yield "There was no run within this time."
        return
    if extra is None or currency is None:
        yield (
            "Nobody was held out of these runs, or nobody bought anything: what they changed "
            "cannot be told."
        )
    else:
        runs = f"{summed:,} run{'' if summed == 1 else 's'} with people held out"
        low, high = say_round_money(extra.low, currency), say_round_money(extra.high, currency)
        if extra.is_off_zero:
            about = say_round_money(extra.estimate, currency)
            yield (
                f"{runs} brought about {about} together that would not have come without them; "
                f"between {low} and {high}."
            )
        else:
            yield f"What {runs} brought may be nothing: it is between {low} and {high}."
    if everybody is not None and currency is not None:
        yield from _say_everybody(everybody, currency)


def warn_of_overview(lines: Sequence[RunLine]) -> Iterator[str]:
    """Yield what must be known before any number is believed."""
    off = [f"{one.run} of '{one.campaign}'" for one in lines if one.is_off]
    if off:
        what = "run" if len(off) == 1 else "runs"
        yield (
            f"The sample ratio is wrong in {what} {', '.join(off)}: something let people into "
            "one arm rather than another. What these changed cannot be trusted, and is no part of "
            "the sum."
        )


def _say_everybody(everybody: Everybody, currency: str) -> Iterator[str]:
    orders, extra = everybody.orders, everybody.extra
    people = f"{everybody.held_out.people:,} people whom no campaign writes to"
    if not orders.is_off_zero:
        yield (
            f"Beside {people}, all campaigns together cannot be told from none yet: of 1,000 "
            f"people, between {_say_signed(orders.low)} and {_say_signed(orders.high)} bought."
        )
        return
    change = "more" if orders.estimate > 0 else "fewer"
    bounds = sorted((abs(orders.low), abs(orders.high)))
    said = (
        f"Beside {people}, of 1,000 others about {say_per_thousand(orders.estimate)} {change} "
        f"bought; between {say_per_thousand(bounds[0])} and {say_per_thousand(bounds[1])}"
    )
    if extra.is_known:
        low, high = say_round_money(extra.low, currency), say_round_money(extra.high, currency)
        said += f". In money {say_round_money(extra.estimate, currency)}, between {low} and {high}"
    yield f"{said}."


def _say_signed(share: float) -> str:
    return f"{say_per_thousand(share)} {'more' if share >= 0 else 'fewer'}"
