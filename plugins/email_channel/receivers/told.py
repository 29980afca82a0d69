"""What a mail service tells of one message, in the words of the core."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ballyhoo import Returned, Trace

from ..returns.parts import Mail
from ..returns.traces import find_references, find_tokens

MOST_TEXT = 2_000
MOST_IDENTITY = 200
MOST_ADDRESSES = 20


@dataclass(frozen=True, slots=True)
class Told:
    """What came back, and what leads to its message."""

    trace: Trace
    returned: Returned


def make_told(
    *,
    identity: str,
    kind: Any,
    at: datetime,
    headers: Sequence[tuple[str, str]] = (),
    addresses: Sequence[str] = (),
    **facts: Any,
) -> Told:
    """Return what a service tells, with all that may lead to our message.

    Args:
        identity: Its key: the same told twice has the same one.
        kind: `bounce`, `delay`, `complaint` or `unsubscribe`.
        at: When.
        headers: Of the message that it is about, as far as they are told; names in lower case.
        addresses: Whom it is about.
        facts: More of `Returned`.
    """
    mail = Mail(fields=[], returned=list(headers)[:400])
    trace = Trace(
        tokens=find_tokens(mail, ""),
        references=find_references(mail, ""),
        addresses=tuple(one for one in addresses if one and len(one) <= 320)[:MOST_ADDRESSES],
    )
    told = Returned(id=identity[:MOST_IDENTITY], kind=kind, at=at, **facts)
    return Told(trace, told)


def read_text(value: Any) -> str:
    """Return a value that is text, as much as anybody needs of it; else empty."""
    return value[:MOST_TEXT] if isinstance(value, str) else ""


def read_moment(value: Any) -> datetime:
    """Return a moment, from ISO 8601 or seconds since 1970; now when it cannot be read."""
    try:
        if isinstance(value, str):
            at = datetime.fromisoformat(value)
            return at if at.tzinfo is not None else at.replace(tzinfo=UTC)
        if isinstance(value, int | float) and not isinstance(value, bool) and value > 0:
            return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        pass
    return datetime.now(UTC)
