"""Knows what keeps the messages of a run from moving on: batches that are put off, and leases."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select, update

from ..tables import batches, messages, runs
from .batches import Batch
from .leases import LeaseLost
from .states import is_state


@dataclass(frozen=True, slots=True, kw_only=True)
class PutOff:
    """Batches of a run that could not be prepared, and are tried again later.

    Attributes:
        count: How many.
        said: What the one said that is tried first.
        due_at: When that is, in UTC milliseconds.
    """

    count: int
    said: str
    due_at: int


def find_put_off(connection: Connection, run_id: int) -> PutOff | None:
    """Return the batches of a run that failed and are waiting; None when there are none."""
    waiting = (
        batches.c.run_id == run_id,
        batches.c.state == "open",
        batches.c.last_error.is_not(None),
        batches.c.due_at.is_not(None),
    )
    first = connection.execute(
        select(batches.c.last_error, batches.c.due_at)
        .where(*waiting)
        .order_by(batches.c.due_at)
        .limit(1)
    ).first()
    if first is None:
        return None
    count = connection.execute(select(func.count()).where(*waiting)).scalar_one()
    return PutOff(count=count, said=first.last_error, due_at=first.due_at)


def put_off_batch(
    connection: Connection, batch: Batch, *, now: int, due_at: int, said: str, is_counted: bool
) -> None:
    """Give a batch back, to be tried again later.

    Args:
        connection: Within a transaction that writes.
        batch: As it was taken.
        now: The moment, in UTC milliseconds.
        due_at: When it is tried again.
        said: What went wrong, without identity.
        is_counted: Whether this counts as a try; False when something was merely not there.

    Raises:
        LeaseLost: Somebody else has it by now.
    """
    given = connection.execute(
        update(batches)
        .where(batches.c.id == batch.id, batches.c.lease_token == batch.token)
        .values(
            lease_owner=None,
            lease_token=None,
            lease_until=None,
            due_at=due_at,
            last_error=said,
            failing_since=batch.failing_since or now,
            attempts=batch.attempts - (not is_counted),
        )
    )
    if given.rowcount != 1:
        raise LeaseLost(f"batch {batch.id}")


def list_holders(connection: Connection, run_id: int) -> set[int]:
    """Return the owners that hold something of a run: its plan, a batch, a message."""
    held = select(messages.c.lease_owner).where(
        messages.c.run_id == run_id, is_state("claimed", "sending")
    )
    found = set(connection.execute(held.distinct()).scalars())
    for table, key in ((batches, batches.c.run_id), (runs, runs.c.id)):
        leased = select(table.c.lease_owner).where(key == run_id, table.c.lease_token.is_not(None))
        found.update(connection.execute(leased.distinct()).scalars())
    return {owner for owner in found if owner is not None}


def count_held(connection: Connection, run_id: int) -> int:
    """Return how many messages of a run wait for a person."""
    counted = select(func.count()).where(messages.c.run_id == run_id, is_state("held"))
    return connection.execute(counted).scalar_one()


def count_left(connection: Connection, run_id: int) -> int:
    """Return how many messages of a run are still on their way, each state by its own index."""
    counts = (
        select(func.count()).where(messages.c.run_id == run_id, is_state(state))
        for state in ("planned", "ready", "held")
    )
    leased = select(func.count()).where(messages.c.run_id == run_id, is_state("claimed", "sending"))
    return sum(connection.execute(one).scalar_one() for one in (*counts, leased))
