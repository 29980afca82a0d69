"""`ballyhoo send-test`: sends what one recipient would get to somebody who looks at it."""

from __future__ import annotations

import logging
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .invocation import Invocation, echo_json

if TYPE_CHECKING:
    from ..engine.trying import SentTest


@click.command("send-test")
@click.argument("recipe", metavar="RECIPE", type=click.Path(path_type=Path))
@click.option(
    "--to", "addresses", metavar="ADDRESS", multiple=True, required=True,
    help="Where to; may be given several times.",
)  # fmt: skip
@click.option("--customer", metavar="ID", help="Whose message; else that of the first one.")
@click.option("--json", "as_json", is_flag=True, help="Answer one JSON object.")
@click.pass_obj
def command(
    invocation: Invocation,
    recipe: Path,
    addresses: tuple[str, ...],
    customer: str | None,
    as_json: bool,
) -> int:
    """Send one recipient's message to an address of yours, marked as a test.

    Products, copy and bytes are those that a run would send, through the real channel; the
    recipient gets nothing, and its links lead nowhere. It is in no ledger, cap or report. ID is
    the shop's own id, or Ballyhoo's number of the customer. Exit code 1 when it was not sent, or
    nobody knows; 3 when the server is not there.
    """
    from ..campaign import load_campaign
    from ..engine.engine import open_engine
    from ..engine.trying import send_test_messages
    from ..logs import set_up_logs

    # What a channel or a library logs goes through it too, and loses the address there.
    set_up_logs(json=False, level=logging.WARNING, shows_tracebacks=invocation.debug)
    workspace = invocation.workspace
    campaign = load_campaign(
        recipe,
        registry=workspace.registry,
        workspace=workspace.folder,
        topics=workspace.settings.preferences.topics,
    )
    with open_engine(workspace, works=False) as engine:
        sending = send_test_messages(engine, campaign, addresses, customer=customer)
    if as_json:
        echo_json(_describe(sending))
    else:
        _print(campaign.name, sending)
    return 0 if sending.worst.outcome == "sent" else 1


def _describe(sending: SentTest) -> dict[str, Any]:
    return {
        "to": len(sending.outcomes),
        **asdict(sending.worst),
        "customer": sending.customer,
        "variant": sending.variant,
        "messages": [asdict(one) for one in sending.outcomes],
    }


def _print(campaign: str, sending: SentTest) -> None:
    variant = f", variant {sending.variant}" if sending.variant is not None else ""
    click.echo(f"test of '{campaign}' with the message of customer {sending.customer}{variant}")
    for number, one in enumerate(sending.outcomes, start=1):
        code = "" if one.code is None else f" {one.code}"
        detail = f" ({one.detail})" if one.detail else ""
        click.echo(f"  address {number}: {one.outcome}{code}{detail}")
