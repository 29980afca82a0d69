"""Shows what came back of a run, for each variant and the holdout, and by which rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from ..money import from_minor

if TYPE_CHECKING:
    from ..attribution.outcomes import ArmOutcome, RunOutcome

_COUNTS = (
    ("sent", "sent"), ("opened", "opened"), ("opened_by_machines", "machines"),
    ("clicked", "clicked"), ("clicked_by_machines", "machines"), ("converted", "converted"),
    ("unsubscribed", "unsubscribed"), ("complained", "complained"), ("bounced", "bounced"),
)  # fmt: skip


def describe_outcome(outcome: RunOutcome) -> dict[str, Any]:
    """Return what came back as the JSON of `status`; what is not measured is null."""
    rule = outcome.rule
    return {
        "attribution": rule.attribution,
        "window": rule.shown_window,
        "rule": rule.describe(),
        "all": _describe(outcome, outcome.all),
        "variants": {
            name: _describe(outcome, arm) for name, arm in outcome.arms.items() if name is not None
        },
        "holdout": None if outcome.holdout is None else _describe_holdout(outcome.holdout),
    }


def print_outcome(outcome: RunOutcome) -> None:
    """Print what came back, for a person; nothing when nothing is measured and nothing came."""
    everything = outcome.all
    came = [name for name, _ in _COUNTS if name != "sent" and getattr(everything, name)]
    held = outcome.holdout
    has_bought = bool(everything.bought or (held is not None and held.bought))
    is_measured = outcome.rule.counts_clicks or outcome.rule.counts_opens
    if not everything.sent or not (came or has_bought or is_measured):
        return
    arms = {name or "all": arm for name, arm in outcome.arms.items()}
    if len(arms) > 1:
        arms["all"] = everything
    if held is not None:
        arms["holdout"] = held
    rows = [["what came back", *(title for _, title in _COUNTS), "revenue"]]
    for name, arm in arms.items():
        if arm is held:
            shown = {"sent": "0", "unsubscribed": f"{arm.unsubscribed:,}"}
            shown["complained"] = f"{arm.complained:,}"
            rows.append([name, *(shown.get(field, "") for field, _ in _COUNTS), ""])
            continue
        counts = [_show(_measure(outcome, arm, field)) for field, _ in _COUNTS]
        rows.append([name, *counts, show_money(arm.revenue)])
    _print_table(rows)
    click.echo(f"  converted, revenue: {outcome.rule.describe()}")
    if has_bought:
        since = outcome.rule.shown_window
        said = "; ".join(_show_bought(name, arm) for name, arm in arms.items())
        click.echo(f"  bought within {since} of the plan, whatever led to it: {said}")


def show_money(values: Mapping[str, int]) -> str:
    """Return money in each of its currencies, which are never added together."""
    shown = [f"{from_minor(value, name):,} {name}" for name, value in sorted(values.items())]
    return " + ".join(shown) or "0"


def _describe(outcome: RunOutcome, arm: ArmOutcome) -> dict[str, Any]:
    counts = {field: _measure(outcome, arm, field) for field, _ in _COUNTS}
    return {**counts, "revenue": _describe_money(arm.revenue), **_describe_bought(arm)}


def _describe_holdout(arm: ArmOutcome) -> dict[str, Any]:
    objected = {"unsubscribed": arm.unsubscribed, "complained": arm.complained}
    return {**_describe_bought(arm), **objected}


def _describe_bought(arm: ArmOutcome) -> dict[str, Any]:
    return {"people": arm.people, "bought": arm.bought, "spent": _describe_money(arm.spent)}


def _describe_money(values: Mapping[str, int]) -> dict[str, str]:
    return {name: str(from_minor(value, name)) for name, value in sorted(values.items())}


def _measure(outcome: RunOutcome, arm: ArmOutcome, field: str) -> int | None:
    """Return a count; None when nothing is measured that it could be made of."""
    count: int = getattr(arm, field)
    if count:
        return count
    if field.startswith("opened") and not outcome.rule.counts_opens:
        return None
    if field.startswith("clicked") and not outcome.rule.counts_clicks:
        return None
    return 0


def _show(count: int | None) -> str:
    return "-" if count is None else f"{count:,}"


def _show_bought(name: str, arm: ArmOutcome) -> str:
    return f"{name} {arm.bought:,} of {arm.people:,} ({show_money(arm.spent)})"


def _print_table(rows: list[list[str]]) -> None:
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    for row in rows:
        first, *others = row
        cells = [cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)]
        click.echo(f"  {first.ljust(widths[0])}  {'  '.join(cells)}")
