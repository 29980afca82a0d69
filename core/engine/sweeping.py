"""Sweeps the ledger: takes back lost leases, closes runs that are through, pauses harmful ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, func, select, true

from ..store.engine import Store
from ..store.ledger.expiry import expire_messages
from ..store.ledger.marks import resend_unknown
from ..store.ledger.outlook import Outlook, look_ahead
from ..store.ledger.recovery import Recovered, recover_leases
from ..store.ledger.runs import list_open_runs, lock_run, move_run, read_run
from ..store.ledger.standing import CLOSING, is_standing
from ..store.ledger.states import RunState, is_state
from ..store.tables import batches, messages
from .controlling import cancel_leftovers
from .crash_points import reach
from .engine import LOG, Engine
from .guarding import watch_guardrail
from .reputation import watch_reputation
from .wave_opening import foresee_wave, has_news


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What an open run has to do.

    Attributes:
        run_id: The run.
        is_planning: It is to be planned.
        has_planned: Messages are to be prepared.
        is_due: Messages may leave.
        next_due_at: When the next one is due, in UTC milliseconds; None when none is ready.
        prepares_at: When messages are to be prepared whose batch was put off; None when none was.
        has_held: Messages wait for a person.
        is_at_work: Somebody has some of them, or should have.
        has_wave: Something is to be done for its waves: one is to be opened, or its people drawn.
        opens_at: When the next wave opens, in UTC milliseconds; None when that is not known yet.
        is_standing: It is the run of an inbox: what is planned waits for its reply.
    """

    run_id: int
    is_planning: bool = False
    has_planned: bool = False
    is_due: bool = False
    next_due_at: int | None = None
    prepares_at: int | None = None
    has_held: bool = False
    is_at_work: bool = False
    has_wave: bool = False
    opens_at: int | None = None
    is_standing: bool = False


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
            watch_guardrail(engine, row)
        due = settle_state(engine.store, row.id, now=engine.now)
        if due is not None:
            found.append(replace(due, has_wave=due.has_wave or has_news(engine, row, due.opens_at)))
    return found


def settle_state(store: Store, run_id: int, *, now: int) -> Due | None:
    """Bring the state of an open run up to date, and say what it has to do.

    Returns:
        None when it is through, paused or cancelled.
    """
    expire_messages(store, run_id, now=now)
    with store.begin() as connection:
        row = read_run(connection, run_id)
        if row.state == "planning":
            return Due(run_id=run_id, is_planning=True)
        if row.state not in ("running", "waiting"):
            return None
        variants = row.details.get("variants") or [None]
        if lock_run(connection, run_id) != row.state:  # somebody else is at it: the next time
            due = _describe(run_id, look_ahead(connection, run_id, variants), now)
            return replace(due, is_standing=is_standing(row.details))
        for variant in row.details.get("resends", ()):
            resend_unknown(connection, run_id, variant, now=now)
        outlook = look_ahead(connection, run_id, variants)
        due = _describe(run_id, outlook, now)
        if is_standing(row.details):
            if row.details.get(CLOSING) and outlook.is_through:
                move_run(connection, run_id, (row.state,), "finished", finished_at=now)
                return None
            return replace(due, is_standing=True)
        is_busy = (
            due.is_due or outlook.is_in_flight or _is_to_prepare(connection, due, variants, now)
        )
        has_wave, opens_at = foresee_wave(connection, row, outlook, is_idle=not is_busy, now=now)
        if outlook.is_through and not has_wave:
            move_run(connection, run_id, (row.state,), "finished", finished_at=now)
            reach("run_closed")
            return None
        due = replace(due, has_wave=has_wave, opens_at=opens_at)
        is_waiting = not (is_busy or has_wave)
        if is_waiting != (row.state == "waiting"):
            after: RunState = "waiting" if is_waiting else "running"
            move_run(connection, run_id, (row.state,), after)
        return due


def _describe(run_id: int, outlook: Outlook, now: int) -> Due:
    at, batch_at = outlook.next_due_at, outlook.next_batch_at
    return Due(
        run_id=run_id,
        has_planned=outlook.has_planned,
        is_due=at is not None and at <= now,
        next_due_at=at,
        prepares_at=batch_at if batch_at is not None and batch_at > now else None,
        has_held=outlook.has_held,
        is_at_work=outlook.is_in_flight or outlook.is_preparing,
    )


def _is_to_prepare(
    connection: Connection, due: Due, variants: Sequence[str | None], now: int
) -> bool:
    """Whether messages are to be prepared now, and not only later."""
    if not due.has_planned:
        return False
    run_id = due.run_id
    put_off = select(func.count()).where(
        batches.c.run_id == run_id, batches.c.state == "open", batches.c.due_at > now
    )
    open_ones = select(func.count()).where(batches.c.run_id == run_id, batches.c.state == "open")
    loose = (
        select(messages.c.id)
        .where(
            messages.c.run_id == run_id,
            is_state("planned"),
            messages.c.batch_id.is_(None),
            true() if None in variants else messages.c.variant > "",
        )
        .limit(1)
    )
    counted = connection.execute(put_off).scalar_one()
    return counted < connection.execute(open_ones).scalar_one() or (
        connection.execute(loose).first() is not None
    )
