"""Sweeps the ledger: takes back lost leases, closes runs that are through, pauses harmful ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from ..store.engine import Store
from ..store.ledger.claims import find_next_due
from ..store.ledger.expiry import expire_messages
from ..store.ledger.receipts import has_messages
from ..store.ledger.recovery import Recovered, recover_leases
from ..store.ledger.runs import list_open_runs, move_run
from ..store.tables import batches, messages, runs
from .controlling import cancel_leftovers
from .crash_points import reach
from .engine import LOG, Engine
from .reputation import watch_reputation


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What an open run has to do.

    Attributes:
        run_id: The run.
        is_planning: It is to be planned.
        has_planned: Messages are to be prepared.
        is_due: Messages may leave.
        next_due_at: When the next one is due, in UTC milliseconds; None when none is ready.
        has_held: Messages wait for a person.
    """

    run_id: int
    is_planning: bool = False
    has_planned: bool = False
    is_due: bool = False
    next_due_at: int | None = None
    has_held: bool = False


def sweep(engine: Engine) -> list[Due]:
    """Take back what was lost, and say what there is to do.

    Safe to call at any time, by anybody, also by several at once.
    """
    recovered = recover_leases(engine.owner, now=engine.now)
    reach("recovered")
    if recovered != Recovered():
        LOG.info(
            "recovered leases",
            extra={
                "back": recovered.ready, "unknown": recovered.unknown, "failed": recovered.failed,
            },
        )  # fmt: skip
    cancel_leftovers(engine.store)
    with engine.store.read() as connection:
        open_runs = list_open_runs(connection)
    found = []
    for row in open_runs:
        if row.state in ("running", "waiting"):
            watch_reputation(engine, row)
        due = settle_state(engine.store, row.id, now=engine.now)
        if due is not None:
            found.append(due)
    return found


def settle_state(store: Store, run_id: int, *, now: int) -> Due | None:
    """Bring the state of an open run up to date, and say what it has to do.

    Returns:
        None when it is through, paused or cancelled.
    """
    expire_messages(store, run_id, now=now)
    with store.begin() as connection:
        row = connection.execute(
            select(runs.c.state, runs.c.not_before).where(runs.c.id == run_id)
        ).one()
        if row.state == "planning":
            return Due(run_id=run_id, is_planning=True)
        if row.state not in ("running", "waiting"):
            return None
        due = _look(connection, run_id, now)
        if not due.has_planned and due.next_due_at is None and not due.has_held:
            if not has_messages(connection, run_id, "claimed", "sending"):
                move_run(connection, run_id, ("running", "waiting"), "finished", finished_at=now)
                reach("run_closed")
                return None
            return due
        is_waiting = not due.is_due and not _has_work(connection, run_id, now)
        if is_waiting != (row.state == "waiting"):
            after = "waiting" if is_waiting else "running"
            move_run(connection, run_id, (row.state,), after)  # type: ignore[arg-type]
        return due


def _look(connection: Connection, run_id: int, now: int) -> Due:
    next_due_at = find_next_due(connection, run_id, _list_variants(connection, run_id))
    return Due(
        run_id=run_id,
        has_planned=has_messages(connection, run_id, "planned"),
        is_due=next_due_at is not None and next_due_at <= now,
        next_due_at=next_due_at,
        has_held=has_messages(connection, run_id, "held"),
    )


def _list_variants(connection: Connection, run_id: int) -> Sequence[str | None]:
    details = connection.execute(select(runs.c.details).where(runs.c.id == run_id)).scalar_one()
    return details.get("variants") or [None]


def _has_work(connection: Connection, run_id: int, now: int) -> bool:
    """Whether something is being done, or is to be prepared now."""
    if has_messages(connection, run_id, "claimed", "sending"):
        return True
    if not has_messages(connection, run_id, "planned"):
        return False
    put_off = select(func.count()).where(
        batches.c.run_id == run_id, batches.c.state == "open", batches.c.due_at > now
    )
    open_ones = select(func.count()).where(batches.c.run_id == run_id, batches.c.state == "open")
    loose = (
        select(messages.c.id)
        .where(messages.c.run_id == run_id, messages.c.batch_id.is_(None))
        .limit(1)
    )
    counted = connection.execute(put_off).scalar_one()
    return counted < connection.execute(open_ones).scalar_one() or (
        connection.execute(loose.where(messages.c.state == "planned")).first() is not None
    )
