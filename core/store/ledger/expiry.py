"""Expires messages that are too late, wherever they wait: for copy, a person, or their turn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, null, or_, select, update

from ..engine import Store
from ..tables import messages, runs
from .doubts import end_untold
from .states import is_state, list_prepared, waits_for_variant

CHUNK_ROWS = 2_000
"""Rows of one transaction: well under half a second on SQLite."""

EXPIRES = "expires_at"
"""Where a run keeps when the first of its messages expires, in UTC milliseconds."""

WAITS_UNTIL = "waits_until"
"""Where a run keeps when messages expire whose wave is not open by then."""


def expire_messages(store: Store, run_id: int, *, now: int) -> int:
    """Expire the messages of a run that nobody was told of in time; return how many.

    Those that are claimed are left to who claimed them.

    Args:
        store: An open store.
        run_id: The run.
        now: The moment, in UTC milliseconds of the injected clock.
    """
    with store.read() as connection:
        first = connection.execute(
            select(runs.c.details[EXPIRES].as_string()).where(runs.c.id == run_id)
        ).scalar()
        if first is None or int(first) > now:
            return 0
        details = connection.execute(select(runs.c.details).where(runs.c.id == run_id)).scalar_one()
    waiting = _list_waiting(details, now)
    total = 0
    while True:
        with store.begin() as connection:
            moved = _expire_some(connection, run_id, waiting, now)
        total += moved
        if moved < CHUNK_ROWS:
            return total


def _list_waiting(details: Mapping[str, Any], now: int) -> ColumnElement[bool]:
    """Return which messages may be late: those of waves that are not open only when all are."""
    variants = details.get("variants") or [None]
    # Each state for itself, because each has an index of its own.
    found = [*list_prepared(variants), is_state("ready"), is_state("held")]
    until = details.get(WAITS_UNTIL)
    if until is not None and until <= now:
        found.append(and_(is_state("planned"), waits_for_variant(variants)))
    return or_(*found)


def _expire_some(
    connection: Connection, run_id: int, waiting: ColumnElement[bool], now: int
) -> int:
    late = (
        select(messages.c.id)
        .where(messages.c.run_id == run_id, waiting, messages.c.expires_at <= now)
        .limit(CHUNK_ROWS)
        .with_for_update(skip_locked=True)
        .cte("late")
    )
    expired = connection.execute(
        update(messages)
        .where(messages.c.id.in_(select(late.c.id)), waiting)
        .values(reason=null(), **end_untold("expired"))
    )
    return expired.rowcount
