"""Batches: slices of a run's planned messages, each prepared by one owner at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, case, insert, null, or_, select, update

from ..engine import Store
from ..tables import batches, messages
from .leases import LeaseLost
from .moments import DatabaseNow, lease_until
from .owners import Owner
from .parameters import dump_rows, list_rows
from .runs import is_working
from .states import is_state, is_variant

MOST_TRIES = 3
"""How often a batch is tried as a whole before its messages are tried one by one."""

PREPARED = (
    ("id", "integer"), ("state", "text"), ("reason", "text"), ("due_at", "integer"),
    ("content", "json"),
)  # fmt: skip
"""What `finish_batch` takes for each message, in this order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRow:
    """A planned message of a batch."""

    id: int
    recipient: int
    address_id: int | None
    due_at: int
    crashes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A batch that this owner may prepare.

    Attributes:
        id: Its id.
        run_id: Its run.
        variant: Of all its messages; None without an experiment.
        token: What fences it.
        attempts: How often it was taken, this time included.
        failing_since: When a plugin first failed on it, in UTC milliseconds; None if none did.
        rows: Its messages, by id.
    """

    id: int
    run_id: int
    variant: str | None
    token: str
    attempts: int
    failing_since: int | None
    rows: tuple[PlannedRow, ...]


def take_batch(
    store: Store,
    run_id: int,
    owner: Owner,
    *,
    now: int,
    size: Callable[[str | None], int],
    variants: Sequence[str | None] = (None,),
) -> Batch | None:
    """Take a batch that is due and that nobody prepares, or make one of messages in none.

    Its lease is renewed until its token is dropped.

    Args:
        store: An open store.
        run_id: The run.
        owner: Who will prepare it.
        now: The moment, in UTC milliseconds of the injected clock.
        size: How many messages a batch of a variant has at most.
        variants: The names of the run's variants; where None is not among them, a message without
            one waits for its wave.

    Returns:
        The batch; None when there is nothing to prepare now, or the run is paused or through.
    """
    token = owner.make_token()
    with owner.dropping(token), store.begin() as connection:
        taken = None
        if is_working(connection, run_id):
            taken = _take_open(connection, run_id, owner, token, now) or _make(
                connection, run_id, owner, token, size, variants
            )
    if taken is None:
        owner.drop_token(token)
    return taken


def finish_batch(
    connection: Connection, batch: Batch, results: Iterable[Sequence[Any]]
) -> list[int]:
    """Store what became of a batch's messages, and close it.

    Args:
        connection: Within a transaction that writes.
        batch: As it was taken.
        results: For each message the values of `PREPARED`.

    Returns:
        The ids of the messages that moved as they were told to; one that was cancelled meanwhile
        did not, and one whose recipient was erased is skipped, and nothing of hers is kept.

    Raises:
        LeaseLost: Somebody else has the batch by now; nothing is stored.
    """
    _close(connection, batch, "done")
    rows = list_rows(connection.dialect.name, PREPARED)
    is_erased = messages.c.address_id.is_(None)
    moved = (
        update(messages)
        # Who was given to another variant meanwhile is in this batch no more.
        .where(messages.c.id == rows.c.id, messages.c.batch_id == batch.id, is_state("planned"))
        .values(
            state=case((is_erased, "skipped"), else_=rows.c.state),
            reason=case((is_erased, "no_address"), else_=rows.c.reason),
            due_at=rows.c.due_at,
            content=case((is_erased, null()), else_=rows.c.content),
            crashes=0,
        )
        .returning(messages.c.id, messages.c.address_id)
    )
    found = connection.execute(moved, {"rows": dump_rows(results)})
    return [row.id for row in found if row.address_id is not None]


def split_batch(connection: Connection, batch: Batch) -> None:
    """Close a batch whose messages are to be tried one by one, as one of them is the reason.

    Raises:
        LeaseLost: Somebody else has it by now.
    """
    _close(connection, batch, "split")
    connection.execute(
        update(messages)
        .where(messages.c.batch_id == batch.id, is_state("planned"))
        .values(batch_id=None, crashes=messages.c.crashes + 1)
    )


def _close(connection: Connection, batch: Batch, state: str) -> None:
    closed = connection.execute(
        update(batches)
        .where(batches.c.id == batch.id, batches.c.lease_token == batch.token)
        .values(state=state, lease_owner=None, lease_token=None, lease_until=None)
    )
    if closed.rowcount != 1:
        raise LeaseLost(f"batch {batch.id}")


def _take_open(
    connection: Connection, run_id: int, owner: Owner, token: str, now: int
) -> Batch | None:
    free = or_(batches.c.lease_token.is_(None), batches.c.lease_until < DatabaseNow())
    due = or_(batches.c.due_at.is_(None), batches.c.due_at <= now)
    first = (
        select(batches.c.id)
        .where(batches.c.run_id == run_id, batches.c.state == "open", free, due)
        .order_by(batches.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .cte("first")
    )
    taken = (
        update(batches)
        .where(batches.c.id.in_(select(first.c.id)))
        .values(
            lease_owner=owner.id,
            lease_token=token,
            lease_until=lease_until(owner.claim_seconds),
            attempts=batches.c.attempts + 1,
        )
        .returning(batches.c.id, batches.c.variant, batches.c.attempts, batches.c.failing_since)
    )
    row = connection.execute(taken).first()
    if row is None:
        return None
    variant = row.variant or None
    own = and_(
        messages.c.run_id == run_id,
        messages.c.batch_id == row.id,
        is_variant(variant),
        is_state("planned"),
    )
    found = select(*_ROW).where(own).order_by(messages.c.id)
    return Batch(
        id=row.id,
        run_id=run_id,
        variant=variant,
        token=token,
        attempts=row.attempts,
        failing_since=row.failing_since,
        rows=tuple(PlannedRow(**one._mapping) for one in connection.execute(found)),
    )


_ROW = [messages.c[name] for name in PlannedRow.__slots__]


def _make(
    connection: Connection,
    run_id: int,
    owner: Owner,
    token: str,
    size: Callable[[str | None], int],
    variants: Sequence[str | None],
) -> Batch | None:
    loose = and_(messages.c.run_id == run_id, is_state("planned"), messages.c.batch_id.is_(None))
    if None not in variants:
        loose = and_(loose, messages.c.variant > "")
    first = connection.execute(
        select(messages.c.variant, messages.c.crashes)
        .where(loose)
        .order_by(messages.c.variant, messages.c.id)
        .limit(1)
    ).first()
    if first is None:
        return None
    made = (
        insert(batches)
        .values(
            run_id=run_id,
            variant=first.variant or "",
            state="open",
            attempts=1,
            lease_owner=owner.id,
            lease_token=token,
            lease_until=lease_until(owner.claim_seconds),
        )
        .returning(batches.c.id)
    )
    batch_id = connection.execute(made).scalar_one()
    # Who was in a batch that crashed is tried alone.
    fits = messages.c.crashes > 0 if first.crashes else messages.c.crashes == 0
    slice_ = (
        select(messages.c.id)
        .where(loose, is_variant(first.variant), fits)
        .order_by(messages.c.id)
        .limit(1 if first.crashes else size(first.variant))
        .with_for_update(skip_locked=True)
        .cte("slice")
    )
    rows = connection.execute(
        update(messages)
        .where(messages.c.id.in_(select(slice_.c.id)))
        .values(batch_id=batch_id)
        .returning(*_ROW)
    ).all()
    if not rows:  # others took them between the two looks
        connection.execute(
            update(batches)
            .where(batches.c.id == batch_id)
            .values(state="done", lease_owner=None, lease_token=None, lease_until=None)
        )
        return None
    return Batch(
        id=batch_id,
        run_id=run_id,
        variant=first.variant,
        token=token,
        attempts=1,
        failing_since=None,
        rows=tuple(sorted((PlannedRow(**row._mapping) for row in rows), key=lambda one: one.id)),
    )
