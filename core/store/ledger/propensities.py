"""What waves were opened with, and by which shares variants were drawn, where each has her own."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Float, cast, func, select

from ..bulk import insert_rows
from ..outcomes import IS_ASSIGNED
from ..tables import lessons, messages, propensities
from .parameters import dump_ids, dump_json, list_ids
from .waves import is_waiting

WHOLE = 10_000
"""Shares are kept in ten thousandths, so that both databases keep them exactly."""

_WEIGHT = cast(WHOLE, Float) / propensities.c.share
"""How many people somebody stands for: the inverse of the share of her variant."""

_IS_HERS = (
    (propensities.c.message_id == messages.c.id)
    & (propensities.c.variant == messages.c.variant)
    & propensities.c.is_drawn
)
"""Who was given to another variant since counts for none: she was not drawn for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightRow:
    """The weights of the people of a variant in a wave: how many, their sum, that of squares."""

    wave: int
    variant: str
    people: int
    total: float
    squares: float


def keep_lesson(connection: Connection, run_id: int, wave: int, lesson: Mapping[str, Any]) -> None:
    """Keep what a wave is opened with, within the transaction that opens it."""
    rows = [(run_id, wave, dump_json(lesson))]
    insert_rows(connection, lessons, ("run_id", "wave", "lesson"), rows)


def read_lesson(connection: Connection, run_id: int, wave: int) -> dict[str, Any] | None:
    """Return what a wave was opened with; None when its shares are the same for all."""
    found = select(lessons.c.lesson).where(lessons.c.run_id == run_id, lessons.c.wave == wave)
    kept = connection.execute(found).scalar()
    return None if kept is None else dict(kept)


def list_waiting(
    connection: Connection, run_id: int, wave: int, above: int, most: int
) -> list[int]:
    """Return the next people of a wave who wait for a variant, in the order of their messages."""
    found = (
        select(messages.c.recipient)
        .where(*is_waiting(run_id), messages.c.wave == wave, messages.c.id > above)
        .order_by(messages.c.id)
        .limit(most)
    )
    return list(connection.execute(found).scalars())


def keep_propensities(
    connection: Connection, drawn: Iterable[tuple[int, str, Mapping[str, float]]]
) -> None:
    """Keep by which shares variants were drawn, within the transaction that gives them.

    Args:
        connection: The transaction.
        drawn: Message, its variant, and the share of each in [0, 1].
    """
    rows = [
        (message, name, round(share * WHOLE), name == variant)
        for message, variant, shares in drawn
        for name, share in shares.items()
    ]
    columns = ("message_id", "variant", "share", "is_drawn")
    insert_rows(connection, propensities, columns, rows, are_new=True)


def read_shares(connection: Connection, message_id: int) -> dict[str, float]:
    """Return by which shares the variant of a message was drawn; empty when they are not hers."""
    found = select(propensities.c.variant, propensities.c.share).where(
        propensities.c.message_id == message_id
    )
    return {name: share / WHOLE for name, share in connection.execute(found)}


def find_mean_shares(connection: Connection, run_id: int, wave: int) -> dict[str, float]:
    """Return the mean share of each variant over the people of a wave; together 1."""
    found = (
        select(propensities.c.variant, func.sum(propensities.c.share))
        .join_from(messages, propensities, propensities.c.message_id == messages.c.id)
        .where(messages.c.run_id == run_id, messages.c.wave == wave)
        .group_by(propensities.c.variant)
    )
    sums = {name: int(total) for name, total in connection.execute(found)}
    whole = sum(sums.values())
    return {name: total / whole for name, total in sums.items()}


def add_up_weights(connection: Connection, run_id: int) -> list[WeightRow]:
    """Return what the people of each variant and wave weigh who are analysed as assigned."""
    found = (
        select(
            messages.c.wave, messages.c.variant, func.count(), func.sum(_WEIGHT),
            func.sum(_WEIGHT * _WEIGHT),
        )
        .join_from(messages, propensities, _IS_HERS)
        .where(messages.c.run_id == run_id, IS_ASSIGNED)
        .group_by(messages.c.wave, messages.c.variant)
    )  # fmt: skip
    return [
        WeightRow(wave=wave, variant=variant, people=people, total=total, squares=squares)
        for wave, variant, people, total, squares in connection.execute(found)
    ]


def read_weights(
    connection: Connection, message_ids: Collection[int]
) -> dict[int, tuple[int, str, float]]:
    """Return wave, variant and weight of messages; those whose shares are not theirs are left out.

    Args:
        connection: Within any transaction.
        message_ids: A few thousand at most.
    """
    found = (
        select(messages.c.id, messages.c.wave, messages.c.variant, _WEIGHT)
        .join_from(messages, propensities, _IS_HERS)
        .where(messages.c.id.in_(list_ids(connection.dialect.name)), IS_ASSIGNED)
    )
    rows = connection.execute(found, {"ids": dump_ids(sorted(message_ids))})
    return {id: (wave, variant, float(weight)) for id, wave, variant, weight in rows}
