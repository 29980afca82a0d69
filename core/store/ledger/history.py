"""What happened to a message on its way, for `explain`; what went well at once needs no row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, select

from ..bulk import insert_rows
from ..tables import message_events
from .parameters import dump_json

SOURCE = "engine"

SENT = "sent"
"""It left; noted only where somebody is told what happened."""

ATTEMPT = "attempt"
"""A channel answered something else than that it was sent."""

CRASH = "crash"
"""An owner died, or stood still for too long, while it had the message."""

RESOLVED = "resolved"
"""It was decided what an unknown message is, or that a held one does not leave."""

RETRIED = "retried"
"""A person let a failed message be tried again."""

MOVED = "moved"
"""Her variant was stopped, and she was given to another one."""

APPROVED = "approved"
"""A person let a held message leave."""


def add_history(
    connection: Connection, kind: str, at: int, happened: Iterable[tuple[int, dict[str, Any]]]
) -> None:
    """Note what happened to messages.

    Args:
        connection: Within a transaction that writes.
        kind: What, one word for all of them.
        at: When, in UTC milliseconds.
        happened: For each message its id and the facts, without identity.
    """
    rows = [(id, kind, at, SOURCE, dump_json(facts)) for id, facts in happened]
    columns = ("message_id", "kind", "at", "source", "data")
    insert_rows(connection, message_events, columns, rows, are_new=True)


def read_history(connection: Connection, message_id: int) -> list[dict[str, Any]]:
    """Return what happened to a message, in order, what came back from outside included."""
    found = (
        select(message_events)
        .where(message_events.c.message_id == message_id)
        .order_by(message_events.c.at, message_events.c.id)
    )
    return [
        {"kind": row.kind, "at": row.at, "source": row.source, **(row.data or {})}
        for row in connection.execute(found)
    ]
