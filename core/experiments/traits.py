"""Says what of somebody's traits the shares of her variants may depend on, and learns of them.

It is her part of `vector.py`: what she ordered, spent, sent back and looked at, and her favourite
category; what stands for products is left out, as none were chosen yet. The shop's own traits are
too: they are kept without a date, and of somebody who was written to a week ago nobody knows
any more what they were.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..customer import Customer
from ..store.engine import Store
from ..store.ledger.waves import OpenedWave
from ..store.profiles import compute_profiles
from ..store.reading import name_profile
from ..store.wave_outcomes import Metric, find_reach, read_reached
from ..vector import CATEGORY_PLACES, PROFILE, make_vector
from .contextual import Lesson
from .learning import Cell, fit_waves
from .tallying import read_values
from .trait_models import Array, add_people, make_sums

PLACES = len(PROFILE) + CATEGORY_PLACES

GROUPS: dict[str, list[int]] = {
    **{name: [place] for place, name in enumerate(PROFILE) if place},
    "favourite_category": list(range(len(PROFILE), PLACES)),
}
"""The places of the vector that each trait has; the first one is 1 for everybody."""

AT_ONCE = 1_000
"""People who are read in one transaction."""

ENOUGH = 100_000
"""Of a wave with more people, only about so many are learnt from."""


def read_vectors(store: Store, people: Sequence[int], at: int) -> tuple[Array, list[Customer]]:
    """Return the vectors of some people as they were at a moment, aligned, and their traits.

    Args:
        store: An open store.
        people: Customers, 1,000 or so at most.
        at: The moment, in UTC milliseconds; what was done then or later has no part in it.
    """
    with store.read() as connection:
        profiles = compute_profiles(connection, people, before=at)
    customers = [
        Customer(id=one, traits=name_profile(profiles.get(one), at, None)) for one in people
    ]
    vectors = np.array([make_vector(one, ())[:PLACES] for one in customers], dtype=np.float64)
    return vectors.reshape(len(people), PLACES), customers


def learn_by_traits(
    store: Store,
    run_id: int,
    waves: Sequence[OpenedWave],
    cells: Sequence[Mapping[str, Cell]],
    *,
    variants: Sequence[str],
    metric: Metric,
    until: int,
    window_ms: int,
    seed: tuple[int, ...],
    stopped: Sequence[str],
) -> Lesson:
    """Learn of the waves that left what each variant brings, by traits.

    Who is counted, and for how long, is as for `tally_wave`; each person's traits are those of the
    moment when her wave was opened. One person of a wave in which everybody reacts half as often
    counts half, see `fit_waves`.

    Args:
        store: An open store.
        run_id: The run.
        waves: Those that left.
        cells: Aligned: what the people of each variant did.
        variants: The names of all.
        metric: What is counted.
        until: Now, in UTC milliseconds.
        window_ms: For how long after her message what somebody does counts.
        seed: Of draws.
        stopped: Variants that get nobody.
    """
    table = [[cell.get(name, Cell()) for name in variants] for cell in cells]
    people = np.array([[one.people for one in row] for row in table], dtype=float)
    field = "total" if metric == "revenue" else "successes"
    reacted = np.array([[getattr(one, field) for one in row] for row in table], dtype=float)
    sums = {name: make_sums(PLACES) for name in variants}
    squares, count = 0.0, 0
    for wave, weight, size in zip(
        waves, fit_waves(people, reacted), people.sum(axis=1), strict=True
    ):
        reach = find_reach(run_id, wave, until=until, window_ms=window_ms)
        with store.read() as connection:
            values = read_values(connection, reach, metric)
        step, above = max(1, round(size / ENOUGH)), 0
        while True:
            with store.read() as connection:
                rows = read_reached(connection, reach, above=above, most=AT_ONCE, step=step)
            if not rows:
                break
            above = rows[-1][0]
            vectors, _ = read_vectors(store, [row[1] for row in rows], wave.opened_at)
            keys = [row[0] if metric == "click" else row[1] for row in rows]
            did = np.array([values.get(key, 0.0) for key in keys])
            whose = np.array([row[2] for row in rows])
            squares += float(did @ did) / max(float(weight), 1e-9)
            count += len(rows)
            for name in variants:
                own = whose == name
                sums[name] = add_people(sums[name], vectors[own], did[own], float(weight))
    return Lesson(
        variants=tuple(variants),
        sums=tuple(sums[name] for name in variants),
        squares=squares / max(count, 1),
        seed=seed,
        stopped=tuple(stopped),
    )


def describe_traits(customer: Customer) -> dict[str, list[int]]:
    """Return somebody's traits in words, and the places of the vector that each is told by."""
    found: dict[str, list[int]] = {}
    for name, places in GROUPS.items():
        found.setdefault(_describe(name, customer.traits), []).extend(places)
    return found


def _describe(name: str, traits: Mapping[str, Any]) -> str:
    source = _SOURCES.get(name, name)
    known = traits.get(source)
    said = source.replace("_", " ")
    if name == "returned":
        return "what she sent back" if known else "she sent nothing back"
    if name == "has_ordered":
        return "she has ordered before" if known else "she has never ordered"
    if known is None:
        return f"{said} not known"
    return f"{said} {known}"


_SOURCES = {
    "has_ordered": "orders",
    "returned": "returned_pieces",
    "spent": "total_spent",
    "ordered_lately": "days_since_last_order",
    "ordered_this_half_year": "days_since_last_order",
    "viewed_lately": "days_since_last_view",
    "seen_lately": "days_since_last_seen",
    "is_due_again": "reorder_days",
}
"""The trait that a place of the vector is made of, where it has another name."""
