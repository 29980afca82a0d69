"""Keeps what a mail that came back says, once, however often it is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from ballyhoo import Inbox, Returned, SoftLimit, Trace

from .classifying import classify_return
from .feedback import UNSUBSCRIBE
from .returned import KINDS, Return

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOST_REASONS = 50


@dataclass(slots=True)
class Tally:
    """What became of the returns of one reading.

    Attributes:
        read: How many mails were read.
        kinds: How many of each kind.
        new: How many were kept for the first time.
        known: How many had been kept before.
        strangers: Bounces and complaints that are about no message of ours.
        unproven: Bounces and complaints for which an address alone spoke.
        suppressed: How many took an address off the list for good.
        blocks: How many mails were refused because of who sent them, by the code.
    """

    read: int = 0
    kinds: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    new: int = 0
    known: int = 0
    strangers: int = 0
    unproven: int = 0
    suppressed: int = 0
    blocks: dict[str, int] = field(default_factory=dict)


def keep_return(raw: bytes, inbox: Inbox, limit: SoftLimit, tally: Tally) -> Return:
    """Read a mail that came back, and keep what it says; durable when it returns.

    Args:
        raw: The whole mail.
        inbox: Keeps it.
        limit: How often an address may fail for a time.
        tally: What is counted.
    """
    return keep_found(classify_return(raw), inbox, limit, tally)


def keep_found(found: Return, inbox: Inbox, limit: SoftLimit, tally: Tally) -> Return:
    """Do the same with one that was read."""
    tally.read += 1
    tally.kinds[found.kind] += 1
    if found.kind in ("auto_reply", "none"):
        return found
    noted = inbox.note_return(make_trace(found), make_returned(found), limit=limit)
    tally.strangers += noted.message_id is None
    tally.unproven += noted.message_id is not None and not noted.is_proven
    tally.new += noted.is_new
    tally.known += noted.message_id is not None and not noted.is_new
    tally.suppressed += noted.is_suppressed
    if found.is_about_sender and noted.is_new and len(tally.blocks) < MOST_REASONS:
        tally.blocks[found.status] = tally.blocks.get(found.status, 0) + 1
    return found


def make_trace(found: Return) -> Trace:
    """Return what may lead to the message that a mail came back for."""
    return Trace(tokens=found.tokens, references=found.references, addresses=found.recipients)


def make_returned(found: Return) -> Returned:
    """Return what the core keeps of a mail that came back."""
    kind = "bounce" if found.is_final else "delay"
    if found.kind == "complaint":
        kind = "unsubscribe" if found.reason == UNSUBSCRIBE else "complaint"
    at = EPOCH + timedelta(milliseconds=found.dated_at or 0)
    return Returned(
        id=found.identity,
        kind=kind,  # type: ignore[arg-type]
        at=at if found.dated_at else datetime.now(UTC),
        is_permanent=found.is_permanent,
        status=found.status,
        reason=found.reason,
        detail=found.detail,
    )
