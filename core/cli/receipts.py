"""Shows where a run stands: its receipt, what it waits for, and the same for programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import tzinfo
from typing import TYPE_CHECKING, Any

import click

from .amounts import show_count
from .moments import show_iso, show_moment
from .waves import describe_opened, print_opened, print_stopped

if TYPE_CHECKING:
    from ..engine.status import RunStatus

LOOSE_ENDS = ("failed", "unknown")
"""States that make the exit code 1: somebody should look at them."""


def describe_status(status: RunStatus) -> dict[str, Any]:
    """Return where a run stands as the JSON of `run` and `status`."""
    from ..store.ledger.stops import read_stopped

    row, receipt = status.row, status.receipt
    return {
        "run": row.id,
        "campaign": row.campaign,
        "state": row.state,
        "reason": row.reason,
        "audience": receipt.audience,
        "states": receipt.states,
        "skipped": receipt.skipped,
        "failed": receipt.failed,
        "variants": receipt.variants,
        "waves": describe_opened(row),
        "stopped": read_stopped(row.details),
        "adds_up": receipt.adds_up,
        "recommended": receipt.choices.recommended,
        "fallback": receipt.choices.fallback,
        "offers": dict(receipt.choices.offers),
        "satisfaction": [asdict(one) for one in status.answers],
        "waits_for": "; ".join(wait.said for wait in status.waits) or None,
        "next_due_at": show_iso(status.next_due_at),
        "workers": len(status.workers),
        "seed": row.seed,
        "created_at": show_iso(row.created_at),
        "not_before": show_iso(row.not_before),
        "finished_at": show_iso(row.finished_at),
    }


def find_exit_code(status: RunStatus) -> int:
    """Return 1 when messages failed or are unknown, or something paused the run; else 0."""
    has_loose_ends = any(status.receipt.states.get(state) for state in LOOSE_ENDS)
    return 1 if has_loose_ends or status.row.state == "paused" else 0


def print_status(status: RunStatus, zone: tzinfo | None) -> None:
    """Print where a run stands, for a person."""
    row = status.row
    since = f" at {show_moment(row.finished_at, zone)}" if row.finished_at is not None else ""
    click.echo(
        f"run {row.id} of '{row.campaign}': {click.style(row.state, bold=True)}{since}"
        f"{f': {row.reason}' if row.reason else ''}"
    )
    _print_receipt(status)
    print_opened(row, zone)
    print_stopped(row)
    for wait in status.waits:
        until = f" ({show_moment(wait.until, zone)})" if wait.until is not None else ""
        click.echo(f"  waits for {wait.said}{until}")
    if status.holders:
        names = ", ".join(one.name for one in status.workers if one.id in status.holders)
        click.echo(f"  {names} works on it")
    elif status.workers and row.state in ("planning", "running"):
        workers = show_count(len(status.workers), "process is", "processes are")
        click.echo(f"  {workers} at work, on this run or another")
    _print_advice(status)


def _print_receipt(status: RunStatus) -> None:
    from ..policy.objections import REASONS
    from ..store.ledger.states import FAILURES

    row, receipt = status.row, status.receipt
    if receipt.audience is None:
        said = "it was not planned yet" if row.state != "planning" else "it is being planned"
        click.echo(f"  {said}")
        return
    width = max(8, len(f"{receipt.audience:,}"))
    adds_up = "  and the receipt adds up" if receipt.adds_up else ""
    click.echo(f"  {'audience':<10}{receipt.audience:>{width},}{adds_up}")
    for state, count in receipt.states.items():
        click.echo(f"  {state:<10}{count:>{width},}")
        if state == "skipped":
            _print_reasons(receipt.skipped, REASONS, width)
        if state == "failed":
            _print_reasons(receipt.failed, FAILURES, width)
    if receipt.variants:
        shown = ", ".join(f"{name} {count:,}" for name, count in receipt.variants.items())
        click.echo(f"  by variant: {shown}")
    if receipt.choices.offers:
        shown = ", ".join(f"{name} {count:,}" for name, count in receipt.choices.offers.items())
        click.echo(f"  by offer: {shown}")
    if receipt.choices.recommended:
        chosen = show_count(receipt.choices.recommended, "person", "people")
        known = f", of {receipt.choices.fallback:,} without knowing anything of them"
        click.echo(f"  products chosen for {chosen}{known if receipt.choices.fallback else ''}")
    if status.answers:
        shown = ", ".join(f"{one.label} {one.count:,}" for one in status.answers)
        click.echo(f"  satisfied: {shown}")
    if receipt.adds_up is False:
        there = sum(receipt.states.values())
        click.echo(
            click.style(f"  The receipt does not add up: {there:,} of them are there.", fg="red")
        )


def _print_reasons(counts: Mapping[str, int], words: Mapping[str, str], width: int) -> None:
    for reason, count in counts.items():
        said = f": {words[reason]}" if reason in words else ""
        click.echo(f"  {'':<10}{count:>{width},}  {reason}{said}")


def _print_advice(status: RunStatus) -> None:
    id, states = status.row.id, status.receipt.states
    if states.get("failed"):
        click.echo(f"  'ballyhoo retry {id}' tries those again that failed, and no others")
    if states.get("unknown"):
        click.echo(
            f"  unknown: they may be out or not; 'ballyhoo resolve {id} --as sent' or '--as resend'"
        )
    if status.row.state == "paused":
        click.echo(f"  'ballyhoo resume {id}' lets it go on, 'ballyhoo cancel {id}' ends it")
