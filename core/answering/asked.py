"""What somebody asks, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..enquiry import Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question as a channel gives it.

    Attributes:
        text: What was asked.
        key: What tells it from others, the same however often it comes.
        source: By which channel it came (`ask`, `web`, `mail:NAME`).
        at: When, aware.
        customer_id: Who asks, only when that was proved.
        language: BCP 47 tag when it is known.
        conversation_id: What belongs together, or None.
        subject: The headline of a mail, or None.
        address: The address that the question came from, which may ask to be left alone; it
            proves nothing else.
    """

    text: str
    key: str
    source: str
    at: datetime
    customer_id: int | None = None
    language: str | None = None
    conversation_id: str | None = None
    subject: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What became of a question.

    Attributes:
        reply: The reply, its slots filled.
        enquiry_id: Its row; None when nothing was kept.
        is_new: Whether it was answered just now; False when that was done before.
    """

    reply: Reply
    enquiry_id: int | None = None
    is_new: bool = True
