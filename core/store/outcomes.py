"""Reads what came back of messages: reactions, and the purchases of whom they went to."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, case, func, select

from .ledger.history import SENT
from .ledger.parameters import dump_ids, list_ids
from .tables import events, message_events, messages, runs

PEOPLE_AT_ONCE = 5_000

REACTIONS = ("open", "click", "bounce", "complaint", "unsubscribe")
HOLDOUT = "holdout"

_MACHINE = message_events.c.data["machine"].as_string()
_IS_HELD_OUT = func.coalesce(messages.c.reason, "") == HOLDOUT


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmRow:
    """How many people an arm of a run has, and when; times are UTC milliseconds.

    Attributes:
        variant: Its name; None without an experiment.
        is_held_out: Whether they are its part of the holdout.
        people: How many there are, whatever became of their messages.
        sent: To how many the message left.
        first_at: When the first of them was planned.
        last_at: When the last one was planned, or written to.
    """

    variant: str | None
    is_held_out: bool
    people: int
    sent: int
    first_at: int
    last_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeedRow:
    """A purchase or return of somebody whom a run is about.

    Attributes:
        event_id: Its row.
        values: Customer, type, moment, product, quantity, value, currency, number of the order.
        variant: Her variant.
        is_held_out: Whether she is of the holdout.
        planned_at: When she was planned.
        sent_at: When her message left; None when it did not.
    """

    event_id: int
    values: tuple[Any, ...]
    variant: str | None
    is_held_out: bool
    planned_at: int
    sent_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TouchRow:
    """A message of whatever run that was clicked by somebody, or sent to her."""

    customer_id: int
    message_id: int
    run_id: int
    at: int
    machine: str | None = None


def read_arms(connection: Connection, run_id: int) -> list[ArmRow]:
    """Return the arms of a run; who was skipped but for the holdout is in none."""
    left_at = case((messages.c.state == SENT, messages.c.sent_at))
    found = (
        select(
            messages.c.variant,
            _IS_HELD_OUT.label("is_held_out"),
            func.count().label("people"),
            func.count(left_at).label("sent"),
            func.min(messages.c.created_at).label("first_at"),
            func.max(func.coalesce(left_at, messages.c.created_at)).label("last_at"),
        )
        .where(messages.c.run_id == run_id, (messages.c.state != "skipped") | _IS_HELD_OUT)
        .group_by(messages.c.variant, _IS_HELD_OUT)
    )
    return [
        ArmRow(**{**row._mapping, "is_held_out": bool(row.is_held_out)})
        for row in connection.execute(found)
    ]


def count_reactions(connection: Connection, run_id: int) -> list[tuple[str | None, str, bool, int]]:
    """Return for how many messages of each variant there was a reaction, machines' apart.

    Returns:
        Variant, kind, whether a machine's, and how many messages.
    """
    is_machine = _MACHINE.is_not(None)
    found = (
        select(
            messages.c.variant, message_events.c.kind, is_machine,
            func.count(message_events.c.message_id.distinct()),
        )
        .join_from(messages, message_events, messages.c.id == message_events.c.message_id)
        .where(messages.c.run_id == run_id, message_events.c.kind.in_(REACTIONS))
        .group_by(messages.c.variant, message_events.c.kind, is_machine)
    )  # fmt: skip
    return [
        (variant, kind, bool(machine), count)
        for variant, kind, machine, count in connection.execute(found)
    ]


def count_objections_of_holdout(
    connection: Connection, run_id: int, window_ms: int
) -> dict[str, int]:
    """Return how many of a run's holdout unsubscribed or complained, wherever, by that word.

    Args:
        connection: Within a transaction that reads.
        run_id: The run.
        window_ms: For how long after it was planned.
    """
    found = (
        select(events.c.type, func.count(events.c.customer_id.distinct()))
        .join_from(messages, events, events.c.customer_id == messages.c.recipient)
        .where(
            messages.c.run_id == run_id,
            messages.c.state == "skipped",
            _IS_HELD_OUT,
            events.c.type.in_(("unsubscribe", "complaint")),
            events.c.at.between(messages.c.created_at, messages.c.created_at + window_ms),
        )
        .group_by(events.c.type)
    )
    rows = [(str(kind), int(count)) for kind, count in connection.execute(found)]
    return dict(rows)


def read_burst_clicks(connection: Connection, run_id: int) -> list[tuple[str | None, TouchRow]]:
    """Return all clicks of those messages of a run of which many links were followed at once."""
    bursts = (
        select(message_events.c.message_id)
        .join(messages, messages.c.id == message_events.c.message_id)
        .where(messages.c.run_id == run_id, message_events.c.kind == "click", _MACHINE == "burst")
        .distinct()
    )
    found = _select_clicks().where(message_events.c.message_id.in_(bursts))
    return [
        (row.variant, _make_touch(row))
        for row in connection.execute(found.add_columns(messages.c.variant))
    ]


def read_deeds(connection: Connection, run_id: int, *, since: int, until: int) -> Iterator[DeedRow]:
    """Yield what the people of a run bought within a time, and whatever they sent back since.

    Args:
        connection: Within a transaction that reads.
        run_id: The run.
        since: The first moment, in UTC milliseconds.
        until: The last moment of a purchase.
    """
    found = (
        select(
            events.c.id, events.c.customer_id, events.c.type, events.c.at, events.c.product_id,
            events.c.quantity, events.c.value, events.c.currency, events.c.order_key,
            messages.c.variant, _IS_HELD_OUT.label("is_held_out"), messages.c.created_at,
            case((messages.c.state == SENT, messages.c.sent_at)).label("left_at"),
        )
        .join_from(messages, events, events.c.customer_id == messages.c.recipient)
        .where(
            messages.c.run_id == run_id,
            (messages.c.state != "skipped") | _IS_HELD_OUT,
            events.c.type.in_(("purchase", "return")),
            events.c.at >= since,
            (events.c.type == "return") | (events.c.at <= until),
        )
        .order_by(events.c.id)
    )  # fmt: skip
    for row in connection.execute(found):
        yield DeedRow(
            event_id=row.id,
            values=tuple(row[1:9]),
            variant=row.variant,
            is_held_out=bool(row.is_held_out),
            planned_at=row.created_at,
            sent_at=row.left_at,
        )


def read_clicks(
    connection: Connection, customer_ids: Collection[int], *, since: int, until: int
) -> Iterator[TouchRow]:
    """Yield the clicks on messages to some customers within a time, machines' too."""
    found = _select_clicks().where(
        messages.c.recipient.in_(list_ids(connection.dialect.name)),
        message_events.c.at.between(since, until),
    )
    for some in _cut(customer_ids):
        for row in connection.execute(found, {"ids": dump_ids(some)}):
            yield _make_touch(row)


def read_sent(
    connection: Connection, customer_ids: Collection[int], *, since: int, until: int
) -> Iterator[TouchRow]:
    """Yield the messages that left for some customers within a time."""
    found = select(
        messages.c.recipient, messages.c.id, messages.c.run_id, messages.c.sent_at
    ).where(
        messages.c.recipient.in_(list_ids(connection.dialect.name)),
        messages.c.state == SENT,
        messages.c.sent_at.between(since, until),
    )
    for some in _cut(customer_ids):
        for row in connection.execute(found, {"ids": dump_ids(some)}):
            yield TouchRow(
                customer_id=row.recipient, message_id=row.id, run_id=row.run_id, at=row.sent_at
            )


def read_recipes(connection: Connection, run_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Return campaign and recipe of runs."""
    found = select(runs.c.id, runs.c.campaign, runs.c.recipe).where(runs.c.id.in_(run_ids))
    return {row.id: (row.campaign, row.recipe) for row in connection.execute(found)}


def _select_clicks() -> Any:
    return (
        select(
            messages.c.recipient, message_events.c.message_id, messages.c.run_id,
            message_events.c.at, _MACHINE.label("machine"),
        )
        .join_from(messages, message_events, messages.c.id == message_events.c.message_id)
        .where(message_events.c.kind == "click")
    )  # fmt: skip


def _make_touch(row: Any) -> TouchRow:
    return TouchRow(
        customer_id=row.recipient,
        message_id=row.message_id,
        run_id=row.run_id,
        at=row.at,
        machine=row.machine,
    )


def _cut(ids: Collection[int]) -> Iterator[list[int]]:
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), PEOPLE_AT_ONCE):
        yield wanted[start : start + PEOPLE_AT_ONCE]
