"""`ballyhoo prune`: removes what `[retention]` says was kept long enough."""

from __future__ import annotations

import click

from ..clock import SystemClock
from .invocation import Invocation, echo_json


@click.command("prune")
@click.option("--json", "as_json", is_flag=True, help="Answer one JSON object.")
@click.pass_obj
def command(invocation: Invocation, as_json: bool) -> int:
    """Remove message bodies, events and enquiries older than [retention] allows.

    The ledger's rows stay, and so do purchases and returns, because orders and spending rest on
    them. Run it daily; without a [retention] table it removes nothing.
    """
    from ..store.opening import open_workspace_store
    from ..store.pruning import prune_store

    workspace = invocation.workspace
    with open_workspace_store(workspace) as store:
        pruned = prune_store(store, workspace.settings.retention, now=SystemClock().now())
    if as_json:
        echo_json(pruned)
    else:
        click.echo("removed " + ", ".join(f"{count:,} {name}" for name, count in pruned.items()))
    return 0
