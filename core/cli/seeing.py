"""Shows which lift the people of a plan can show."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from .amounts import show_count

if TYPE_CHECKING:
    from ..engine.seeing import VisibleLift

_DAY = timedelta(days=1)


def describe_visible(visible: VisibleLift | None) -> dict[str, Any] | None:
    """Return it as JSON; null when nobody is held out."""
    if visible is None:
        return None
    return {
        "lift": None if visible.lift is None else round(visible.lift, 6),
        "rate": round(visible.rate, 6),
        "rests_on": visible.rests_on,
    }


def print_visible(visible: VisibleLift, people: int) -> None:
    """Print it for a person."""
    shown = show_count(people, "person", "people")
    if visible.lift is None:
        click.echo(f"  with {shown} no lift can be seen, however large")
        return
    points = 100 * visible.lift
    digits = 1 if points >= 1 else 2
    click.echo(
        f"  with {shown} you can see a lift of {points:.{digits}f} points or more, "
        f"if {100 * visible.rate:.{digits}f}% buy anyway{_say_source(visible)}"
    )


def _say_source(visible: VisibleLift) -> str:
    if visible.rests_on == "nothing":
        return ""
    days = visible.window / _DAY
    window = f"{days:g} days" if days != 1 else "day"
    whom = "them" if visible.rests_on == "audience" else "all customers"
    return f", as many as of {whom} did in the last {window}"
