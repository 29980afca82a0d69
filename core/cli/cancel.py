"""`ballyhoo cancel`: ends a run; what did not leave yet never does."""

from __future__ import annotations

import click

from .amounts import show_count
from .invocation import Invocation, echo_json


@click.command("cancel")
@click.argument("run", metavar="RUN", type=click.IntRange(min=1))
@click.option("--json", "as_json", is_flag=True, help="Answer one JSON object.")
@click.pass_obj
def command(invocation: Invocation, run: int, as_json: bool) -> int:
    """Cancel a run: what did not leave yet never does.

    What is being sent at this moment is sent. Exit code 2 when the run is through already.
    """
    from ..engine.controlling import cancel_run
    from ..store.opening import open_workspace_store
    from ..store.reading import to_moment

    with open_workspace_store(invocation.workspace) as store:
        done = cancel_run(store, run, now=to_moment(invocation.clock.now()))
    if as_json:
        echo_json(
            {
                "run": run,
                "state": "cancelled",
                "messages": done.messages,
                "in_flight": done.is_in_flight,
            }
        )
        return 0
    click.echo(f"run {run} is cancelled: {show_count(done.messages, 'message')} will not leave")
    if done.is_in_flight:
        click.echo("  some were on their way to the channel; each of those is refused, or is out")
    return 0
