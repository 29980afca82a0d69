"""Removes what the settings say is kept long enough, in short transactions."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, select, update

from ..setting_tables import Retention
from .audit import record_audit
from .bulk import CHUNK_ROWS, delete_rows
from .engine import Store
from .listeners import keep_places
from .profiles import refresh_profiles
from .reading import to_moment
from .tables import WORDLESS, enquiries, events, message_events, messages, replies
from .writers.writer import mark_stale

KEPT_EVENTS = ("purchase", "return")
"""Events that orders and spending rest on; they stay."""

MEASURED = ("open", "click")
"""What is counted of messages, which tells a machine's from a person's by its data."""

OPEN_STATES = ("planned", "ready", "held", "claimed", "sending", "unknown")
"""States of messages whose body is still needed."""


def prune_store(store: Store, retention: Retention, *, now: datetime) -> dict[str, int]:
    """Remove bodies, events and enquiries that are older than the settings allow.

    Bodies are the rendered messages and the copy of messages that are through; the row of the
    ledger stays. Purchases and returns stay, because orders and spending rest on them; profiles
    then say what the remaining events say. Enquiries lose their text.

    Args:
        store: An open store.
        retention: The settings; None keeps.
        now: The moment from which days are counted back.

    Returns:
        How many bodies, events and enquiries went.
    """
    pruned = {"bodies": 0, "events": 0, "enquiries": 0}
    if retention.bodies_days is not None:
        pruned["bodies"] = _empty_rows(
            store,
            messages,
            and_(
                messages.c.created_at < _cut(now, retention.bodies_days),
                messages.c.state.not_in(OPEN_STATES),
                (messages.c.body.is_not(None) | messages.c.content.is_not(None)),
            ),
            {"body": None, "content": None, "facts": None},
        )
        _empty_rows(
            store,
            message_events,
            and_(
                message_events.c.at < _cut(now, retention.bodies_days),
                message_events.c.data.is_not(None),
                message_events.c.kind.not_in(MEASURED),
            ),
            {"data": None},
        )
    if retention.events_days is not None:
        pruned["events"] = _delete_events(store, _cut(now, retention.events_days))
        refresh_profiles(store)
    if retention.enquiries_days is not None:
        pruned["enquiries"] = _empty_rows(
            store,
            enquiries,
            and_(
                enquiries.c.at < _cut(now, retention.enquiries_days),
                enquiries.c.text.is_not(None),
            ),
            {"text": None},
        )
        old = select(enquiries.c.id).where(enquiries.c.at < _cut(now, retention.enquiries_days))
        _empty_rows(
            store,
            replies,
            and_(
                replies.c.enquiry_id.in_(old),
                replies.c.text.is_not(None) | replies.c.summary.is_not(None),
            ),
            WORDLESS,
        )
    if any(pruned.values()):
        with store.begin() as connection:
            record_audit(connection, "prune", "", details=dict(pruned))
    return pruned


def _cut(now: datetime, days: int) -> int:
    return to_moment(now - timedelta(days=days))


def _empty_rows(
    store: Store, table: Table, where: ColumnElement[bool], values: dict[str, Any]
) -> int:
    done = 0
    while True:
        with store.begin() as connection:
            (identity,) = table.primary_key
            ids = connection.execute(select(identity).where(where).limit(CHUNK_ROWS)).scalars()
            changed = connection.execute(
                update(table).where(identity.in_(ids.all())).values(**values)
            ).rowcount
        done += changed
        if changed < CHUNK_ROWS:
            return done


def _delete_events(store: Store, before: int) -> int:
    """Delete events from the oldest on, and note whose profile has to be computed anew."""
    done = 0
    oldest = 0
    while True:
        query = (
            select(events.c.id, events.c.customer_id, events.c.at)
            .where(events.c.at >= oldest, events.c.at < before, events.c.type.not_in(KEPT_EVENTS))
            .order_by(events.c.at)
            .limit(CHUNK_ROWS)
        )
        with store.begin() as connection:
            rows = connection.execute(query).all()
            if delete_rows(connection, events, "id", [row.id for row in rows]):
                keep_places(connection)
            mark_stale(connection, {row.customer_id for row in rows})
        done += len(rows)
        if len(rows) < CHUNK_ROWS:
            return done
        oldest = rows[-1].at
