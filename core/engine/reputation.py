"""Pauses a run whose messages bounce or annoy too often, before it costs the sender's name."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, func, literal_column, select

from ..errors import BallyhooError
from ..store.ledger.rates import step_down
from ..store.ledger.runs import RunRow, add_details, move_run, read_run
from ..store.tables import message_events, messages
from .engine import LOG, Engine
from .health import find_reputation_problem
from .pacing import find_warm_up_keys

FORGIVEN = "forgiven"
"""What a run keeps of the counts at which a person let it go on."""

HARMFUL = ("bounce", "complaint")

ABOVE = "above_message"
"""What a run keeps of the ledger: its own messages have greater ids than this one."""


def watch_reputation(engine: Engine, row: RunRow) -> None:
    """Pause a run over its limits of bounces or complaints, and take its ladder a step down."""
    forgiven = row.details.get(FORGIVEN, {})
    with engine.store.read() as connection:
        harm = _count_harm(connection, row)
        # Only more of it can make a problem of what was none: more that is sent makes it less.
        if not harm or engine.harmless.get(row.id) == (harm, forgiven):
            return
        counts = {**harm, "sent": _count_sent(connection, row.id)}
    fresh = {name: counts.get(name, 0) - forgiven.get(name, 0) for name in ("sent", *HARMFUL)}
    problem = find_reputation_problem(fresh["sent"], fresh["bounce"], fresh["complaint"])
    if problem is None:
        engine.harmless[row.id] = (harm, forgiven)
        return
    with engine.store.begin() as connection:
        if not move_run(connection, row.id, ("running", "waiting"), "paused", reason=problem):
            return
        for key in _find_ladders(engine, row.id):
            step_down(connection, key)
    LOG.error("paused: %s", problem, extra={"run": row.id})


def forgive_reputation(connection: Connection, run_id: int) -> None:
    """Let a run go on from here: only what bounces from now on counts against it."""
    harm = _count_harm(connection, read_run(connection, run_id))
    if harm:
        counts = {**harm, "sent": _count_sent(connection, run_id)}
        add_details(connection, run_id, {FORGIVEN: counts})


def _find_ladders(engine: Engine, run_id: int) -> list[str]:
    from .runs import load_run

    try:
        return find_warm_up_keys(load_run(engine, run_id))
    except BallyhooError:
        return []  # its plugins are not here, so neither is its ladder


def _count_harm(connection: Connection, row: RunRow) -> dict[str, int]:
    """Return how many messages of a run bounced, and how many were complained about."""
    harmful: Any = literal_column("kind IN ('bounce', 'complaint')")  # as its index says it
    counted = (
        select(message_events.c.kind, func.count(message_events.c.message_id.distinct()))
        .join(messages, messages.c.id == message_events.c.message_id)
        .where(
            message_events.c.message_id > row.details.get(ABOVE, 0),
            messages.c.run_id == row.id,
            harmful,
        )
        .group_by(message_events.c.kind)
    )
    return {row[0]: row[1] for row in connection.execute(counted)}


def _count_sent(connection: Connection, run_id: int) -> int:
    sent = select(func.count()).where(messages.c.run_id == run_id, messages.c.sent_at.is_not(None))
    return connection.execute(sent).scalar_one()
