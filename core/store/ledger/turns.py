"""Turns: what one process does for all, and what is better done by one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from ..engine import Store
from ..tables import rates
from .moments import DatabaseNow, lease_until

SWEEP = "sweep"
"""The key of the sweep among the rates."""

LOCK_CLASS = 4713
"""Of the advisory locks of deliveries; those of owners are of another one."""


def take_sweep(store: Store, *, seconds: float) -> bool:
    """Whether it is this process that sweeps now: one of all that ask within so many seconds.

    Nobody holds anything: who dies over a sweep leaves the next one to whoever asks then. It goes
    by the database's own time.
    """
    with store.read() as connection:
        waits = connection.execute(
            select(rates.c.free_at - DatabaseNow()).where(rates.c.key == SWEEP)
        ).scalar()
    if waits is not None and 0 < waits <= 2_000 * seconds:  # beyond that a clock was set back
        return False
    with store.begin() as connection:
        until = lease_until(seconds)
        if waits is None:
            dialects: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
            into = dialects[connection.dialect.name](rates)
            made = into.values(key=SWEEP, free_at=until).on_conflict_do_nothing()
            return connection.execute(made.returning(rates.c.key)).first() is not None
        is_free = or_(rates.c.free_at <= DatabaseNow(), rates.c.free_at > lease_until(2 * seconds))
        taken = update(rates).where(rates.c.key == SWEEP, is_free).values(free_at=until)
        return connection.execute(taken).rowcount == 1


@contextmanager
def hold_delivery(store: Store, run_id: int) -> Iterator[bool]:
    """Hold the delivery of a run against everybody else who asks for it, for the block.

    It is a courtesy, not a fence: the ledger takes any number of deliveries of a run at once. It
    is given back when the process is gone, however it went. On SQLite it is always granted.

    Yields:
        Whether it is ours; False when somebody else has it.
    """
    if store.dialect != "postgresql":
        yield True
        return
    connection = store.engine.connect()
    try:
        # A connection of its own, which the others of this process need not do without.
        connection.detach()
        asked = text("SELECT pg_try_advisory_lock(:class, :id)")  # held beyond the transaction
        with connection.begin():
            is_ours = connection.execute(asked, {"class": LOCK_CLASS, "id": run_id}).scalar_one()
        yield bool(is_ours)
    finally:
        with suppress(DBAPIError):
            connection.close()
