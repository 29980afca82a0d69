"""Measures how fast a channel was, from when the messages of earlier runs left."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from ..tables import messages, runs

RUNS = 3
"""How many of the newest runs of a channel are looked at."""

LEAST_MESSAGES = 100
"""In its busiest minute; fewer say little about how fast it could have been."""

MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Throughput:
    """How fast messages left in the busiest minute of a run."""

    run_id: int
    per_second: float


def measure_throughput(connection: Connection, plugin: str) -> Throughput | None:
    """Return how fast the messages of the newest run by a channel left; None when none tells.

    Args:
        connection: Within any transaction.
        plugin: The delivering plugin's name.
    """
    newest = (
        select(runs.c.id)
        .where(
            runs.c.state == "finished",
            runs.c.details[("plugins", plugin)].as_string().is_not(None),
        )
        .order_by(runs.c.id.desc())
        .limit(RUNS)
    )
    minute = messages.c.sent_at // MINUTE_MS
    for run_id in connection.execute(newest).scalars().all():
        busiest = connection.execute(
            select(func.count(), func.min(messages.c.sent_at), func.max(messages.c.sent_at))
            .where(messages.c.run_id == run_id, messages.c.sent_at.is_not(None))
            .group_by(minute)
            .order_by(func.count().desc())
            .limit(1)
        ).first()
        if busiest is not None and busiest[0] >= LEAST_MESSAGES:
            seconds = max(1.0, (busiest[2] - busiest[1]) / 1000)
            return Throughput(run_id=run_id, per_second=busiest[0] / seconds)
    return None
