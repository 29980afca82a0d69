"""`ballyhoo inbox`: reads mail that somebody wrote to us, and answers it."""

from __future__ import annotations

import json
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from ballyhoo import Mailroom, MailroomWork, SoftLimit

    from .returns.keeping import Tally
    from .settings import EmailSettings

PLUGIN = "email_channel"
KEPT = "inbox-read"
"""The folder beside the mails that `--move` moves them to, when they lie in no Maildir."""
FAILED = ("failed", "unknown")


@click.command("inbox")
@click.argument("source", metavar="SOURCE")
@click.option("--name", default="mail", metavar="NAME", help="The inbox's name; mail.")
@click.option(
    "--recipe", type=click.Path(path_type=Path), metavar="FILE", help="How enquiries are answered."
)
@click.option("--move", is_flag=True, help="Move what was read out of the way.")
@click.option(
    "--limit", type=click.IntRange(min=1), metavar="NUMBER", help="Read at most so many mails."
)
@click.option("--watch", type=click.FloatRange(min=0.1), metavar="SECONDS",
              help="Look again and again, so many seconds apart.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Answer one JSON object.")
@click.pass_obj
def command(
    invocation: Any,
    source: str,
    name: str,
    recipe: Path | None,
    move: bool,
    limit: int | None,
    watch: float | None,
    as_json: bool,
) -> int:
    """Answer mail: from the knowledge base, each at most once.

    SOURCE is a folder (a Maildir, or one file for each mail), an mbox file, or a mailbox:
    imaps://USER@HOST/FOLDER, with the password in BALLYHOO_IMAP_PASSWORD. Bounces and complaints
    in it are kept as 'ballyhoo bounces' does; what machines wrote is not answered.
    """
    from ballyhoo import EnvironmentMissing, open_mailroom, read_settings

    from .settings import EmailSettings

    settings = read_settings(invocation.workspace, PLUGIN, EmailSettings)
    found = Found()
    with (
        _until_stopped() as stopped,
        open_mailroom(
            invocation.workspace, PLUGIN,
            name=name, recipe=recipe, most_a_day=settings.answers_a_day,
        ) as room,
    ):  # fmt: skip
        while True:
            try:
                _take_all(room, source, settings, found, move=move, limit=limit, stopped=stopped)
                found.add(room.work(should_stop=stopped.is_set))
            except EnvironmentMissing as error:
                if watch is None:
                    raise
                # Whoever watches waits for what is away: it may be back the next time.
                click.echo(f"Error: {error.message}", err=True)
            if watch is None or stopped.wait(watch):
                break
    if as_json:
        click.echo(json.dumps(found.list(), ensure_ascii=False, indent=2))
    else:
        found.show()
    if found.waits_for is not None:
        click.echo(f"Error: {found.waits_for}; replies wait, and nothing is lost", err=True)
        return 3
    return 1 if any(found.states[state] for state in FAILED) else 0


@dataclass(slots=True)
class Found:
    """What became of the mails that were read."""

    read: int = 0
    new: int = 0
    known: int = 0
    answered: int = 0
    handed_off: int = 0
    unsubscribed: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    returns: Tally | None = None
    is_left_to_workers: bool = False
    waits_for: str | None = None

    def add(self, work: MailroomWork) -> None:
        """Add what came of the mails that were taken."""
        self.answered += work.answered
        self.handed_off += work.handed_off
        self.unsubscribed += work.unsubscribed
        self.states.update(work.states)
        self.is_left_to_workers = work.is_left_to_workers
        self.waits_for = work.waits_for

    def list(self) -> dict[str, Any]:
        """Return everything for JSON."""
        return {
            "read": self.read,
            "new": self.new,
            "known": self.known,
            "answered": self.answered,
            "handed_off": self.handed_off,
            "unsubscribed": self.unsubscribed,
            "skipped": dict(sorted(self.skipped.items())),
            "suppressed": 0 if self.returns is None else self.returns.suppressed,
            "states": dict(sorted(self.states.items())),
        }

    def show(self) -> None:
        """Say everything to a person."""
        read = "1 mail" if self.read == 1 else f"{self.read:,} mails"
        click.echo(f"{read} read: {self.new:,} new, {self.known:,} known before")
        if self.is_left_to_workers:
            click.echo("the workers answer them")
        else:
            click.echo(
                f"{self.answered:,} answered, {self.handed_off:,} handed to a person; "
                f"{self.unsubscribed:,} of them asked for no more messages"
            )
        if self.skipped:
            said = ", ".join(
                f"{count:,} {reason}" for reason, count in sorted(self.skipped.items())
            )
            click.echo(f"not answered: {said}")
        for state in FAILED:
            if self.states[state]:
                click.echo(f"{self.states[state]:,} replies {state}", err=True)


def _take_all(
    room: Mailroom,
    source: str,
    settings: EmailSettings,
    found: Found,
    *,
    move: bool,
    limit: int | None,
    stopped: threading.Event,
) -> None:
    """Take each mail; it is marked as read when it is kept, and not before."""
    from ballyhoo import SoftLimit

    from .returns.keeping import Tally
    from .sources import read_source

    found.returns = found.returns or Tally()
    bounces = SoftLimit(messages=settings.soft_bounces, days=settings.soft_days)
    own = _list_own(room, source)
    with closing(read_source(source, move=move, kept=KEPT, marks=True, limit=limit)) as mails:
        for raw in mails:
            _take(raw, room, settings, own, bounces, found)
            if stopped.is_set():
                return


def _take(
    raw: bytes,
    room: Mailroom,
    settings: EmailSettings,
    own: frozenset[str],
    bounces: SoftLimit,
    found: Found,
) -> None:
    from datetime import UTC, datetime

    from .inbound.reading import read_mail
    from .returns.keeping import Tally, keep_found

    found.read += 1
    read = read_mail(
        raw, own=own, trusted=settings.trusted_servers, now=datetime.now(UTC),
        most_days=settings.answers_days,
    )  # fmt: skip
    if read.returned is not None:
        keep_found(read.returned, room.inbox, bounces, found.returns or Tally())
    if read.mail is None:
        found.skipped[read.reason or "empty"] += 1
        return
    taken = room.take(read.mail)
    if taken == "loop":
        found.skipped["loop"] += 1
    elif taken == "known":
        found.known += 1
    else:
        found.new += 1


def _list_own(room: Mailroom, source: str) -> frozenset[str]:
    """Return our own addresses: who writes from one of them is a copy of our own message."""
    from urllib.parse import unquote, urlsplit

    from ballyhoo import normalise_email

    from .mailbox import read_mailbox
    from .options import EmailOptions

    options = room.deliver_options
    found = [room.handoff_address or ""]
    if isinstance(options, EmailOptions):
        found += [read_mailbox(one).address for one in (options.from_, options.reply_to) if one]
    if source.startswith(("imap://", "imaps://")):
        found.append(unquote(urlsplit(source).username or ""))
    own = set()
    for one in found:
        try:
            own.add(normalise_email(one))
        except ValueError:
            continue  # a user's name that is no address
    return frozenset(own)


@contextmanager
def _until_stopped() -> Iterator[threading.Event]:
    """Be stopped in good order by SIGINT and SIGTERM within the block."""
    stopped = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stopped
        return
    before = {
        number: signal.signal(number, lambda number, frame: stopped.set())
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
