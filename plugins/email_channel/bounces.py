"""`ballyhoo bounces`: reads mail that came back, and keeps what it says."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from ballyhoo import Inbox, SoftLimit

    from .returns.keeping import Tally

PLUGIN = "email_channel"
KEPT = "returns-read"
"""The folder beside the mails that `--move` moves them to, when they lie in no Maildir."""


@click.command("bounces")
@click.argument("source", metavar="SOURCE")
@click.option("--move", is_flag=True, help="Move what was read out of the way.")
@click.option("--json", "as_json", is_flag=True, help="Answer one JSON object.")
@click.pass_obj
def command(invocation: Any, source: str, move: bool, as_json: bool) -> int:
    """Read mail that came back: bounces, complaints, automatic answers.

    SOURCE is a folder (a Maildir, or one file for each mail), an mbox file, or a mailbox:
    imaps://USER@HOST/FOLDER, with the password in BALLYHOO_IMAP_PASSWORD. Reading the same mail
    again changes nothing.
    """
    from ballyhoo import SoftLimit, open_inbox, read_settings

    from .returns.keeping import Tally
    from .settings import EmailSettings
    from .sources import read_source

    settings = read_settings(invocation.workspace, PLUGIN, EmailSettings)
    limit = SoftLimit(messages=settings.soft_bounces, days=settings.soft_days)
    tally = Tally()
    with open_inbox(invocation.workspace, PLUGIN) as inbox:
        for raw in read_source(source, move=move, kept=KEPT):
            _keep(raw, inbox, limit, tally)
    if as_json:
        click.echo(json.dumps(_list(tally), ensure_ascii=False, indent=2))
    else:
        _show(tally)
    return 0


def _keep(raw: bytes, inbox: Inbox, limit: SoftLimit, tally: Tally) -> None:
    from .returns.keeping import keep_return

    keep_return(raw, inbox, limit, tally)


def _list(tally: Tally) -> dict[str, Any]:
    return {
        "read": tally.read,
        **tally.kinds,
        "new": tally.new,
        "known": tally.known,
        "strangers": tally.strangers,
        "unproven": tally.unproven,
        "suppressed": tally.suppressed,
        "blocks": dict(sorted(tally.blocks.items())),
    }


def _show(tally: Tally) -> None:
    names = {"hard": "hard bounces", "soft": "soft bounces", "complaint": "complaints",
             "auto_reply": "automatic answers", "none": "others"}  # fmt: skip
    parts = ", ".join(f"{tally.kinds[kind]:,} {name}" for kind, name in names.items())
    read = "1 mail" if tally.read == 1 else f"{tally.read:,} mails"
    click.echo(f"{read} read: {parts}")
    click.echo(
        f"{tally.new:,} new, {tally.known:,} known before, "
        f"{tally.strangers:,} about no message of ours"
    )
    if tally.unproven:
        click.echo(f"{tally.unproven:,} named an address alone, which proves no hard bounce")
    click.echo(f"{tally.suppressed:,} addresses are not written to any more")
    for status, count in sorted(tally.blocks.items()):
        times = "once" if count == 1 else f"{count:,} times"
        click.echo(f"the sender was refused {times} with {status}; see 'ballyhoo doctor'", err=True)
