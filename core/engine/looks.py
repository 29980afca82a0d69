"""Remembers when this process last looked at something that is dear to count."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from ..store.tables import events, message_events

if TYPE_CHECKING:
    from .engine import Engine

BETWEEN_SECONDS = 10.0
"""How long a count holds, as long as things go on happening."""


@dataclass(frozen=True, slots=True)
class _Look:
    looked: float
    moment: int
    upto: tuple[int, int]
    found: bool


@dataclass(slots=True)
class Looks:
    """What was found when it was looked last."""

    _known: dict[tuple[str, int], _Look] = field(default_factory=dict)

    def ask(self, what: str, run_id: int, engine: Engine, count: Callable[[], bool]) -> bool:
        """Return what `count` answers, or answered before when that must be true still.

        It is not called again when nothing happened since, nor within some seconds: of the
        machine, or of a clock that is moved by hand.

        Args:
            what: One word for it.
            run_id: Of which run.
            engine: Has the store and the clock.
            count: Looks.
        """
        with engine.store.read() as connection:
            newest = connection.execute(
                select(
                    select(func.max(events.c.id)).scalar_subquery(),
                    select(func.max(message_events.c.id)).scalar_subquery(),
                )
            ).one()
        upto = (newest[0] or 0, newest[1] or 0)
        here, now = time.monotonic(), engine.now
        before = self._known.get((what, run_id))
        if before is not None:
            is_soon = 0 < now - before.moment < 1000 * BETWEEN_SECONDS
            if before.upto == upto or (is_soon and here - before.looked < BETWEEN_SECONDS):
                return before.found
        found = count()
        self._known[what, run_id] = _Look(here, now, upto, found)
        return found
