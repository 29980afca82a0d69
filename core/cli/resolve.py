"""`ballyhoo resolve`: says what messages are of which nobody knows whether they are out."""

from __future__ import annotations

from typing import Literal

import click

from .amounts import show_count
from .invocation import Invocation, echo_json


@click.command("resolve")
@click.argument("run", metavar="RUN", type=click.IntRange(min=1))
@click.option(
    "--as", "resolution", type=click.Choice(["sent", "resend"]), required=True,
    help="What they are taken for.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Answer one JSON object.")
@click.pass_obj
def command(
    invocation: Invocation, run: int, resolution: Literal["sent", "resend"], as_json: bool
) -> int:
    """Say what the unknown messages of a run are, and of no others.

    Unknown is what may be out or not: the answer was lost after the point of no return. Somebody
    may get a message twice that is sent again; it has the same id, so that a provider can tell.
    Exit code 2 when they are to be sent again and the run was cancelled.
    """
    from ..engine.deciding import resolve_unknown
    from ..store.opening import open_workspace_store
    from ..store.reading import to_moment
    from .working import ring_workers

    workspace = invocation.workspace
    with open_workspace_store(workspace) as store:
        decided = resolve_unknown(store, run, resolution, now=to_moment(invocation.clock.now()))
    said = "taken for sent" if resolution == "sent" else "to be sent again"
    if as_json:
        echo_json(
            {
                "run": run,
                "state": decided.row.state,
                "as": resolution,
                "messages": decided.messages,
            }
        )
    elif not decided.messages:
        click.echo(f"no message of run {run} is unknown")
    else:
        click.echo(f"{show_count(decided.messages, 'unknown message')} of run {run}: {said}")
    if decided.messages and resolution == "resend":
        ring_workers(workspace, decided.row)
    return 0
