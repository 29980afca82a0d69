"""Writes an overview of campaigns for a terminal, for programs and as a page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from .amounts import (
    say_date,
    say_iso,
    say_money,
    say_per_thousand,
    say_round_money,
    say_share,
    to_amount,
)
from .describing import describe_interval, describe_lift
from .drawing import Range, draw_columns, draw_ranges
from .overview import Overview, RunLine
from .page import POLICY, WIDTHS, open_template, read_part, say_thousand
from .terminal import make_table

if TYPE_CHECKING:
    from markupsafe import Markup
    from rich.console import Console

    from ..statistics.intervals import Interval

MOST_RANGES = 40
"""A plot shows so many runs, the latest ones."""


def print_overview(overview: Overview, console: Console) -> None:
    """Print an overview."""
    console.print(f"[bold]Campaigns of the last {overview.days:,} days[/]")
    if overview.known_until is not None:
        known = say_date(overview.known_until)
        console.print(f"Orders are known until {known}.", style="dim")
    for warning in overview.warnings:
        console.print(f"! {warning}", style="bold red", markup=False)
    console.print()
    for place, said in enumerate(overview.words):
        console.print(said, style="bold" if place == 0 else "", markup=False)
    if not overview.lines:
        return
    table = make_table(
        "Of 1,000 people, so many more bought than without", "run", "campaign", "started", "sent",
        "clicked", "more bought", "extra revenue", "attributed", "unsubscribed",
    )  # fmt: skip
    for one in overview.lines:
        clicked = "-" if one.clicked is None else say_share(one.clicked, one.sent)
        table.add_row(
            f"{one.run}", one.campaign, say_date(one.started_at), f"{one.sent:,}", clicked,
            say_lift_of(one), say_extra_of(one, overview.currency),
            say_money(one.revenue, overview.currency) if overview.currency else "-",
            say_share(one.unsubscribed, one.sent, digits=2),
        )  # fmt: skip
    console.print(table)


def say_lift_of(line: RunLine) -> str:
    """Return how many more of 1,000 bought, with bounds."""
    if line.is_off:
        return "sample ratio wrong"
    if line.lift is None or not line.lift.orders.is_known:
        return "-"
    orders = line.lift.orders
    low, high = say_thousand(orders.low), say_thousand(orders.high)
    return f"{say_thousand(orders.estimate)} ({low} to {high}{'' if line.is_final else ', open'})"


def say_extra_of(line: RunLine, currency: str | None) -> str:
    """Return the extra revenue of a run with its bounds."""
    extra = None if line.lift is None else line.lift.extra
    if extra is None or currency is None or not extra.is_known or line.is_off:
        return "-"
    low, high = say_round_money(extra.low, currency), say_round_money(extra.high, currency)
    return f"{say_round_money(extra.estimate, currency)} ({low} to {high})"


def describe_overview(overview: Overview) -> dict[str, Any]:
    """Return an overview as the JSON of `report --all`."""
    currency = overview.currency
    everybody = overview.everybody
    return {
        "at": say_iso(overview.at),
        "days": overview.days,
        "currency": currency,
        "orders_known_until": say_iso(overview.known_until),
        "said": list(overview.words),
        "warnings": list(overview.warnings),
        "extra_revenue": _describe_amount(overview.extra, currency),
        "global_holdout": None
        if everybody is None
        else {
            "held_out": {
                "people": everybody.held_out.people,
                "bought": everybody.held_out.bought,
            },
            "others": {"people": everybody.others.people, "bought": everybody.others.bought},
            "orders": describe_interval(everybody.orders),
            "revenue_per_person": _describe_amount(everybody.revenue, currency),
            "extra_revenue": _describe_amount(everybody.extra, currency),
        },
        "runs": [
            {
                "run": one.run,
                "campaign": one.campaign,
                "state": one.state,
                "started_at": say_iso(one.started_at),
                "is_final": one.is_final,
                "sent": one.sent,
                "clicked": one.clicked,
                "unsubscribed": one.unsubscribed,
                "converted": one.converted,
                "revenue": None if currency is None else to_amount(one.revenue, currency),
                "sample_ratio_is_off": one.is_off,
                "lift": None if one.lift is None else describe_lift(one.lift, currency),
            }
            for one in overview.lines
        ],
    }


def write_overview(overview: Overview, file: Path) -> None:
    """Write an overview as one page; its folder is made when it is not there."""
    file.parent.mkdir(parents=True, exist_ok=True)
    page: str = open_template("overview.html.j2").render(
        overview=overview,
        lines=list(reversed(overview.lines)),
        lifts={one.run: say_lift_of(one) for one in overview.lines},
        extras={one.run: say_extra_of(one, overview.currency) for one in overview.lines},
        plots={
            "lifts": {size: _draw_lifts(overview, width) for size, width in WIDTHS.items()},
            "sent": {size: _draw_sent(overview, width) for size, width in WIDTHS.items()},
        },
        policy=POLICY,
        css=read_part("page.css"),
        per_thousand=say_per_thousand,
    )
    file.write_bytes(page.encode("utf-8", "replace"))


def _draw_lifts(overview: Overview, width: int) -> Markup | None:
    ranges = [
        Range(
            name=f"{one.campaign}, {say_date(one.started_at)}",
            said=say_lift_of(one),
            low=one.lift.orders.low,
            estimate=one.lift.orders.estimate,
            high=one.lift.orders.high,
            is_main=one.lift.is_decided,
        )
        for one in overview.lines[-MOST_RANGES:]
        if one.lift is not None and one.lift.orders.is_known and not one.is_off
    ]
    if not ranges:
        return None
    title = "How many more of 1,000 people bought than without, run by run. " + "; ".join(
        f"{one.name}: {one.said}" for one in ranges
    )
    return draw_ranges(ranges, say=say_thousand, title=title, width=width)


def _draw_sent(overview: Overview, width: int) -> Markup | None:
    columns = [(f"{one.campaign}, {say_date(one.started_at)}", one.sent) for one in overview.lines]
    if len(columns) < 2:
        return None
    return draw_columns(columns, title="How many messages left, run by run", width=width)


def _describe_amount(interval: Interval | None, currency: str | None) -> dict[str, Any] | None:
    if interval is None or currency is None or not interval.is_known:
        return None
    return {
        "estimate": to_amount(interval.estimate, currency),
        "low": to_amount(interval.low, currency),
        "high": to_amount(interval.high, currency),
        "currency": currency,
        "level": interval.level,
        "method": interval.method,
    }
