"""Compares those whom no campaign writes to with all others, by what they bought since."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, select, text

from .deeds import ASSIGNED
from .tables import runs

GLOBAL_HOLDOUT = "global_holdout"


@dataclass(frozen=True, slots=True, kw_only=True)
class EverybodyRow:
    """What some people bought since a campaign would first have written to them.

    Attributes:
        is_held_out: Whether no campaign writes to them.
        people: How many they are.
        bought: How many of them ordered.
        spent: What they spent, in minor units, less what was paid back.
        squares: The sum over them of the square of that.
    """

    is_held_out: bool
    people: int
    bought: int
    spent: int
    squares: float


def list_recent_runs(connection: Connection, *, since: int) -> list[int]:
    """Return the runs that were started since a moment in UTC milliseconds, the first one first."""
    found = select(runs.c.id).where(runs.c.created_at >= since).order_by(runs.c.id)
    return list(connection.execute(found).scalars())


def compare_everybody(
    connection: Connection, run_ids: Collection[int], *, currency: str, until: int
) -> list[EverybodyRow]:
    """Return what those bought whom no campaign writes to, and what all others did.

    Both are those who would have been written to by some of these runs but for being held out;
    somebody's orders count from the first of them on. Who is written to by one run, and was held
    out of all by another, is counted as held out: as drawn.

    Args:
        connection: Within a transaction that reads.
        run_ids: The runs.
        currency: Of the money; what was paid in another one is left out.
        until: The moment until which orders count, in UTC milliseconds.
    """
    listed = ", ".join(f"{id:d}" for id in run_ids)
    spent = (
        "sum(CASE WHEN e.currency = :currency THEN CASE e.type WHEN 'purchase' THEN e.value "
        "ELSE -e.value END ELSE 0 END)"
    )
    found = text(
        "SELECT held, count(*), sum(bought), sum(spent), sum(spent * spent) FROM ("
        "SELECT p.held AS held, max(CASE WHEN e.type = 'purchase' THEN 1 ELSE 0 END) AS bought, "
        f"CAST(CASE WHEN {spent} > 0 THEN {spent} ELSE 0 END AS double precision) AS spent FROM ("
        "SELECT m.recipient AS recipient, min(m.created_at) AS since, "
        "max(CASE WHEN m.reason = 'global_holdout' THEN 1 ELSE 0 END) AS held FROM messages m "
        f"WHERE m.run_id IN ({listed}) AND ({ASSIGNED} OR m.reason = 'global_holdout') "
        "GROUP BY m.recipient) AS p LEFT JOIN events e ON e.customer_id = p.recipient "
        "AND e.type IN ('purchase', 'return') AND e.at >= p.since AND e.at <= :until "
        "GROUP BY p.recipient, p.held) AS q GROUP BY held ORDER BY held"
    )
    return [
        EverybodyRow(
            is_held_out=bool(row[0]), people=row[1], bought=int(row[2] or 0),
            spent=round(row[3] or 0), squares=float(row[4] or 0),
        )
        for row in connection.execute(found, {"currency": currency, "until": until})
    ]  # fmt: skip
