"""The people of a simulation: how keen each is, and what she ordered before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ..money import to_minor
from ..store.engine import Store
from ..store.rows import ConsentRow, CustomerRow, EventRow
from ..store.writers import open_writer
from .truth import Truth

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DAY_MS = 86_400_000
PAST_DAYS = 365
SIGNED_UP_DAYS = 2 * PAST_DAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Everybody; a person's number is her place here, from 0.

    Attributes:
        keys: The shop's id of each.
        keenness: How often each buys, 1 being the average.
        is_new: Whether each has never ordered before.
    """

    keys: list[str]
    keenness: NDArray[np.float64]
    is_new: NDArray[np.bool_]


def draw_audience(truth: Truth, people: int, generator: np.random.Generator) -> Audience:
    """Draw people; their keenness has a Gamma distribution with the mean 1, newcomers' too."""
    import numpy as np

    shape = 1 / truth.keenness**2
    keenness = generator.gamma(shape, 1 / shape, people)
    is_new = np.zeros(people, dtype=bool)
    if truth.newcomers:
        is_new = generator.random(people) < float(truth.newcomers)
    return Audience(
        keys=[f"P-{number}" for number in range(1, people + 1)], keenness=keenness, is_new=is_new
    )


def draw_baskets(truth: Truth, count: int, generator: np.random.Generator) -> list[int]:
    """Draw what orders are worth, in minor units: log-normal, with the truth's mean."""
    import numpy as np

    centre = np.log(to_minor_units(truth)) - truth.spread**2 / 2
    drawn = np.exp(generator.normal(centre, truth.spread, count))
    return [max(1, round(float(one))) for one in drawn]


def to_minor_units(truth: Truth) -> int:
    """Return what an order is worth on average, in minor units."""
    from decimal import Decimal

    return to_minor(Decimal(str(round(truth.basket, 2))), truth.currency)


def tell_audience(
    store: Store, audience: Audience, truth: Truth, now: datetime, generator: np.random.Generator
) -> None:
    """Tell the store who there is, with consent, and what they ordered within the year before."""
    at = int(now.timestamp() * 1000)
    signed_up = at - SIGNED_UP_DAYS * DAY_MS
    consents = (ConsentRow("email", True, signed_up),)
    with open_writer(store, "customers", now=now) as writer:
        writer.write(
            [
                CustomerRow(
                    key, email=f"{key.lower()}@people.example", language="en",
                    created_at=signed_up, consents=consents,
                )
                for key in audience.keys
            ]
        )  # fmt: skip
    import numpy as np

    counts = generator.poisson(truth.past_orders * audience.keenness)
    if truth.newcomers:  # so that whom a store knows no order of is new indeed
        counts = np.where(audience.is_new, 0, np.maximum(counts, 1))
    values = iter(draw_baskets(truth, int(counts.sum()), generator))
    rows: list[EventRow] = []
    for person, count in enumerate(counts):
        for ago in generator.uniform(DAY_MS, PAST_DAYS * DAY_MS, count):
            order = f"past-{len(rows)}"
            rows.append(
                EventRow(
                    order, "purchase", at - int(ago), audience.keys[person],
                    value=next(values), currency=truth.currency, order_key=order,
                )
            )  # fmt: skip
    with open_writer(store, "events", now=now) as writer:
        writer.write(rows)
