"""Moves many messages of a run to another state, a range of them at a time.

Each transaction is short, so that an unsubscribe or a mark never waits for long. Rows that somebody
else has locked are passed over and looked at again: nothing here waits for anybody, so nothing can
wait for each other.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select, update

from ..engine import Store
from ..tables import messages
from .history import add_history

SECONDS_AT_ONCE = 0.1
"""How long one transaction is meant to last; never near half a second."""

FIRST_ROWS, LEAST_ROWS, MOST_ROWS = 1_000, 100, 8_000
"""How many rows of the run the first transaction looks at, and any of them at least and at most."""

PAUSE_SECONDS = 0.005
"""Between two transactions, so that others get their turn at a SQLite file."""

LOWEST_ID = -(2**63)


def move_messages(
    store: Store,
    run_id: int,
    condition: ColumnElement[bool],
    values: Mapping[str, Any],
    *,
    also: Callable[[Connection], None] | None = None,
    history: tuple[str, int, Mapping[str, Any]] | None = None,
) -> int:
    """Move those messages of a run for which a condition holds; return how many moved.

    It may be killed half way and called again: what was moved is no longer found.

    Args:
        store: An open store.
        run_id: The run.
        condition: Over `messages`; it must not hold any more for what was moved.
        values: What the moved rows get.
        also: Done in each transaction that moved something.
        history: What to note for each message: kind, moment, facts.
    """
    total, last, rows = 0, LOWEST_ID, FIRST_ROWS
    while (upper := _find_upper(store, run_id, last, rows)) is not None:
        began = time.perf_counter()
        with store.begin() as connection:
            moved = _move(connection, run_id, condition, values, last, upper)
            if moved and also is not None:
                also(connection)
            if moved and history is not None:
                kind, at, facts = history
                add_history(connection, kind, at, [(id, dict(facts)) for id in moved])
        total += len(moved)
        lasted = max(time.perf_counter() - began, 0.001)
        rows = round(rows * min(1.5, max(0.25, SECONDS_AT_ONCE / lasted)))
        rows = min(MOST_ROWS, max(LEAST_ROWS, rows))
        last = upper
        time.sleep(PAUSE_SECONDS)
    return total


def _find_upper(store: Store, run_id: int, last: int, rows: int) -> int | None:
    page = (
        select(messages.c.recipient)
        .where(messages.c.run_id == run_id, messages.c.recipient > last)
        .order_by(messages.c.recipient)
        .limit(rows)
        .subquery()
    )
    with store.read() as connection:
        return connection.execute(select(func.max(page.c.recipient))).scalar()


def _move(
    connection: Connection,
    run_id: int,
    condition: ColumnElement[bool],
    values: Mapping[str, Any],
    above: int,
    upto: int,
) -> list[int]:
    picked = (
        select(messages.c.id)
        .where(
            messages.c.run_id == run_id,
            messages.c.recipient > above,
            messages.c.recipient <= upto,
            condition,
        )
        .order_by(messages.c.id)
        .with_for_update(skip_locked=True)
        .cte("picked")
    )
    moved = (
        update(messages)
        .where(messages.c.id.in_(select(picked.c.id)), condition)
        .values(**values)
        .returning(messages.c.id)
    )
    return list(connection.execute(moved).scalars())
