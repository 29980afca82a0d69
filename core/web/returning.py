"""What a thing that came back says about the message of ours that it came back for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from ..address import normalise_email

ReturnKind = Literal["bounce", "delay", "complaint", "unsubscribe"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What may lead back to a message; any part of it may be wrong, or somebody's invention.

    Attributes:
        tokens: What may be tokens of return paths (`b+TOKEN`), the likeliest first.
        references: What may be the message's reference in the world, with the id of its run.
        addresses: The addresses that it is about, as they were written. They alone prove nothing.
    """

    tokens: tuple[str, ...] = ()
    references: tuple[tuple[str, int], ...] = ()
    addresses: tuple[str, ...] = ()

    def normalise_addresses(self) -> tuple[str, ...]:
        """Return the addresses in their one form; those that nobody could write to are left out."""
        found = []
        for address in self.addresses:
            try:
                found.append(normalise_email(address) if "@" in address else address)
            except ValueError:
                continue
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """Something that came back for a message.

    Attributes:
        id: Its key: the same return told twice has the same one.
        kind: `bounce`: a server gave up; `delay`: it still tries; `complaint`: she called it spam;
            `unsubscribe`: she wants no more.
        at: When, aware.
        is_permanent: Of a bounce, whether the address will never take mail.
        status: The enhanced status code or reply, or empty.
        reason: Why, in a word.
        detail: The other server's words, without addresses in them.
    """

    id: str
    kind: ReturnKind
    at: datetime
    is_permanent: bool = False
    status: str = ""
    reason: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SoftLimit:
    """After how many messages that came back for a time an address is not written to any more.

    Attributes:
        messages: How many different messages; 0 is never.
        days: Within how many days.
    """

    messages: int = 3
    days: int = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """What came of a return.

    Attributes:
        message_id: The message it was for; None when there is none of ours.
        is_new: Whether it was not known before; nothing was changed otherwise.
        is_suppressed: Whether the address is not written to any more because of it.
        is_proven: Whether a sign of ours led to the message, and not an address alone.
    """

    message_id: int | None = None
    is_new: bool = False
    is_suppressed: bool = False
    is_proven: bool = False
