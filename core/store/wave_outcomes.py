"""Reads what the people of a wave did within the same time after their messages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, func, select

from .ledger.waves import OpenedWave
from .tables import events, message_events, messages

Metric = Literal["click", "conversion", "revenue"]

_MACHINE = message_events.c.data["machine"].as_string()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Who of a wave is counted, and for how long; times are UTC milliseconds.

    Attributes:
        run_id: The run.
        wave: Which of its waves.
        left_by: Whose message left by then is counted.
        within_ms: What she does so long after it counts.
    """

    run_id: int
    wave: int
    left_by: int
    within_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeedOfWave:
    """A click, purchase or return of somebody in a wave.

    Attributes:
        variant: Hers.
        sent_at: When her message left, in UTC milliseconds.
        values: Of a click: message, moment, machine. Of a purchase or return: customer, type,
            moment, product, quantity, value, currency, number of the order.
    """

    variant: str
    sent_at: int
    values: tuple[Any, ...]


def find_reach(run_id: int, wave: OpenedWave, *, until: int, window_ms: int) -> Reach:
    """Return who of a wave is counted, so that each is known for equally long.

    Counted is whose message had left when most had, and of her what she did within the time that
    has gone by since then. Without that a variant whose messages leave first, or a wave in which
    some left late, would be known for longer, and look better.

    Args:
        run_id: The run.
        wave: The wave.
        until: Now, in UTC milliseconds.
        window_ms: The most that counts of anybody.
    """
    left_by = -1 if wave.left_at is None else wave.left_at
    within = max(0, min(window_ms, until - left_by))
    return Reach(run_id=run_id, wave=wave.wave, left_by=left_by, within_ms=within)


def count_reached(connection: Connection, reach: Reach) -> dict[str, int]:
    """Return how many people of each variant are counted."""
    counted = (
        select(messages.c.variant, func.count())
        .where(*_is_reached(reach))
        .group_by(messages.c.variant)
    )
    return {str(name): int(count) for name, count in connection.execute(counted)}


def read_reached(
    connection: Connection, reach: Reach, *, above: int, most: int, step: int = 1
) -> list[tuple[int, int, str]]:
    """Return some of the people who are counted: message, customer and variant, by message.

    Args:
        connection: Within any transaction.
        reach: Who is counted.
        above: The message after which to look.
        most: How many at most.
        step: Only so manieth of them, by the number of the message.
    """
    found = (
        select(messages.c.id, messages.c.recipient, messages.c.variant)
        .where(*_is_reached(reach), messages.c.id > above, messages.c.id % step == 0)
        .order_by(messages.c.id)
        .limit(most)
    )
    return [(row[0], row[1], str(row[2])) for row in connection.execute(found)]


def read_clicks_of_wave(connection: Connection, reach: Reach) -> Iterator[DeedOfWave]:
    """Yield the clicks on the messages of a wave, machines' and late ones too."""
    found = (
        select(
            messages.c.variant, messages.c.sent_at, message_events.c.message_id,
            message_events.c.at, _MACHINE,
        )
        .join_from(messages, message_events, messages.c.id == message_events.c.message_id)
        .where(*_is_reached(reach), message_events.c.kind == "click")
    )  # fmt: skip
    for row in connection.execute(found):
        yield DeedOfWave(variant=row[0], sent_at=row[1], values=tuple(row[2:]))


def read_orders_of_wave(connection: Connection, reach: Reach) -> Iterator[DeedOfWave]:
    """Yield what the people of a wave bought since their message left, and sent back."""
    found = (
        select(
            messages.c.variant, messages.c.sent_at,
            events.c.customer_id, events.c.type, events.c.at, events.c.product_id,
            events.c.quantity, events.c.value, events.c.currency, events.c.order_key,
        )
        .join_from(messages, events, events.c.customer_id == messages.c.recipient)
        .where(
            *_is_reached(reach),
            events.c.type.in_(("purchase", "return")),
            events.c.at >= messages.c.sent_at,
        )
        .order_by(events.c.id)
    )  # fmt: skip
    for row in connection.execute(found):
        yield DeedOfWave(variant=row[0], sent_at=row[1], values=tuple(row[2:]))


def count_feedback(connection: Connection, run_id: int, wave: int, metric: Metric) -> int:
    """Return how many people of a wave reacted so far: clicked, or bought something."""
    own = (messages.c.run_id == run_id, messages.c.wave == wave, messages.c.sent_at.is_not(None))
    if metric == "click":
        found = (
            select(func.count(message_events.c.message_id.distinct()))
            .join_from(messages, message_events, messages.c.id == message_events.c.message_id)
            .where(*own, message_events.c.kind == "click", _MACHINE.is_(None))
        )
    else:
        found = (
            select(func.count(events.c.customer_id.distinct()))
            .join_from(messages, events, events.c.customer_id == messages.c.recipient)
            .where(*own, events.c.type == "purchase", events.c.at >= messages.c.sent_at)
        )
    return int(connection.execute(found).scalar_one())


def count_harm(connection: Connection, run_id: int) -> dict[tuple[int, str], dict[str, int]]:
    """Return how many messages of each wave and variant made somebody unsubscribe or complain.

    What a message did that was given to another variant counts for the one that it left with.
    """
    found = (
        select(
            messages.c.wave, messages.c.variant, message_events.c.kind,
            func.count(message_events.c.message_id.distinct()),
        )
        .join_from(messages, message_events, messages.c.id == message_events.c.message_id)
        .where(
            messages.c.run_id == run_id,
            messages.c.variant.is_not(None),
            message_events.c.kind.in_(("unsubscribe", "complaint")),
        )
        .group_by(messages.c.wave, messages.c.variant, message_events.c.kind)
    )  # fmt: skip
    harm: dict[tuple[int, str], dict[str, int]] = defaultdict(dict)
    for wave, variant, kind, count in connection.execute(found):
        harm[wave, variant][kind] = count
    return harm


def count_sent(connection: Connection, run_id: int) -> dict[tuple[int, str], int]:
    """Return how many messages of each wave and variant left."""
    found = (
        select(messages.c.wave, messages.c.variant, func.count())
        .where(
            messages.c.run_id == run_id,
            messages.c.state == "sent",
            messages.c.variant.is_not(None),
        )
        .group_by(messages.c.wave, messages.c.variant)
    )
    return {(wave, variant): count for wave, variant, count in connection.execute(found)}


def _is_reached(reach: Reach) -> tuple[ColumnElement[bool], ...]:
    return (
        messages.c.run_id == reach.run_id,
        messages.c.wave == reach.wave,
        messages.c.state == "sent",
        messages.c.variant.is_not(None),
        messages.c.sent_at <= reach.left_by,
    )
