"""`ballyhoo retry`: tries the failed messages of a run again, and no others."""

from __future__ import annotations

import click

from .amounts import show_count
from .invocation import Invocation, echo_json


@click.command("retry")
@click.argument("run", metavar="RUN", type=click.IntRange(min=1))
@click.option("--failed", is_flag=True, help="As it is anyway: only messages that failed.")
@click.option("--json", "as_json", is_flag=True, help="Answer one JSON object.")
@click.pass_obj
def command(invocation: Invocation, run: int, failed: bool, as_json: bool) -> int:
    """Try the failed messages of a run again, and no others.

    They are ready then, and a finished run is running again; 'ballyhoo resume' sends them. Messages
    of which nobody knows whether they are out are for 'ballyhoo resolve'. Exit code 2 when the run
    was cancelled, or is not planned yet.
    """
    from ..engine.deciding import retry_failed
    from ..store.opening import open_workspace_store
    from ..store.reading import to_moment
    from .working import ring_workers

    workspace = invocation.workspace
    with open_workspace_store(workspace) as store:
        decided = retry_failed(store, run, now=to_moment(invocation.clock.now()))
    if as_json:
        echo_json({"run": run, "state": decided.row.state, "messages": decided.messages})
    elif not decided.messages:
        click.echo(f"no message of run {run} failed")
    else:
        click.echo(
            f"{show_count(decided.messages, 'failed message')} of run {run} will be tried again"
        )
    if decided.messages:
        ring_workers(workspace, decided.row)
    return 0
