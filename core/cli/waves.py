"""Shows the waves of a plan and of a run: who is in which, and what each one rests on."""

from __future__ import annotations

from datetime import timedelta, tzinfo
from typing import TYPE_CHECKING, Any

import click

from .amounts import show_count, show_length
from .moments import show_iso, show_moment

if TYPE_CHECKING:
    from ..engine.dry_plan import PlannedCampaign
    from ..store.ledger.runs import RunRow


FOLLOWED = {
    "click": "clicks", "conversion": "purchases", "revenue": "what each person spends",
}  # fmt: skip
"""What the shares of waves follow, in words, by the metric."""


def describe_waves(planned: PlannedCampaign) -> dict[str, Any] | None:
    """Return the waves of a plan as its JSON; None without waves."""
    allocation = planned.allocation
    if allocation is None:
        return None
    return {
        "allocate": allocation.allocate,
        "messages": list(planned.waves),
        "wait_seconds": allocation.wait_ms // 1000,
        "feedback": allocation.feedback,
        "metric": allocation.metric,
    }


def print_waves(planned: PlannedCampaign) -> None:
    """Print the waves of a plan for a person."""
    allocation = planned.allocation
    assert allocation is not None
    least, most = min(planned.waves), max(planned.waves)
    each = show_count(most, "message") if least == most else f"{least:,} to {most:,} messages"
    wait = timedelta(milliseconds=allocation.wait_ms)
    early = ""
    if allocation.feedback is not None:
        early = f", or earlier, after {show_count(allocation.feedback, 'reaction')}"
    by_traits = ", of each person by her traits" if allocation.allocate == "contextual" else ""
    click.echo(
        f"  {len(planned.waves)} waves of {each}: the first in equal shares, each of the others "
        f"{show_length(wait.total_seconds())} after the one before has left{early}, in shares "
        f"that follow {FOLLOWED[allocation.metric]}{by_traits}"
    )


def describe_opened(row: RunRow) -> dict[str, Any] | None:
    """Return the waves of a run as the JSON of `status`; None without waves."""
    from ..experiments.allocation import read_allocation
    from ..store.ledger.waves import read_waves

    allocation = read_allocation(row.details)
    if allocation is None:
        return None
    return {
        "allocate": allocation.allocate,
        "number": allocation.waves,
        "opened": [
            {
                "wave": one.wave,
                "opened_at": show_iso(one.opened_at),
                "shares": dict(one.shares),
                "messages": None if one.people is None else dict(one.people),
                "learned": dict(one.learned),
            }
            for one in read_waves(row.details)
        ],
    }


def print_opened(row: RunRow, zone: tzinfo | None) -> None:
    """Print the waves of a run for a person."""
    from ..experiments.allocation import read_allocation
    from ..store.ledger.waves import read_waves

    allocation = read_allocation(row.details)
    if allocation is None:
        return
    names = row.details.get("variants", ())  # in the recipe's order
    by_traits = allocation.allocate == "contextual"
    for one in read_waves(row.details):
        shares = ", ".join(f"{name} {one.shares[name]:.0%}" for name in names)
        best = max(one.learned, key=lambda name: one.learned[name]["chance"], default=None)
        if one.wave > 1 and by_traits:
            shares += " on average, of each person by her traits"
        alike = "of the same for all, " if one.wave > 1 and by_traits else ""
        known = f"; {alike}{best} is the best at {one.learned[best]['chance']:.0%}" if best else ""
        click.echo(
            f"  wave {one.wave} of {allocation.waves} opened {show_moment(one.opened_at, zone)}: "
            f"{shares}{known}"
        )


def print_stopped(row: RunRow) -> None:
    """Print which variants of a run were stopped, and why, for a person."""
    from ..store.ledger.stops import read_stopped

    for name, reason in read_stopped(row.details).items():
        click.echo(click.style(f"  {name} was stopped: {reason}", fg="red"))
