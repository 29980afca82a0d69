"""`ballyhoo import`: files of a shop or of another tool, into the store."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import click

from ..errors import DataError
from ..importing.importer import Advance, Finish, Import, Report
from ..importing.kinds import KINDS
from .amounts import show_count
from .invocation import Invocation, echo_json

SECONDS_BETWEEN_LINES = 10.0


@click.command("import")
@click.argument("kind", type=click.Choice(list(KINDS)))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--map", "map_name", metavar="MAP", help="A map file, or the name of a shipped map.")
@click.option("--currency", metavar="CODE", help="The currency of money that does not say one.")
@click.option("--strict", is_flag=True, help="Store nothing when a single row is wrong.")
@click.option("--json", "as_json", is_flag=True, help="Answer one JSON object.")
@click.pass_obj
def command(
    invocation: Invocation,
    kind: str,
    file: Path,
    map_name: str | None,
    currency: str | None,
    strict: bool,
    as_json: bool,
) -> int:
    """Import customers, products, orders and more from a file.

    It is CSV, JSON Lines, JSON or Parquet. Rows that are wrong go to FILE.rejects.csv with
    line, column and reason; the others are stored. The same file can be imported again: what
    is there already stays as it is.
    Exit code 0 when all rows went in, 1 when some were rejected, 2 when the file cannot be
    read, fits no map, or is wrong under --strict.
    """
    from ..store.opening import open_workspace_store

    if currency is not None and not (len(currency) == 3 and currency.isalpha()):
        raise click.BadParameter("is no currency such as EUR", param_hint="--currency")
    with open_workspace_store(invocation.workspace) as store, _show_progress() as (advance, finish):
        task = Import(
            store,
            kind,
            file,
            map_name=map_name,
            currency=currency and currency.upper(),
            tell=_tell,
            advance=advance,
            finish=finish,
        )
        try:
            report = task.run(strict=strict)
        except DataError as error:
            refused = error.context.get("report")
            if not as_json or not isinstance(refused, Report):
                raise
            _tell(str(error))
            echo_json(asdict(refused))
            return error.exit_code
    if as_json:
        echo_json(asdict(report))
    else:
        _print(report)
    return 1 if report.rejected else 0


def _tell(sentence: str) -> None:
    click.echo(sentence, err=True)


def _print(report: Report) -> None:
    click.echo(
        f"{_name(report.read, report.kind)} read: {report.new:,} new, {report.updated:,} updated, "
        f"{report.unchanged:,} unchanged, {report.rejected:,} rejected"
    )
    if report.rows != report.read:
        left_out = f", {report.left_out:,} left out by the map" if report.left_out else ""
        click.echo(f"  from {report.rows:,} rows{left_out}")
    if report.kept_unsubscribed:
        click.echo(f"  {report.kept_unsubscribed:,} stay unsubscribed, whatever the file says")
    if report.unmatched_lines:
        click.echo(f"  {report.unmatched_lines:,} order lines match no product")
    if report.rejects_file is not None:
        click.echo(f"  rejected rows: {report.rejects_file}")


@contextmanager
def _show_progress() -> Iterator[tuple[Advance, Finish]]:
    """Give functions that show how far the import is: a bar on a terminal, else lines."""
    if not sys.stderr.isatty():
        said = time.monotonic()

        def print_line(line: str) -> None:
            nonlocal said
            if time.monotonic() - said >= SECONDS_BETWEEN_LINES:
                said = time.monotonic()
                _tell(line)

        def print_rows(done: int, size: int, rows: int) -> None:
            share = f" ({min(done, size) / size:.0%} of the file)" if size else ""
            print_line(f"{rows:,} rows read{share}")

        yield print_rows, lambda done, _: print_line(f"{done:,} profiles brought up to date")
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    bar = Progress(
        BarColumn(),
        TextColumn("{task.description}"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with bar as progress:
        task = progress.add_task("", total=None)

        def move_bar(done: int, size: int, rows: int) -> None:
            progress.update(task, completed=done, total=size, description=f"{rows:,} rows")

        def count_profiles(done: int, _: int | None) -> None:
            progress.update(task, description=f"{done:,} profiles brought up to date")

        yield move_bar, count_profiles


def _name(count: int, kind: str) -> str:
    """Return `1 enquiry`, `2 enquiries`."""
    one = "enquiry" if kind == "enquiries" else kind.removesuffix("s")
    return show_count(count, one, kind)
