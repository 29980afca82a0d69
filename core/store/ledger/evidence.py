"""What the world tells of a message afterwards: that it was out, that it came back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, Select, func, select, update
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite

from ..tables import addresses, message_events, messages
from .history import RESOLVED, add_history
from .leases import UNLEASED
from .parameters import dump_ids, list_ids

PROOFS = ("open", "click")
"""What shows that mail to an address arrives: bounces before it count no more."""

GREATEST_ID = 2**63 - 1
"""What a database takes as an id."""

MOST_OF_RUN = 100
"""So many messages of one run to one address are looked at: replies may be many."""

Resolved = Literal["sent", "failed", "ready"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SentRow:
    """A message as far as returns need it."""

    id: int
    run_id: int
    recipient: int
    address_id: int | None
    channel: str
    sent_at: int | None
    state: str


_SENT = [messages.c[name] for name in SentRow.__slots__]


def read_message(connection: Connection, message_id: int) -> SentRow | None:
    """Return the message with this id; None when there is none."""
    if not 0 <= message_id <= GREATEST_ID:
        return None
    return _first(connection, select(*_SENT).where(messages.c.id == message_id))


def find_message_of(
    connection: Connection, run_id: int, recipient: int, *, id: int | None = None
) -> SentRow | None:
    """Return somebody's message in a run, the first or the one with an id; None without one."""
    if not (run_id <= GREATEST_ID and abs(recipient) <= GREATEST_ID):
        return None
    found = select(*_SENT).where(messages.c.run_id == run_id, messages.c.recipient == recipient)
    if id is not None:
        found = found.where(messages.c.id == id)
    return _first(connection, found.order_by(messages.c.id))


def find_message_to(connection: Connection, hashed: str) -> SentRow | None:
    """Return the newest message that left for an address; None when none did.

    Args:
        connection: Within any transaction.
        hashed: The hash of the normalised address.
    """
    return _first(connection, _select_to(hashed))


def find_messages_to(connection: Connection, hashed: str, run_id: int) -> list[SentRow]:
    """Return the messages of a run that left for an address, the newest `MOST_OF_RUN` of them."""
    if not 0 <= run_id <= GREATEST_ID:
        return []
    found = _select_to(hashed).where(messages.c.run_id == run_id).limit(MOST_OF_RUN)
    return [SentRow(**row._mapping) for row in connection.execute(found)]


def _select_to(hashed: str) -> Select[Any]:
    return (
        select(*_SENT)
        .select_from(messages.join(addresses, addresses.c.id == messages.c.address_id))
        .where(addresses.c.hash == hashed, messages.c.sent_at.is_not(None))
        .order_by(messages.c.sent_at.desc(), messages.c.id.desc())
    )


def lock_address(connection: Connection, address_id: int | None) -> None:
    """Let one transaction at a time tell of an address, and marks wait for it."""
    if address_id is not None:
        locked = select(addresses.c.id).where(addresses.c.id == address_id).with_for_update()
        connection.execute(locked)


def add_return(
    connection: Connection,
    message_id: int,
    kind: str,
    at: int,
    *,
    source: str,
    key: str,
    facts: dict[str, Any],
) -> bool:
    """Note what came back for a message; False when it was noted before, under the same key."""
    values = {
        "message_id": message_id, "kind": kind, "at": at, "source": source,
        "provider_event_id": key, "data": facts,
    }  # fmt: skip
    is_sqlite = connection.dialect.name == "sqlite"
    add = insert_on_sqlite if is_sqlite else insert_on_postgresql
    statement = add(message_events).values(values).on_conflict_do_nothing()
    added = connection.execute(statement.returning(message_events.c.id))
    return added.first() is not None


def count_soft_bounces(connection: Connection, address_id: int, channel: str, since: int) -> int:
    """Return how many messages to an address came back since, and since one was last looked at."""
    of_address = (messages.c.address_id == address_id, messages.c.channel == channel)
    joined = message_events.join(messages, messages.c.id == message_events.c.message_id)
    proof = (
        select(func.max(message_events.c.at))
        .select_from(joined)
        .where(*of_address, message_events.c.kind.in_(PROOFS))
    )
    since = max(since, connection.execute(proof).scalar() or 0)
    counted = (
        select(func.count(message_events.c.message_id.distinct()))
        .select_from(joined)
        .where(*of_address, message_events.c.kind == "bounce", message_events.c.at > since)
    )
    return connection.execute(counted).scalar_one()


def resolve_message(
    connection: Connection, message_id: int, state: Resolved, now: int, by: str, **values: Any
) -> bool:
    """Say what an unknown message is; False when it is not unknown.

    Args:
        connection: Within a transaction that writes.
        message_id: The message.
        state: What it is.
        now: The moment, in UTC milliseconds.
        by: What showed it.
        values: What else the row gets.
    """
    moved = connection.execute(
        update(messages)
        .where(messages.c.id == message_id, messages.c.state == "unknown")
        .values(**{"state": state, "reason": None, **UNLEASED, **values})
    )
    if moved.rowcount:
        add_history(connection, RESOLVED, now, [(message_id, {"as": state, "by": by})])
    return bool(moved.rowcount)


def read_messages(connection: Connection, message_ids: Collection[int]) -> dict[int, SentRow]:
    """Return messages by their ids; unknown ones are left out."""
    found = select(*_SENT).where(messages.c.id.in_(list_ids(connection.dialect.name)))
    rows = connection.execute(found, {"ids": dump_ids(sorted(message_ids))})
    names = SentRow.__slots__
    return {row[0]: SentRow(**dict(zip(names, row, strict=True))) for row in rows}


def prove_sent(connection: Connection, message_ids: Collection[int], now: int, by: str) -> None:
    """Say of those of some messages that were unknown that they were out.

    Args:
        connection: Within a transaction that writes.
        message_ids: The messages.
        now: The moment, in UTC milliseconds.
        by: What showed it.
    """
    moved = connection.execute(
        update(messages)
        .where(messages.c.id.in_(list_ids(connection.dialect.name)), messages.c.state == "unknown")
        .values(state="sent", reason=None, unknowns=0, **UNLEASED)
        .returning(messages.c.id),
        {"ids": dump_ids(sorted(message_ids))},
    )
    rows = [(id, {"as": "sent", "by": by}) for id in moved.scalars()]
    if rows:
        add_history(connection, RESOLVED, now, rows)


def _first(connection: Connection, found: Select[Any]) -> SentRow | None:
    row = connection.execute(found.limit(1)).first()
    return None if row is None else SentRow(**row._mapping)
