"""Reads what happened in the order in which it was stored, and up to where that is certain."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, select, text

from ..event import OF_MESSAGES, Event, JsonValue
from .bulk import read_json, select_rows
from .engine import Store
from .ledger.history import RESOLVED, SENT
from .listeners import Place
from .reading import from_moment, make_event
from .tables import customers, events, links, message_events, messages, products, runs

MOST_SECONDS = 2.0
"""How long transactions are waited for that began to store something and are not through."""

LOOK_SECONDS = 0.02

TOLD_TWICE = ("open", "click", "complaint", "unsubscribe")
"""What is stored with the message, and as an event of hers with the same key."""

_WAITS_FOR = text(
    "SELECT virtualtransaction FROM pg_locks WHERE locktype = 'relation' AND granted "
    "AND mode = 'RowExclusiveLock' AND pid IS DISTINCT FROM pg_backend_pid() "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
    "AND relation IN ('events'::regclass, 'message_events'::regclass)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A part of what happened.

    Attributes:
        events: In the order in which each table took them, messages' first.
        end: Where it ends.
    """

    events: tuple[Event, ...]
    end: Place


def find_newest(connection: Connection) -> Place:
    """Return the place behind everything that can be seen."""
    newest = [
        connection.execute(select(func.coalesce(func.max(table.c.id), 0))).scalar_one()
        for table in (events, message_events)
    ]
    return Place(*newest)


def find_horizon(store: Store) -> Place | None:
    """Return a place before which nothing is stored any more: what lies there may be told.

    PostgreSQL gives ids before it commits: a row with a smaller id may appear after one with a
    greater one. Whoever stores a row has locked its table before it gets an id; so those are waited
    for who hold such a lock when the greatest id was read. Nobody waits for us.

    Returns:
        None when one of them takes too long: then it is another time's.
    """
    with store.read() as connection:
        newest = find_newest(connection)
    if store.dialect == "sqlite":
        return newest
    deadline = time.monotonic() + MOST_SECONDS
    waits: set[str] | None = None
    while True:
        with store.read() as connection:
            writing = set(connection.execute(_WAITS_FOR).scalars())
        waits = writing if waits is None else waits & writing
        if not waits:
            return newest
        if time.monotonic() > deadline:
            return None
        time.sleep(LOOK_SECONDS)


def read_batch(
    connection: Connection,
    start: Place,
    end: Place,
    *,
    most: int,
    types: Collection[str] | None = None,
) -> Batch:
    """Return what happened between two places, at most so much of each table.

    What machines did, opens and clicks, is left out.

    Args:
        connection: Within a transaction that reads.
        start: Behind what was told before.
        end: The horizon.
        most: How many rows of each table are read.
        types: Only these types of event; all when None.
    """
    happened, message_id = _read_of_messages(connection, start, end, most, types)
    told, event_id = _read_events(connection, start, end, most, types)
    return Batch(events=(*happened, *told), end=Place(event_id, message_id))


def count_behind(connection: Connection, start: Place, end: Place) -> int:
    """Return how many rows lie between two places, whoever is told of which."""
    count = 0
    for table, first, last in (
        (events, start.event_id, end.event_id),
        (message_events, start.message_event_id, end.message_event_id),
    ):
        between = select(func.count()).where(table.c.id > first, table.c.id <= last)
        count += connection.execute(between).scalar_one()
    return count


def name_customers(connection: Connection, ids: Collection[int]) -> dict[int, str]:
    """Return the shop's own id of customers; who was erased has none."""
    found = select_rows(connection, customers, ("id", "key"), "id", set(ids))
    return {id: key for id, key in found if key is not None}


def name_products(connection: Connection, ids: Collection[int]) -> dict[int, str]:
    """Return the sku of products."""
    return dict(select_rows(connection, products, ("id", "sku"), "id", set(ids)))


def _read_events(
    connection: Connection, start: Place, end: Place, most: int, types: Collection[str] | None
) -> tuple[list[Event], int]:
    found = select(events).where(events.c.id > start.event_id, events.c.id <= end.event_id)
    if types is not None:
        found = found.where(events.c.type.in_(sorted(types)))
    rows = connection.execute(found.order_by(events.c.id).limit(most)).all()
    keys = {row.key for row in rows if row.type in TOLD_TWICE}
    told = {
        key
        for (key,) in select_rows(
            connection, message_events, ("provider_event_id",), "provider_event_id", keys
        )
    }
    last = rows[-1].id if len(rows) == most else end.event_id
    return [make_event(row) for row in rows if row.key not in told], last


def _read_of_messages(
    connection: Connection, start: Place, end: Place, most: int, types: Collection[str] | None
) -> tuple[list[Event], int]:
    # A message that was unknown and turned out to be out is sent, too.
    wanted = {one for one in OF_MESSAGES if types is None or one in types}
    kinds = wanted | ({RESOLVED} if SENT in wanted else set())
    found = (
        select(
            message_events, messages.c.run_id, messages.c.recipient, messages.c.step,
            messages.c.variant, messages.c.channel, runs.c.campaign,
        )
        .join(messages, messages.c.id == message_events.c.message_id)
        .join(runs, runs.c.id == messages.c.run_id)
        .where(
            message_events.c.id > start.message_event_id,
            message_events.c.id <= end.message_event_id,
            message_events.c.kind.in_(sorted(kinds)),
        )
        .order_by(message_events.c.id)
        .limit(most)
    )  # fmt: skip
    rows = connection.execute(found).all() if kinds else []
    last = rows[-1].id if len(rows) == most else end.message_event_id
    facts = {row.id: read_json(row.data) or {} for row in rows}
    urls = _read_urls(connection, [one["link"] for one in facts.values() if "link" in one])
    told = [
        _make_event_of_message(row, facts[row.id], urls)
        for row in rows
        if not facts[row.id].get("machine")
        and (row.kind != RESOLVED or facts[row.id].get("as") == "sent")
    ]
    return told, last


def _read_urls(connection: Connection, numbers: Sequence[int]) -> dict[int, str]:
    return dict(select_rows(connection, links, ("id", "url"), "id", set(numbers)))


def _make_event_of_message(
    row: Row[Any], facts: Mapping[str, Any], urls: Mapping[int, str]
) -> Event:
    named: dict[str, JsonValue] = {
        "message": row.message_id, "run": row.run_id, "campaign": row.campaign,
        "variant": row.variant, "channel": row.channel,
    }  # fmt: skip
    if "link" in facts and facts["link"] in urls:
        named["url"] = urls[facts["link"]]
    for name in ("status", "reason", "is_permanent"):
        if facts.get(name) not in (None, ""):
            named[name] = facts[name]
    return Event(
        id=row.provider_event_id or f"#message/{row.id}",
        type=SENT if row.kind == RESOLVED else row.kind,
        at=from_moment(row.at),
        customer_id=row.recipient if row.recipient > 0 else None,
        source=row.source,
        properties=named,
    )
