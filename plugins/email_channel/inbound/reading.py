"""Reads a raw mail: what came back is kept as such, what nobody answers is left, the rest asks."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ballyhoo import ReceivedMail, Trace

from ..returns.classifying import classify_return
from ..returns.feedback import UNSUBSCRIBE
from ..returns.parts import Mail, take_apart
from ..returns.returned import Return
from ..returns.traces import find_references, make_identity, read_date
from ..threads import list_ids
from .authentication import is_proved
from .heads import Head, read_head
from .questions import find_links, find_question, find_subject
from .senders import Sender, find_sender
from .skipping import find_reason, is_machine_return

MOST_REFERENCES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What a raw mail is.

    Attributes:
        returned: What it is as a mail that came back; None when it is none of those.
        reason: Why it is not answered; None when it is.
        mail: The mail to be answered, or None.
    """

    returned: Return | None = None
    reason: str | None = None
    mail: ReceivedMail | None = None


def read_mail(
    raw: bytes, *, own: Collection[str], trusted: Sequence[str], now: datetime, most_days: int
) -> Read:
    """Say what a raw mail is; never raises, whatever the bytes are.

    Args:
        raw: The whole mail as it came; only its beginning is looked at.
        own: Our own addresses, in their one form.
        trusted: Names by which our own mail servers sign their results.
        now: The moment.
        most_days: What is older is not answered any more; 0 is never too old.
    """
    head, mail = read_head(raw), take_apart(raw, skips_attached=True)
    returned = _find_return(raw, head, mail)
    if returned is not None and not _asks(returned, head, mail):
        kind = "complaint" if returned.kind == "complaint" else "bounce"
        return Read(returned=returned, reason=kind)
    sender = find_sender(head)
    reason = find_reason(head, mail, sender, own)
    if reason is not None or sender is None:
        return Read(returned=returned, reason=reason or "no_sender")
    dated_at = read_date(mail)
    at = now if dated_at is None else datetime.fromtimestamp(dated_at / 1000, UTC)
    if most_days and at < now - timedelta(days=most_days):
        return Read(returned=returned, reason="old")
    text, subject = find_question(mail), find_subject(mail)
    if not (text or subject):
        return Read(returned=returned, reason="empty")
    return Read(
        returned=returned,
        mail=ReceivedMail(
            key=_make_key(head, mail, raw, sender),
            sender=sender.address,
            is_proved=is_proved(head, sender, trusted),
            text=text,
            subject=subject,
            at=min(at, now),
            message_id=next(iter(list_ids(head.list_values("message-id"))), ""),
            references=_list_references(head),
            trace=Trace(references=find_references(mail, ""), addresses=(sender.address,)),
            links=find_links(mail),
        ),
    )


def _find_return(raw: bytes, head: Head, mail: Mail) -> Return | None:
    """Return what a mail is as one that came back; None when somebody wrote it."""
    found = classify_return(raw)
    if found.kind == "complaint":
        return found
    if found.kind in ("hard", "soft") and is_machine_return(head, mail):
        return found
    return None


def _asks(returned: Return, head: Head, mail: Mail) -> bool:
    """Whether a person wrote a mail that asks for no more messages: she gets an answer."""
    by_machine = mail.feedback or head.first("x-apple-unsubscribe")
    return returned.kind == "complaint" and returned.reason == UNSUBSCRIBE and not by_machine


def _make_key(head: Head, mail: Mail, raw: bytes, sender: Sender) -> str:
    """Return what names a mail, whichever way it is read, and says nothing of anybody."""
    own = next(iter(list_ids(head.list_values("message-id"))), "")
    told = f"{own}\x1f{sender.address}" if own else make_identity(mail, raw)
    return f"mail:{hashlib.sha256(told.encode('utf-8', 'replace')).hexdigest()[:40]}"


def _list_references(head: Head) -> tuple[str, ...]:
    """Return the Message-IDs before this one, oldest first."""
    known = list_ids([*head.list_values("references"), *head.list_values("in-reply-to")])
    if len(known) > MOST_REFERENCES:
        known = [known[0], *known[1 - MOST_REFERENCES :]]
    return tuple(known)
