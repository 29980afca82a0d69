"""A mail that somebody wrote to us, as whoever reads the mailbox gives it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from ..web.returning import Trace

Taken = Literal["new", "known", "loop"]
"""What became of a mail: it is kept and gets its reply; it was taken before; its sender got so
many replies lately that a machine seems to answer them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedMail:
    """A mail that may be answered.

    Attributes:
        key: What tells it from others, the same however often it is read; no identity is in it.
        sender: The address that it is from, in its one form; forged, unless it was proved.
        is_proved: Whether the domain of that address says that it sent it (DMARC).
        text: What she wrote, without what she quoted.
        subject: The headline.
        at: When it was written, aware.
        message_id: Its Message-ID with its brackets; "" when it has none.
        references: The Message-IDs of the conversation before it with theirs, oldest first.
        trace: What may lead to a message of ours that it answers.
        links: What may be tokens of the links of such a message, which she quoted.
    """

    key: str
    sender: str
    text: str
    at: datetime
    is_proved: bool = False
    subject: str = ""
    message_id: str = ""
    references: tuple[str, ...] = ()
    trace: Trace = field(default_factory=Trace)
    links: tuple[str, ...] = ()
