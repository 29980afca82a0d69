"""`ballyhoo prune`: removes what `[retention]` says was kept long enough."""

from __future__ import annotations

import click

from .invocation import Invocation, echo_json


@click.command("prune")
@click.option("--json", "as_json", is_flag=True, help="Answer one JSON object.")
@click.pass_obj
def command(invocation: Invocation, as_json: bool) -> int:
    """Remove what [retention] says was kept long enough.

    That is bodies of messages, events, and the text of enquiries. The ledger's rows stay, and so
    do purchases and returns, because orders and spending rest on them. Of what plugins learned
    the newest two stay, and what open runs read. Run it daily; without a [retention] table it
    removes nothing of the store.
    """
    from ..artifact_pruning import prune_artifacts
    from ..artifacts import choose_artifact_place
    from ..engine.runs import PINS
    from ..store.ledger.runs import list_open_runs
    from ..store.opening import open_workspace_store
    from ..store.pruning import prune_store

    workspace = invocation.workspace
    with open_workspace_store(workspace) as store:
        pruned = prune_store(store, workspace.settings.retention, now=invocation.clock.now())
        with store.read() as connection:
            open_runs = list_open_runs(connection)
    pins = {pin for run in open_runs for pin in run.details.get(PINS, {}).items()}
    place = choose_artifact_place(workspace.settings.artifact_place, workspace.folder)
    pruned["artifacts"] = prune_artifacts(place, pins)
    if as_json:
        echo_json(pruned)
    else:
        click.echo("removed " + ", ".join(f"{count:,} {name}" for name, count in pruned.items()))
    return 0
