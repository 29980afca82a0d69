"""One message as the ledger has it, for whoever wants to know what became of somebody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from ..tables import batches, messages


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRow:
    """A message; times are UTC milliseconds. See the table `messages`.

    Attributes:
        last_code: What the channel last answered, as a code.
        last_error: The same in words, without the address.
        waits_for: Why its batch was put off, when it is still to be prepared; else None.
    """

    id: int
    recipient: int
    address_id: int | None
    channel: str
    wave: int
    variant: str | None
    state: str
    reason: str | None
    attempts: int
    unknowns: int
    crashes: int
    due_at: int | None
    expires_at: int | None
    provider_id: str | None
    last_code: str | None
    last_error: str | None
    content: Any
    facts: Any
    created_at: int
    sent_at: int | None
    waits_for: str | None


_COLUMNS = [messages.c[name] for name in MessageRow.__slots__ if name != "waits_for"]


def find_message(connection: Connection, run_id: int, recipient: int) -> MessageRow | None:
    """Return somebody's message in a run; None when the run has none for her."""
    found = (
        select(*_COLUMNS, batches.c.last_error.label("waits_for"))
        .select_from(messages.outerjoin(batches, batches.c.id == messages.c.batch_id))
        .where(messages.c.run_id == run_id, messages.c.recipient == recipient)
        .order_by(messages.c.id)
        .limit(1)
    )
    row = connection.execute(found).first()
    if row is None:
        return None
    values = dict(row._mapping)
    if values["state"] != "planned":
        values["waits_for"] = None
    return MessageRow(**values)
