"""Reads what the people of a run did of their own: what they bought, and that they objected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

FEW_PEOPLE = 20_000
"""Of so few, each one's events are looked up; of more, all events of the time are gone through."""

LATER = (
    "left_segment", "bad_address", "refused_copy", "unfilled_slot", "too_long", "sold_out",
    "filtered_out", "offer_ended", "not_approved",
)  # fmt: skip
"""Reasons for which somebody is skipped only after her variant was drawn, not when planned."""

ASSIGNED = (
    "(m.state <> 'skipped' OR m.batch_id IS NOT NULL OR m.reason IN ('holdout', "
    + ", ".join(f"'{reason}'" for reason in LATER)
    + "))"
)
"""Who is analysed as assigned: who was left out only after her variant was drawn stays in it, as
her like among those held out is not looked at again, and stays too.

Of somebody for whom nothing was prepared, and whom policy stopped right before her message left,
the ledger does not say whether that was when the run was planned; she is taken for one who was
never assigned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeedRow:
    """What somebody did whom a run is about: a purchase, a return; if held out, also an objection.

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

    @property
    def kind(self) -> str:
        """The type of the event."""
        return str(self.values[1])

    def is_within(self, window_ms: int, at: int | None = None) -> bool:
        """Whether a moment, that of the deed itself when None, lies within her window."""
        moment = self.values[2] if at is None else at
        return bool(0 <= moment - self.begins_at <= window_ms)


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
        return find_begins(self.opened)

    @property
    def parameters(self) -> dict[str, int]:
        """What the statements are told."""
        return {"run": self.run_id, "since": self.since, "until": self.until}


def find_begins(opened: Mapping[int, int]) -> str:
    """Return from when on the orders of whom a message `m` is for count, as SQL.

    Args:
        opened: When each wave was opened, by its number, in UTC milliseconds; who is of none of
            them counts from when she was planned.
    """
    cases = " ".join(f"WHEN {wave:d} THEN {at:d}" for wave, at in opened.items())
    return f"CASE m.wave {cases} ELSE m.created_at END" if cases else "m.created_at"


def read_deeds(connection: Connection, looking: Looking) -> Iterator[DeedRow]:
    """Yield what the people of a run bought within a time, and whatever they sent back since.

    Of those held out also that they unsubscribed or complained, wherever, within that time.

    Args:
        connection: Within a transaction that reads.
        looking: Whose, and when; the last moment is that of a purchase.
    """
    found = text(
        "SELECT e.id, e.customer_id, e.type, e.at, e.product_id, e.quantity, e.value, e.currency, "
        "e.order_key, m.id, m.wave, m.variant, coalesce(m.reason, '') = 'holdout', "
        f"{looking.begins}, CASE WHEN m.state = 'sent' THEN m.sent_at END "
        f"FROM {looking.tables} WHERE m.run_id = :run AND m.recipient = e.customer_id "
        f"AND {ASSIGNED} AND e.at >= :since AND (e.type = 'return' OR e.at <= :until) "
        # Said first and alone, so that nobody's message is looked up for a view.
        "AND e.type IN ('purchase', 'return', 'unsubscribe', 'complaint') "
        "AND (e.type IN ('purchase', 'return') OR m.state = 'skipped' AND m.reason = 'holdout')"
    )
    # Put in order here: for an order of its own, SQLite would go through all events there are.
    for row in sorted(connection.execute(found, looking.parameters), key=lambda row: row[0]):
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
