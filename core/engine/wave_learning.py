"""Learns of the waves of a run that left by which shares the next one is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..experiments.allocation import Allocation
from ..store.ledger.runs import RunRow
from ..store.ledger.stops import read_stopped
from ..store.ledger.waves import OpenedWave
from .engine import Engine
from .runs import Run


def learn_of_waves(
    engine: Engine, run: Run, row: RunRow, allocation: Allocation, opened: Sequence[OpenedWave]
) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """Return what is kept of the next wave, and its lesson when variants are drawn by traits.

    Args:
        engine: The engine.
        run: The run, with its campaign.
        row: The same as the ledger has it.
        allocation: How people are given to variants.
        opened: The waves that are open; all of them left.

    Returns:
        The attributes of an `OpenedWave` but its number; and what `keep_lesson` keeps.
    """
    from ..experiments.learning import find_shares, learn  # NumPy, which few runs need
    from ..experiments.tallying import tally_wave

    names = [str(name) for name in run.campaign.variants]
    stopped = read_stopped(row.details)
    now = engine.now
    with engine.store.read() as connection:
        cells = [
            tally_wave(
                connection, run.id, one,
                metric=allocation.metric, until=now, window_ms=allocation.window_ms,
            )
            for one in opened
        ]  # fmt: skip
    wave = opened[-1].wave + 1
    learned = learn(
        cells, names,
        by_money=allocation.metric == "revenue", seed=(run.seed, wave), stopped=stopped,
    )  # fmt: skip
    shares = find_shares({name: one.chance for name, one in learned.items()}, stopped=stopped)
    lesson = None
    if allocation.allocate == "contextual":
        from ..experiments.traits import learn_by_traits

        lesson = learn_by_traits(
            engine.store, run.id, opened, cells,
            variants=names, metric=allocation.metric, until=now, window_ms=allocation.window_ms,
            seed=(run.seed, wave), stopped=tuple(stopped),
        ).dump()  # fmt: skip
    entry: dict[str, Any] = {
        "opened_at": max(now, row.not_before or 0),
        "shares": shares,
        "learned": {
            name: {
                "people": one.people,
                "estimate": round(one.estimate, 6),
                "chance": round(one.chance, 4),
            }
            for name, one in learned.items()
        },
    }
    if stopped:
        entry["stopped"] = stopped
    return entry, lesson
