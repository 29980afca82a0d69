"""Counts the people of a run by the variant that was drawn for each, beside her own shares."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Float, and_, case, cast, func, select

from ..outcomes import IS_ASSIGNED
from ..tables import messages, propensities
from .propensities import WHOLE


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnShares:
    """How the people of a wave were drawn in which each has shares of her own.

    Attributes:
        people: How many were drawn for each variant.
        expected: The sum of their shares of it.
        overlaps: Of two variants the sum over people of the product of both shares.
    """

    people: Mapping[str, int]
    expected: Mapping[str, float]
    overlaps: Mapping[tuple[str, str], float]


def read_own_shares(connection: Connection, run_id: int) -> dict[int, OwnShares]:
    """Return for each wave in which shares are people's own how they were drawn.

    Who was given to another variant since counts for hers; who is not analysed, for none.

    Args:
        connection: Within any transaction.
        run_id: The run.
    """
    one, other = propensities.alias("one"), propensities.alias("other")
    drawn = func.sum(case((and_(one.c.is_drawn, other.c.variant == one.c.variant), 1), else_=0))
    both = func.sum(cast(one.c.share, Float) * other.c.share)
    found = (
        select(messages.c.wave, one.c.variant, other.c.variant, drawn, func.sum(one.c.share), both)
        .join_from(messages, one, one.c.message_id == messages.c.id)
        .join(
            other,
            (other.c.message_id == one.c.message_id) & (other.c.variant >= one.c.variant),
        )
        .where(messages.c.run_id == run_id, IS_ASSIGNED)
        .group_by(messages.c.wave, one.c.variant, other.c.variant)
    )
    people: dict[int, dict[str, int]] = defaultdict(dict)
    expected: dict[int, dict[str, float]] = defaultdict(dict)
    overlaps: dict[int, dict[tuple[str, str], float]] = defaultdict(dict)
    for wave, name, with_name, count, total, product in connection.execute(found):
        if name == with_name:
            people[wave][name] = int(count)
            expected[wave][name] = float(total) / WHOLE
        else:
            overlaps[wave][name, with_name] = float(product) / WHOLE**2
    return {
        wave: OwnShares(people=people[wave], expected=expected[wave], overlaps=overlaps[wave])
        for wave in people
    }
