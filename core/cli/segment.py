"""`ballyhoo segment`: who a recipe's audience is, and why somebody is not in it."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .invocation import Invocation, echo_json

if TYPE_CHECKING:
    from ..conditions.inspecting import ExplainedCondition
    from ..context import Progress

SAMPLE_ROWS = 10
SECONDS_BETWEEN_LINES = 10.0


@click.command("segment")
@click.argument("recipe", metavar="RECIPE", type=click.Path(path_type=Path))
@click.option("--explain", metavar="CUSTOMER", help="Say why this customer is in it, or is not.")
@click.option("--json", "as_json", is_flag=True, help="Answer one JSON object.")
@click.pass_obj
def command(invocation: Invocation, recipe: Path, explain: str | None, as_json: bool) -> int:
    """Show a recipe's audience: size, a sample, how each condition narrows it.

    CUSTOMER is the shop's own id, or Ballyhoo's number of the customer. Nothing is planned, and
    policy (consent to the channel, caps, quiet hours) is not applied; 'ballyhoo plan' does both.
    """
    from ..audience import inspect_audience

    with _show_progress() as progress:
        shown = inspect_audience(
            invocation.workspace, recipe, sample=SAMPLE_ROWS, explain=explain, progress=progress
        )
    if as_json:
        echo_json(asdict(shown))
        return 0
    people = "1 customer" if shown.audience == 1 else f"{shown.audience:,} customers"
    click.echo(f"{shown.campaign}: {people} of {shown.everybody:,}")
    for what, count in (("unknown", shown.unknown), ("named twice", shown.repeats)):
        if count:
            click.echo(f"{count:,} ids of the segment were {what}", err=True)
    if shown.funnel:
        click.echo()
        _print_table(
            ("left", "alone", "condition"),
            [(f"{one.left:,}", f"{one.alone:,}", one.condition) for one in shown.funnel],
        )
    if shown.sample:
        click.echo()
        rows = [(str(one["id"]), str(one["key"] or "")) for one in shown.sample]
        _print_table(("id", "the shop's id"), rows)
    if shown.explained is not None:
        click.echo()
        _print_explanation(shown.explained)
    return 0


def _print_explanation(explained: Any) -> None:
    said = "is in the audience" if explained.is_in else "is not in the audience"
    click.echo(f"Customer {explained.id} {said}.")
    for part in explained.conditions:
        print_part(part, "  ")


def print_part(part: ExplainedCondition, indent: str) -> None:
    """Print whether a part of a condition holds for somebody, and the parts inside of it."""
    mark = click.style("yes", fg="green") if part.holds else click.style("no ", fg="red")
    values = ", ".join(
        f"{name} is {'missing' if value is None else repr(value)}"
        for name, value in part.values.items()
        if not isinstance(value, bool)
    )
    click.echo(f"{indent}{mark} {part.condition}{f'  ({values})' if values else ''}")
    for inner in part.parts:
        print_part(inner, indent + "    ")


def _print_table(titles: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    *first, _ = titles
    widths = [max(len(row[index]) for row in [titles, *rows]) for index in range(len(first))]
    for row in [titles, *rows]:
        cells = [cell.rjust(width) for cell, width in zip(row, widths, strict=False)]
        click.echo("  ".join([*cells, row[-1]]))


@contextmanager
def _show_progress() -> Iterator[Progress]:
    """Give a function that shows how far it is: on a terminal, else a line now and then."""
    if not sys.stderr.isatty():
        said = time.monotonic()

        def print_line(done: int, total: int | None = None) -> None:
            nonlocal said
            if time.monotonic() - said >= SECONDS_BETWEEN_LINES:
                said = time.monotonic()
                click.echo(_describe_progress(done, total), err=True)

        yield print_line
        return
    from rich.console import Console

    with Console(stderr=True).status("looking for the audience") as status:
        yield lambda done, total=None: status.update(_describe_progress(done, total))


def _describe_progress(done: int, total: int | None) -> str:
    if total is None:
        return "the audience is found; its conditions are counted one by one"
    return f"{done} of {total} conditions counted"
