"""Pauses a run whose messages bounce or annoy too often, before it costs the sender's name."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, func, literal_column, select

from ..errors import BallyhooError
from ..store.ledger.rates import step_down
from ..store.ledger.runs import RunRow, add_details, move_run
from ..store.tables import message_events, messages
from .engine import LOG, Engine
from .health import find_reputation_problem
from .pacing import find_warm_up_keys

FORGIVEN = "forgiven"
"""What a run keeps of the counts at which a person let it go on."""


def watch_reputation(engine: Engine, row: RunRow) -> None:
    """Pause a run over its limits of bounces or complaints, and take its ladder a step down."""
    with engine.store.read() as connection:
        counts = _count(connection, row.id)
    if counts is None:
        return
    forgiven = row.details.get(FORGIVEN, {})
    fresh = {name: count - forgiven.get(name, 0) for name, count in counts.items()}
    problem = find_reputation_problem(fresh["sent"], fresh["bounce"], fresh["complaint"])
    if problem is None:
        return
    with engine.store.begin() as connection:
        if not move_run(connection, row.id, ("running", "waiting"), "paused", reason=problem):
            return
        for key in _find_ladders(engine, row.id):
            step_down(connection, key)
    LOG.error("paused: %s", problem, extra={"run": row.id})


def forgive_reputation(connection: Connection, run_id: int) -> None:
    """Let a run go on from here: only what bounces from now on counts against it."""
    counts = _count(connection, run_id)
    if counts is not None:
        add_details(connection, run_id, {FORGIVEN: counts})


def _find_ladders(engine: Engine, run_id: int) -> list[str]:
    from .runs import load_run

    try:
        return find_warm_up_keys(load_run(engine, run_id))
    except BallyhooError:
        return []  # its plugins are not here, so neither is its ladder


def _count(connection: Connection, run_id: int) -> dict[str, int] | None:
    """Return how many of a run were sent, bounced and complained about; None: none did."""
    harm: Any = literal_column("kind IN ('bounce', 'complaint')")  # as its index says it
    counted = (
        select(message_events.c.kind, func.count(message_events.c.message_id.distinct()))
        .join(messages, messages.c.id == message_events.c.message_id)
        .where(messages.c.run_id == run_id, harm)
        .group_by(message_events.c.kind)
    )
    kinds = {row[0]: row[1] for row in connection.execute(counted)}
    if not kinds:
        return None
    sent = select(func.count()).where(messages.c.run_id == run_id, messages.c.sent_at.is_not(None))
    return {
        "sent": connection.execute(sent).scalar_one(),
        "bounce": kinds.get("bounce", 0),
        "complaint": kinds.get("complaint", 0),
    }
