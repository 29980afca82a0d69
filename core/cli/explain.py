"""`ballyhoo explain`: why somebody got a message of a run, or did not."""

from __future__ import annotations

from dataclasses import asdict
from datetime import tzinfo
from typing import TYPE_CHECKING, Any

import click

from ..policy.zones import find_zone
from .invocation import Invocation, echo_json
from .moments import find_local_zone, show_iso, show_moment
from .segment import print_part

if TYPE_CHECKING:
    from ..engine.explaining import Explanation


@click.command("explain")
@click.argument("run", metavar="RUN", type=click.IntRange(min=1))
@click.argument("customer", metavar="CUSTOMER")
@click.option("--json", "as_json", is_flag=True, help="Answer one JSON object.")
@click.pass_obj
def command(invocation: Invocation, run: int, customer: str, as_json: bool) -> int:
    """Say why a customer got a message of a run, or did not: every decision, in order.

    CUSTOMER is the shop's own id, or Ballyhoo's number of the customer.
    """
    from ..engine.engine import open_engine
    from ..engine.explaining import explain_message

    workspace = invocation.workspace
    with open_engine(workspace, works=False) as engine:
        explained = explain_message(engine, run, customer)
    if as_json:
        echo_json(_describe(explained))
    else:
        _print(explained, find_local_zone(workspace.settings))
    if explained.problem is not None:
        click.echo(f"not all can be told: {explained.problem}", err=True)
    return 0


def _describe(explained: Explanation) -> dict[str, Any]:
    message = explained.message
    return {
        "run": explained.row.id,
        "campaign": explained.row.campaign,
        "customer": explained.customer,
        "state": None if message is None else message.state,
        "reason": None if message is None else message.reason,
        "variant": None if message is None else message.variant,
        "due_at": None if message is None else show_iso(message.due_at),
        "sent_at": None if message is None else show_iso(message.sent_at),
        "decisions": [
            {"what": one.what, "said": one.said, "at": show_iso(one.at), "parts": list(one.parts)}
            for one in explained.decisions
        ],
        "conditions": [asdict(one) for one in explained.conditions],
    }


def _print(explained: Explanation, zone: tzinfo | None) -> None:
    row = explained.row
    title = f"customer {explained.customer} in run {row.id} of '{row.campaign}', {row.state}"
    click.echo(click.style(title, bold=True))
    width = max(len(one.what) for one in explained.decisions)
    is_first = True
    for one in explained.decisions:
        at = f" ({show_moment(one.at, zone)})" if one.at is not None else ""
        click.echo(f"  {one.what:<{width}}  {one.said}{at}")
        for part in one.parts:
            click.echo(f"  {'':<{width}}    {part}")
        if one.what == "segment" and one.at is None and is_first:
            is_first = False
            for condition in explained.conditions:
                print_part(condition, " " * (width + 6))
    _print_due(explained, zone, width)


def _print_due(explained: Explanation, zone: tzinfo | None, width: int) -> None:
    message = explained.message
    if message is None or message.due_at is None or message.state not in ("planned", "ready"):
        return
    said = f"not before {show_moment(message.due_at, zone)}"
    hers = None if explained.time_zone is None else find_zone(explained.time_zone)
    if hers is not None:
        said += f", which is {show_moment(message.due_at, hers)} for her"
    click.echo(f"  {'due':<{width}}  {said}")
