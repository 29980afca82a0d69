"""`ballyhoo customer`: what is known about one person, and its erasure."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import click

from .invocation import Invocation, echo_json


@click.group("customer")
def command() -> None:
    """Show, export or erase one customer, named by the shop's own id."""


@command.command("show")
@click.argument("customer_id", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="Answer one JSON object.")
@click.pass_obj
def show(invocation: Invocation, customer_id: str, as_json: bool) -> int:
    """Show who a customer is, where she may be written to, and her profile."""
    from ..store.export import describe_customer
    from ..store.opening import open_workspace_store

    with open_workspace_store(invocation.workspace) as store:
        described = describe_customer(store, customer_id)
    if as_json:
        echo_json(described)
        return 0
    for title, values in described.items():
        click.echo(click.style(title, bold=True))
        _print_values(values)
    return 0


@command.command("export")
@click.argument("customer_id", metavar="ID")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file.")
@click.option("--json", "as_json", is_flag=True, help="As it is anyway: one JSON object.")
@click.pass_obj
def export(invocation: Invocation, customer_id: str, out: Path | None, as_json: bool) -> int:
    """Write everything that is known about a customer as one JSON object.

    That is what she may ask for by law: identity, addresses, consents with when and where they
    were given, orders, events, reviews, enquiries, and every message with its content.
    """
    from ..store.opening import open_workspace_store
    from ..store.rights import export_customer

    with open_workspace_store(invocation.workspace) as store:
        everything = export_customer(store, customer_id)
    if out is None:
        echo_json(everything)
        return 0
    text = json.dumps(everything, ensure_ascii=False, indent=2) + "\n"
    # For nobody else's eyes on this machine.
    with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    click.echo(f"written to {out}", err=True)
    return 0


@command.command("erase")
@click.argument("customer_id", metavar="ID")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="Answer one JSON object.")
@click.pass_obj
def erase(invocation: Invocation, customer_id: str, yes: bool, as_json: bool) -> int:
    """Erase a customer's identity and content, for good.

    Counts of runs and products stay right. An unsubscribe stays too, as a hash from which the
    address cannot be read. An old file that still holds her does not bring her back. The audit
    log keeps who erased and when.
    """
    from ..store.opening import open_workspace_store
    from ..store.rights import erase_customer

    if not yes:
        click.confirm("Erase this customer for good?", abort=True, err=True)
    with open_workspace_store(invocation.workspace) as store:
        erasure = erase_customer(store, customer_id)
    if not erasure.is_clean:
        click.echo(
            "another process is reading the database: its log keeps the deleted text until the "
            "next checkpoint; stop it and run any command that writes",
            err=True,
        )
    if as_json:
        echo_json({"erased": True, "emptied": erasure.emptied, "is_clean": erasure.is_clean})
        return 0
    counts = ", ".join(f"{count} {name}" for name, count in erasure.emptied.items())
    click.echo(f"erased; emptied {counts}")
    return 0


def _print_values(values: Any) -> None:
    if isinstance(values, dict):
        shown = {name: value for name, value in values.items() if value not in (None, {}, [])}
        for name, value in shown.items():
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            click.echo(f"  {name}: {text}")
    elif isinstance(values, list):
        for value in values:
            click.echo("  " + ", ".join(f"{k}: {v}" for k, v in value.items() if v is not None))
    if not values:
        click.echo("  (none)")
