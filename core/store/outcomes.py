"""Reads what came back of messages: reactions, and the purchases of whom they went to."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, case, func, select

from .deeds import LATER
from .ledger.history import SENT
from .ledger.parameters import dump_ids, list_ids
from .tables import message_events, messages, runs

PEOPLE_AT_ONCE = 5_000

REACTIONS = ("open", "click", "bounce", "complaint", "unsubscribe")
HOLDOUT = "holdout"
BURST = "burst"

_MACHINE = message_events.c.data["machine"].as_string()
_IS_HELD_OUT = func.coalesce(messages.c.reason, "") == HOLDOUT
IS_ASSIGNED = (
    (messages.c.state != "skipped")
    | messages.c.batch_id.is_not(None)
    | messages.c.reason.in_((HOLDOUT, *LATER))
)
"""See `deeds.ASSIGNED`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmRow:
    """How many people an arm of a run has in a wave, and when; times are UTC milliseconds.

    Attributes:
        wave: The wave; 0 in a run without any.
        variant: Its name; None without an experiment.
        is_held_out: Whether they are its part of the holdout.
        people: How many there are, whatever became of their messages.
        sent: To how many the message left.
        first_at: When the first of them was planned.
        last_at: When the last one was planned, or written to.
    """

    wave: int
    variant: str | None
    is_held_out: bool
    people: int
    sent: int
    first_at: int
    last_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TouchRow:
    """A message of whatever run that was clicked by somebody, or sent to her."""

    customer_id: int
    message_id: int
    run_id: int
    at: int
    machine: str | None = None


def read_arms(connection: Connection, run_id: int) -> list[ArmRow]:
    """Return the arms of a run by wave; who was skipped before they were drawn is in none."""
    left_at = case((messages.c.state == SENT, messages.c.sent_at))
    found = (
        select(
            messages.c.wave,
            messages.c.variant,
            _IS_HELD_OUT.label("is_held_out"),
            func.count().label("people"),
            func.count(left_at).label("sent"),
            func.min(messages.c.created_at).label("first_at"),
            func.max(func.coalesce(left_at, messages.c.created_at)).label("last_at"),
        )
        .where(messages.c.run_id == run_id, IS_ASSIGNED)
        .group_by(messages.c.wave, messages.c.variant, _IS_HELD_OUT)
    )
    return [
        ArmRow(**{**row._mapping, "is_held_out": bool(row.is_held_out)})
        for row in connection.execute(found)
    ]


def count_reactions(
    connection: Connection, run_id: int
) -> list[tuple[int, str | None, str, bool, int, int]]:
    """Return for how many messages of each arm there was a reaction, machines' apart.

    Returns:
        Wave, variant, kind, whether a machine's, of how many messages, and how many were of a
        burst.
    """
    is_machine = _MACHINE.is_not(None)
    found = (
        select(
            messages.c.wave, messages.c.variant, message_events.c.kind, is_machine,
            func.count(message_events.c.message_id.distinct()),
            func.count(case((_MACHINE == BURST, 1))),
        )
        .join_from(messages, message_events, messages.c.id == message_events.c.message_id)
        .where(messages.c.run_id == run_id, message_events.c.kind.in_(REACTIONS))
        .group_by(messages.c.wave, messages.c.variant, message_events.c.kind, is_machine)
    )  # fmt: skip
    return [
        (wave, variant, kind, bool(machine), count, bursts)
        for wave, variant, kind, machine, count, bursts in connection.execute(found)
    ]


def read_burst_clicks(
    connection: Connection, run_id: int
) -> list[tuple[int, str | None, TouchRow]]:
    """Return all clicks of those messages of a run of which many links were followed at once.

    Returns:
        Wave and variant of the message, and the click.
    """
    bursts = (
        select(message_events.c.message_id)
        .join(messages, messages.c.id == message_events.c.message_id)
        .where(messages.c.run_id == run_id, message_events.c.kind == "click", _MACHINE == BURST)
        .distinct()
    )
    found = _select_clicks().where(message_events.c.message_id.in_(bursts))
    return [
        (row.wave, row.variant, _make_touch(row))
        for row in connection.execute(found.add_columns(messages.c.wave, messages.c.variant))
    ]


def read_clicks_of_run(connection: Connection, run_id: int) -> Iterator[TouchRow]:
    """Yield all clicks on the messages of a run, machines' too."""
    found = _select_clicks().where(messages.c.run_id == run_id)
    for row in connection.execute(found):
        yield _make_touch(row)


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
