"""Several algorithms of Surprise as one: the weighted sum of their standardised scores."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from surprise import AlgoBase, PredictionImpossible, Trainset

from .blending import standardise
from .ease import UserEase
from .history import Floats
from .ials import Ials
from .surprise_blocks import score_block


class Blend(AlgoBase):  # type: ignore[misc]
    """A weighted sum of algorithms, each standardised over all items of a user.

    Args:
        members: Algorithms, not fitted yet, with their weights; None: those of
            `make_members`.
    """

    def __init__(self, members: Sequence[tuple[AlgoBase, float]] | None = None) -> None:
        AlgoBase.__init__(self)
        self.members = tuple(make_members() if members is None else members)
        self._last: tuple[int, Floats] | None = None

    def fit(self, trainset: Trainset) -> Blend:
        """Fit each of them."""
        AlgoBase.fit(self, trainset)
        self._last = None
        for algorithm, _ in self.members:
            algorithm.fit(trainset)
        return self

    def score_users(self, users: npt.NDArray[np.integer[Any]]) -> Floats:
        """Return estimates [users x items]."""
        total = np.zeros((len(users), self.trainset.n_items), np.float32)
        for algorithm, weight in self.members:
            total += np.float32(weight) * standardise(score_block(algorithm, users))
        return total

    def estimate(self, user: Any, item: Any) -> float:
        """Return the sum for one pair; asked user by user it is quickest."""
        if not (self.trainset.knows_user(user) and self.trainset.knows_item(item)):
            raise PredictionImpossible("The user or the item is unknown.")
        if self._last is None or self._last[0] != user:
            self._last = (user, self.score_users(np.array([user]))[0])
        return float(self._last[1][item])


def make_members() -> list[tuple[AlgoBase, float]]:
    """Return EASE between users and ALS from four starts.

    They and their settings were chosen on other random splits of MovieLens-100k than the one
    that is reported.
    """
    starts = [(Ials(stars=0.15, random_state=seed), 0.3) for seed in range(4)]
    return [(UserEase(500.0, stars=0.1), 1.0), *starts]
