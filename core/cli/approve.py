"""`ballyhoo approve`: lets held messages leave, or shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .amounts import show_count
from .invocation import Invocation, echo_json

if TYPE_CHECKING:
    from ..store.engine import Store


@click.command("approve")
@click.argument("run", metavar="RUN", type=click.IntRange(min=1))
@click.option("--show", is_flag=True, help="Show what waits for approval, and approve nothing.")
@click.option(
    "--skip", metavar="CUSTOMER", multiple=True, help="Not hers; may be given several times."
)
@click.option("--json", "as_json", is_flag=True, help="Answer one JSON object.")
@click.pass_obj
def command(
    invocation: Invocation, run: int, show: bool, skip: tuple[str, ...], as_json: bool
) -> int:
    """Let the held messages of a run leave, or show them.

    CUSTOMER is the shop's own id, or Ballyhoo's number of the customer; hers is skipped. Exit code
    2 when a customer to be skipped has no held message (nothing is approved then), or the run is
    through.
    """
    from ..engine.deciding import approve_held
    from ..store.opening import open_workspace_store
    from ..store.reading import to_moment
    from ..store.segments import find_customer
    from .working import ring_workers

    workspace = invocation.workspace
    with open_workspace_store(workspace) as store:
        if show:
            _show_held(store, run, as_json)
            return 0
        skipped = [find_customer(store, name) for name in skip]
        now = to_moment(invocation.clock.now())
        decided = approve_held(store, run, now=now, skip=skipped)
    if as_json:
        echo_json(
            {
                "run": run,
                "state": decided.row.state,
                "messages": decided.messages,
                "skipped": decided.skipped,
            }
        )
    elif not decided.messages and not decided.skipped:
        click.echo(f"no message of run {run} waits for approval")
    else:
        said = f", {decided.skipped:,} skipped" if decided.skipped else ""
        click.echo(f"{show_count(decided.messages, 'message')} of run {run} approved{said}")
    if decided.messages:
        ring_workers(workspace, decided.row)
    return 0


def _show_held(store: Store, run: int, as_json: bool) -> None:
    from ..engine.deciding import show_held

    held = show_held(store, run)
    if as_json:
        messages = [
            {
                "customer": one.customer,
                "variant": one.variant,
                "fields": dict(one.fields),
                "objections": list(one.objections),
            }
            for one in held.messages
        ]
        echo_json({"run": run, "held": held.count, "messages": messages})
        return
    for one in held.messages:
        of = f" of the variant {one.variant}" if one.variant is not None else ""
        click.echo(click.style(f"Customer {one.customer}{of}:", bold=True))
        for name, text in one.fields.items():
            first, *others = text.splitlines() or [""]
            click.echo(f"  {name}: {first}")
            for line in others:
                click.echo(f"    {line}".rstrip())
        for said in dict.fromkeys(one.objections):
            click.echo(click.style(f"  refused: {said}", fg="red"))
    if held.count > len(held.messages):
        click.echo(f"... and {held.count - len(held.messages):,} more")
    waits = show_count(held.count, "message waits", "messages wait")
    click.echo(f"{waits} for approval; 'ballyhoo approve {run}' lets them leave")
