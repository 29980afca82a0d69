"""`ballyhoo pause`: nothing of a run leaves any more, until it is resumed."""

from __future__ import annotations

import click

from .invocation import Invocation, echo_json


@click.command("pause")
@click.argument("run", metavar="RUN", type=click.IntRange(min=1))
@click.option("--reason", metavar="WORDS", help="Why, for whoever looks at the run.")
@click.option("--json", "as_json", is_flag=True, help="Answer one JSON object.")
@click.pass_obj
def command(invocation: Invocation, run: int, reason: str | None, as_json: bool) -> int:
    """Pause a run: nothing leaves any more, until it is resumed.

    What is being sent at this moment is sent. Exit code 2 when it is paused already, or through.
    """
    from ..engine.controlling import pause_run
    from ..store.opening import open_workspace_store

    with open_workspace_store(invocation.workspace) as store:
        row = pause_run(store, run, reason=reason)
    if as_json:
        echo_json({"run": row.id, "state": row.state, "reason": row.reason})
    else:
        click.echo(f"run {row.id} of '{row.campaign}' is paused: {row.reason}")
        click.echo(
            f"  'ballyhoo resume {row.id}' lets it go on, 'ballyhoo cancel {row.id}' ends it"
        )
    return 0
