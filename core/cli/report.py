"""`ballyhoo report`: what a run brought, or all campaigns beside each other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .invocation import Invocation, echo_json
from .stage_progress import show_stage_progress

if TYPE_CHECKING:
    from rich.console import Console

    from ..store.engine import Store


@click.command("report")
@click.argument("run", metavar="[RUN]", type=click.IntRange(min=1), required=False)
@click.option("--all", "every", is_flag=True, help="All campaigns beside each other, over time.")
@click.option(
    "--days", metavar="N", type=click.IntRange(min=1), default=365, show_default=True,
    help="With --all: runs that were started within so many days.",
)  # fmt: skip
@click.option(
    "--html", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False),
    help="Write one page that holds all it needs.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Answer one JSON object.")
@click.pass_obj
def command(
    invocation: Invocation,
    run: int | None,
    every: bool,
    days: int,
    html: Path | None,
    as_json: bool,
) -> int:
    """Show what a run brought, with intervals and in words; or all campaigns.

    What it changed is told by those who were held out; then which variant did best, and all
    else. Nobody's name, address or number is in it.
    """
    from ..store.opening import open_workspace_store
    from ..store.reading import to_moment

    if every == (run is not None):
        raise click.UsageError("give a RUN, or --all")
    workspace = invocation.workspace
    now = to_moment(invocation.clock.now())
    with open_workspace_store(workspace) as store:
        if every:
            return _report_all(store, now, days, html, as_json)
        assert run is not None
        from ..evaluation.keeping import read_evaluation
        from ..reporting.gathering import gather_report
        from ..store.ledger.runs import read_run

        with store.read() as connection:
            campaign = read_run(connection, run).campaign
        report = gather_report(
            store,
            run,
            now=now,
            costs=workspace.settings.costs,
            offline=read_evaluation(workspace.folder, campaign),
        )
    if html is not None:
        from ..reporting.page import write_page

        write_page(report, html)
    if as_json:
        from ..reporting.describing import describe_report

        echo_json(describe_report(report))
    elif html is not None:
        click.echo(f"{html}: {report.words[0]}")
    else:
        from ..reporting.terminal import print_report

        print_report(report, _open_console())
    return 0


def _report_all(store: Store, now: int, days: int, html: Path | None, as_json: bool) -> int:
    from ..reporting.overview import gather_overview
    from ..reporting.overview_views import describe_overview, print_overview, write_overview

    with show_stage_progress("looking at all runs") as tell:
        overview = gather_overview(
            store, now=now, days=days, tell=lambda done, total: tell("runs", done, total)
        )
    if html is not None:
        write_overview(overview, html)
    if as_json:
        echo_json(describe_overview(overview))
    elif html is not None:
        click.echo(f"{html}: {overview.words[0]}")
    else:
        print_overview(overview, _open_console())
    return 0


def _open_console() -> Console:
    from rich.console import Console

    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = max(console.width, 120)
    return console
