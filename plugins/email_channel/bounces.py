"""`ballyhoo bounces`: reads mail that came back, and keeps what it says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from ballyhoo import Inbox, SoftLimit

    from .returns.keeping import Tally

PLUGIN = "email_channel"


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

    settings = read_settings(invocation.workspace, PLUGIN, EmailSettings)
    limit = SoftLimit(messages=settings.soft_bounces, days=settings.soft_days)
    tally = Tally()
    with open_inbox(invocation.workspace, PLUGIN) as inbox:
        for raw in _read(source, move=move):
            _keep(raw, inbox, limit, tally)
    if as_json:
        click.echo(json.dumps(_list(tally), ensure_ascii=False, indent=2))
    else:
        _show(tally)
    return 0


def _keep(raw: bytes, inbox: Inbox, limit: SoftLimit, tally: Tally) -> None:
    from .returns.keeping import keep_return

    keep_return(raw, inbox, limit, tally)


def _read(source: str, *, move: bool) -> Iterator[bytes]:
    """Yield each mail; what is done with it after is done when the next one is asked for."""
    from ballyhoo import DataError

    from .returns import folders
    from .returns.imap import open_mailbox, read_url

    if source.startswith(("imap://", "imaps://")):
        with open_mailbox(read_url(source)) as mailbox:
            for uid in mailbox.list_unseen():
                raw = mailbox.read(uid)
                if raw is not None:
                    yield raw
                    mailbox.mark_seen(uid)
        return
    if "://" in source:
        raise DataError("the source is no mailbox", hint="imaps://USER@HOST/FOLDER, or a folder")
    path = Path(source)
    if path.is_dir():
        for file in folders.list_files(path):
            raw = folders.read_file(file)
            if raw is None:
                continue
            yield raw
            if move:
                folders.move_read(file, path)
    elif path.is_file():
        if move:
            raise DataError("--move is for the files of a folder, not for an mbox file")
        yield from folders.read_mbox(path)
    else:
        raise DataError(f"there is no {source}", hint="name a folder, an mbox file or imaps://...")


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
