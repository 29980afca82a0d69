"""What a run still has to do, in one picture: a message that moves meanwhile is in it once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, exists, func, literal, or_, select

from ..tables import batches, messages
from .claims import find_first_due
from .states import is_state, list_prepared, waits_for_variant


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """Which messages of a run are still on their way.

    Attributes:
        has_planned: Some are to be prepared.
        has_waiting: Some have no variant yet: their wave is not open, or is just being opened.
        has_ready: Some may leave, now or later.
        has_held: Some wait for a person.
        is_in_flight: Some are claimed or being sent.
        is_preparing: Some are in a batch that somebody has.
        next_due_at: When the first of the ready ones is due, in UTC milliseconds.
        next_batch_at: When the first batch that was put off is to be tried again; None when none
            was.
    """

    has_planned: bool
    has_waiting: bool
    has_ready: bool
    has_held: bool
    is_in_flight: bool
    is_preparing: bool
    next_due_at: int | None
    next_batch_at: int | None

    @property
    def is_through(self) -> bool:
        """Whether none is on its way."""
        there = (self.has_planned, self.has_waiting, self.has_ready, self.has_held)
        return not (any(there) or self.is_in_flight)


def look_ahead(connection: Connection, run_id: int, variants: Sequence[str | None]) -> Outlook:
    """Return what a run still has to do.

    It is one statement: with several of them, a message that goes from one state to another in
    between may be in none, and its run would be taken for finished.

    Args:
        connection: Within any transaction.
        run_id: The run.
        variants: The names of its variants; one that is None without an experiment.
    """
    taken = (
        batches.c.run_id == run_id,
        batches.c.state == "open",
        batches.c.lease_token.is_not(None),
    )
    put_off = select(func.min(batches.c.due_at)).where(
        batches.c.run_id == run_id, batches.c.state == "open", batches.c.lease_token.is_(None)
    )
    row = connection.execute(
        select(
            or_(*(_has(run_id, one) for one in list_prepared(variants))).label("has_planned"),
            _has(run_id, is_state("planned"), waits_for_variant(variants)).label("has_waiting"),
            _has(run_id, is_state("ready")).label("has_ready"),
            _has(run_id, is_state("held")).label("has_held"),
            _has(run_id, is_state("claimed", "sending")).label("is_in_flight"),
            exists(select(literal(1)).where(*taken)).label("is_preparing"),
            put_off.scalar_subquery(),
            *(find_first_due(run_id, variant).scalar_subquery() for variant in variants),
        )
    ).one()
    moments = [moment for moment in row[7:] if moment is not None]
    return Outlook(
        has_planned=bool(row.has_planned),
        has_waiting=bool(row.has_waiting),
        has_ready=bool(row.has_ready),
        has_held=bool(row.has_held),
        is_in_flight=bool(row.is_in_flight),
        is_preparing=bool(row.is_preparing),
        next_due_at=min(moments, default=None),
        next_batch_at=row[6],
    )


def _has(run_id: int, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(select(literal(1)).where(messages.c.run_id == run_id, *conditions))
