"""Finds the shares by which the variant of each person in a wave is drawn, where they are hers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..store.engine import Store
from ..store.ledger.propensities import list_waiting, read_lesson
from ..store.ledger.waves import OpenedWave

if TYPE_CHECKING:
    from ..experiments.contextual import Taught

MOVES = 0.01
"""A part of her traits that changes a share by less is not told."""

MOST_PARTS = 3


@dataclass(slots=True, kw_only=True)
class Drawing:
    """The shares of people in one wave.

    Attributes:
        store: An open store.
        run_id: The run.
        wave: Its wave.
        taught: What was learnt before it opened.
    """

    store: Store
    run_id: int
    wave: OpenedWave
    taught: Taught
    _known: dict[int, dict[str, float]] = field(default_factory=dict)

    def look_ahead(self, above: int, most: int) -> None:
        """Find the shares of the next people who wait, before anything is locked for them."""
        with self.store.read() as connection:
            people = list_waiting(connection, self.run_id, self.wave.wave, above, most)
        self._known = self._find(people)

    def find_shares(self, people: Sequence[int]) -> dict[int, dict[str, float]]:
        """Return the shares of some people; mostly they were looked for before."""
        missing = [one for one in people if one not in self._known]
        if missing:
            self._known |= self._find(missing)
        return {one: self._known[one] for one in people}

    def _find(self, people: Sequence[int]) -> dict[int, dict[str, float]]:
        from ..experiments.traits import read_vectors

        if not people:
            return {}
        vectors, _ = read_vectors(self.store, people, self.wave.opened_at)
        return dict(zip(people, self.taught.find_shares(vectors), strict=True))

    def tell_parts(self, customer: int, shares: Mapping[str, float]) -> list[str]:
        """Return the few traits that moved somebody's shares most, in words.

        Each is held against her shares if in it she were as people are on average.
        """
        from ..experiments.traits import describe_traits, read_vectors

        vectors, [her] = read_vectors(self.store, [customer], self.wave.opened_at)
        moved = []
        for said, places in describe_traits(her).items():
            other = vectors.copy()
            other[:, places] = self.taught.centre[places]
            [without] = self.taught.find_shares(other)
            most = max(shares, key=lambda one: abs(shares[one] - without[one]))
            moved.append((abs(shares[most] - without[most]), said, most, without[most]))
        moved.sort(key=lambda one: (-one[0], one[1]))
        return [
            f"{said}: {most} {shares[most]:.0%} instead of {before:.0%}"
            for change, said, most, before in moved[:MOST_PARTS]
            if change >= MOVES
        ]


def open_drawing(store: Store, run_id: int, wave: OpenedWave) -> Drawing | None:
    """Return the drawing of a wave, the same wherever and whenever; None when shares are all's."""
    with store.read() as connection:
        kept = read_lesson(connection, run_id, wave.wave)
    if kept is None:
        return None
    from ..experiments.contextual import load_lesson, teach
    from ..experiments.traits import GROUPS

    taught = teach(load_lesson(kept), list(GROUPS.values()))
    return Drawing(store=store, run_id=run_id, wave=wave, taught=taught)
