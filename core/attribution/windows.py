"""Says from when on orders count for somebody: since her wave was opened, or she was planned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..store.ledger.stops import read_moved, read_stopped

WAVES = "waves"
"""Where a run keeps the waves that were opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedWave:
    """A wave of a run that was opened.

    Attributes:
        wave: Its number, from 1; 0 is that of a run without waves.
        opened_at: When, in UTC milliseconds; None for a run without waves, whose people count from
            when they were planned.
        shares: Of each variant; together 1. Empty for a run without waves: those of the recipe.
        stopped: The variants that get nobody any more, each with why.
        moved: How many people of a variant that was stopped are in which other one since.
    """

    wave: int
    opened_at: int | None = None
    shares: Mapping[str, float] = field(default_factory=dict)
    stopped: Mapping[str, str] = field(default_factory=dict)
    moved: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


def read_waves(details: Mapping[str, Any]) -> tuple[OpenedWave, ...]:
    """Return the waves of a run that were opened; one, of number 0, of a run without any."""
    moved = read_moved(details)
    found = [
        OpenedWave(
            wave=int(one["wave"]),
            opened_at=int(one["opened_at"]),
            shares={name: float(share) for name, share in one.get("shares", {}).items()},
            stopped=dict(one.get("stopped") or {}),
            moved=moved.get(int(one["wave"]), {}),
        )
        for one in details.get(WAVES) or ()
    ]
    only = OpenedWave(wave=0, stopped=read_stopped(details), moved=moved.get(0, {}))
    return tuple(sorted(found, key=lambda one: one.wave)) or (only,)
