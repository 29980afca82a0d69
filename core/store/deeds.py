"""Reads what the people of a run did of their own: what they bought, and that they objected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

FEW_PEOPLE = 20_000
"""Of so few, each one's events are looked up; of more, all events of the time are gone through."""

ASSIGNED = (
    "(m.state <> 'skipped' OR m.reason = 'holdout' OR m.attempts > 0 OR m.batch_id IS NOT NULL)"
)
"""Who is analysed as assigned: who was left out only after her variant was drawn stays in it, as her
like among those held out is not looked at again, and stays too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeedRow:
    """A purchase or return of somebody whom a run is about.

    Attributes:
        event_id: Its row.
        values: Customer, type, moment, product, quantity, value, currency, number of the order.
        message_id: Her message, or the row that says that she is held out.
        wave: Her wave.
        variant: Her variant.
        is_held_out: Whether she is of the holdout.
        begins_at: From when on her orders count: her wave was opened, or she was planned.
        sent_at: When her message left; None when it did not.
    """

    event_id: int
    values: tuple[Any, ...]
    message_id: int
    wave: int
    variant: str | None
    is_held_out: bool
    begins_at: int
    sent_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """Whose events are looked for, and of which time.

    Attributes:
        run_id: Of the people of which run.
        people: How many they are, about.
        opened: When each wave was opened, by its number, in UTC milliseconds; who is of none of
            them counts from when she was planned.
        since: The first moment, in UTC milliseconds.
        until: The last one.
    """

    run_id: int
    people: int
    opened: Mapping[int, int]
    since: int
    until: int

    @property
    def tables(self) -> str:
        """The tables in the order in which SQLite is to go through them; PostgreSQL chooses."""
        names = ["messages AS m", "events AS e"]
        return " CROSS JOIN ".join(names if self.people <= FEW_PEOPLE else reversed(names))

    @property
    def begins(self) -> str:
        """From when on somebody's orders count, as SQL."""
        cases = " ".join(f"WHEN {wave} THEN {at}" for wave, at in self.opened.items())
        return f"CASE m.wave {cases} ELSE m.created_at END" if cases else "m.created_at"

    @property
    def parameters(self) -> dict[str, int]:
        """What the statements are told."""
        return {"run": self.run_id, "since": self.since, "until": self.until}


def count_objections_of_holdout(
    connection: Connection, looking: Looking, window_ms: int
) -> dict[str, int]:
    """Return how many of a run's holdout unsubscribed or complained, wherever, by that word.

    Args:
        connection: Within a transaction that reads.
        looking: The run, and the time of all of its windows.
        window_ms: For how long after her orders begin to count.
    """
    found = text(
        f"SELECT e.type, count(DISTINCT e.customer_id) FROM {looking.tables} "
        "WHERE m.run_id = :run AND m.recipient = e.customer_id "
        "AND m.state = 'skipped' AND m.reason = 'holdout' "
        "AND e.type IN ('unsubscribe', 'complaint') AND e.at BETWEEN :since AND :until "
        f"AND e.at BETWEEN {looking.begins} AND {looking.begins} + :window GROUP BY e.type"
    )
    rows = connection.execute(found, {**looking.parameters, "window": window_ms})
    return {str(kind): int(count) for kind, count in rows}


def read_deeds(connection: Connection, looking: Looking) -> Iterator[DeedRow]:
    """Yield what the people of a run bought within a time, and whatever they sent back since.

    Args:
        connection: Within a transaction that reads.
        looking: Whose, and when; the last moment is that of a purchase.
    """
    found = text(
        "SELECT e.id, e.customer_id, e.type, e.at, e.product_id, e.quantity, e.value, e.currency, "
        "e.order_key, m.id, m.wave, m.variant, coalesce(m.reason, '') = 'holdout', "
        f"{looking.begins}, CASE WHEN m.state = 'sent' THEN m.sent_at END "
        f"FROM {looking.tables} WHERE m.run_id = :run AND m.recipient = e.customer_id "
        f"AND {ASSIGNED} AND e.type IN ('purchase', 'return') AND e.at >= :since "
        "AND (e.type = 'return' OR e.at <= :until) ORDER BY e.id"
    )
    for row in connection.execute(found, looking.parameters):
        yield DeedRow(
            event_id=row[0],
            values=tuple(row[1:9]),
            message_id=row[9],
            wave=row[10],
            variant=row[11],
            is_held_out=bool(row[12]),
            begins_at=row[13],
            sent_at=row[14],
        )
