"""Counts whose products and offers were chosen, and how many were chosen knowing nothing of her."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, func, select, update

from ..tables import batches


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """For how many customers products and offers were chosen.

    Attributes:
        recommended: How many got one product or more.
        fallback: How many of them got only such as were chosen without knowing anything of her.
        offers: How many got each offer, by its name.
    """

    recommended: int
    fallback: int
    offers: Mapping[str, int] = field(default_factory=dict)


def note_choices(connection: Connection, batch_id: int, choices: Choices) -> None:
    """Keep what was chosen in a batch, within the transaction that closes it."""
    if choices.recommended or choices.offers:
        connection.execute(
            update(batches)
            .where(batches.c.id == batch_id)
            .values(
                recommended=choices.recommended,
                fallback=choices.fallback,
                offers=dict(choices.offers),
            )
        )


def count_choices(connection: Connection, run_id: int) -> Choices:
    """Count what was chosen in a run so far; copy that was thrown away later still counts."""
    own = batches.c.run_id == run_id
    row = connection.execute(
        select(
            func.coalesce(func.sum(batches.c.recommended), 0),
            func.coalesce(func.sum(batches.c.fallback), 0),
        ).where(own)
    ).one()
    # Batches are alike: a run has a few different ones of many thousands.
    alike = select(batches.c.offers, func.count()).where(own).group_by(batches.c.offers)
    offers: Counter[str] = Counter()
    for counted, times in connection.execute(alike):
        for name, count in counted.items():
            offers[name] += count * times
    return Choices(
        recommended=int(row[0]), fallback=int(row[1]), offers=dict(sorted(offers.items()))
    )
