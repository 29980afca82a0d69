"""Finds what a run changed: who was written to beside who was held out, wave by wave."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..statistics.intervals import Interval
from ..statistics.outlook import find_days_needed
from ..statistics.pooling import pool_means, pool_rates
from ..statistics.power import find_smallest_lift
from ..statistics.sequential import find_always_valid
from ..statistics.tallies import Moments, Tally
from .effect import Group, Lift, WaveLift
from .evidence import Evidence

DAY_MS = 86_400_000


def find_lift(
    evidence: Evidence, *, is_final: bool, now: int, ends_at: int | None, begins_at: int
) -> Lift | None:
    """Return what a run changed; None when nobody was held out, or nobody written to.

    Orders and revenue within the window, everybody as assigned, each wave of its own and then
    pooled. While orders may still come in, the interval is one that may be looked at every day;
    afterwards it is the final one.

    Args:
        evidence: What was seen.
        is_final: Whether the windows of all are over.
        now: The moment, in UTC milliseconds.
        ends_at: When nobody's orders count any more; None when that is not known yet.
        begins_at: From when on somebody's orders counted.
    """
    waves = []
    rates: list[tuple[Tally, Tally]] = []
    means: list[tuple[Moments, Moments]] = []
    for one in evidence.outcome.waves:
        arms = evidence.list_cells(one.wave, is_held_out=False)
        held = evidence.list_cells(one.wave, is_held_out=True)
        rates.append((evidence.tally(arms), evidence.tally(held)))
        means.append((evidence.add(arms), evidence.add(held)))
        waves.append(
            WaveLift(
                wave=one.wave,
                opened_at=one.opened_at,
                treated=evidence.count(arms),
                held_out=evidence.count(held),
                orders=_compare_shares(rates[-1:], is_final=is_final),
            )
        )
    nobody = Group(people=0, bought=0, spent=0)
    treated = sum((one.treated for one in waves), nobody)
    held_out = sum((one.held_out for one in waves), nobody)
    if not treated.people or not held_out.people:
        return None
    orders = _compare_shares(rates, is_final=is_final)
    revenue = None
    if evidence.currency is not None:
        revenue = pool_means(means) if is_final else find_always_valid(means)
    return Lift(
        treated=treated,
        held_out=held_out,
        orders=orders,
        revenue=revenue,
        extra=None if revenue is None else revenue.times(treated.people),
        waves=tuple(waves),
        smallest=_find_smallest(treated, held_out),
        days_needed=None if is_final else _find_days(evidence, rates, now - begins_at, now),
        days_left=None if ends_at is None else max(0.0, (ends_at - now) / DAY_MS),
    )


def _compare_shares(rates: Sequence[tuple[Tally, Tally]], *, is_final: bool) -> Interval:
    return pool_rates(rates) if is_final else find_always_valid(rates)


def _find_smallest(treated: Group, held_out: Group) -> float | None:
    rate = (treated.bought + held_out.bought) / (treated.people + held_out.people)
    if not rate:
        return None
    found = find_smallest_lift(treated.people, held_out.people, rate)
    return found if math.isfinite(found) else None


def _find_days(
    evidence: Evidence, rates: Sequence[tuple[Tally, Tally]], passed_ms: int, now: int
) -> float | None:
    days = passed_ms / DAY_MS
    if days <= 0:
        return None
    buyers = evidence.outcome.buyers
    recent = None
    if days >= 1 and buyers:
        recent = sum(one.at > now - DAY_MS for one in buyers) / len(buyers)
    return find_days_needed(rates, days=days, recent=recent) or None
