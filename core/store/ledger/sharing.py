"""Shares a rate fairly among the runs that send at it: who had the last of it lets others go first.

Each run keeps in `rates` when it was last given something, and when it last asked in vain. One that
was given something later than another one that waits lets that one go first. So whoever waits for
longest never yields, and nobody waits for a run that does not ask any more.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from ..tables import rates

LEAST_PATIENCE_MS = 10_000
"""How long a run counts as waiting since it asked in vain, at least."""


def must_yield(
    connection: Connection, key: str, run_id: int, *, now: int, interval_ms: int
) -> bool:
    """Whether another run waits for a rate that was given something longer ago.

    Args:
        connection: Within a transaction that writes, and that holds the rate.
        key: The rate's.
        run_id: Who asks.
        now: UTC milliseconds.
        interval_ms: From one message to the next at this rate.
    """
    mine = select(rates.c.window_at).where(rates.c.key == _name(key, run_id)).scalar_subquery()
    since = now - max(LEAST_PATIENCE_MS, 4 * interval_ms)
    prefix = _name(key, "")
    waiting = select(rates.c.key).where(
        rates.c.key > prefix,
        rates.c.key < f"{prefix}:",  # the sign after the digits
        rates.c.free_at > rates.c.window_at,
        rates.c.free_at.between(since, now),
        rates.c.window_at < mine,
    )
    return connection.execute(waiting.limit(1)).first() is not None


def note_asked(
    connection: Connection, key: str, run_id: int, *, now: int, is_granted: bool
) -> None:
    """Note that a run asked a rate for messages, and whether it was given any."""
    dialects: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
    values = {"window_at": now, "free_at": 0} if is_granted else {"free_at": now}
    into = dialects[connection.dialect.name](rates).values(key=_name(key, run_id), **values)
    connection.execute(into.on_conflict_do_update(index_elements=[rates.c.key], set_=values))


def _name(key: str, run_id: int | str) -> str:
    return f"{key}:run:{run_id}"
