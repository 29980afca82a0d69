"""What algorithms of factors have in common: how they answer for a pair, and for many users."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from surprise import AlgoBase, PredictionImpossible

from .history import Floats


class FactorAlgorithm(AlgoBase):  # type: ignore[misc]
    """An algorithm of Surprise that `fit` leaves the factors of.

    Attributes:
        pu: Of users, [users x factors].
        qi: Of items, [items x factors].
    """

    pu: npt.NDArray[Any]
    qi: npt.NDArray[Any]

    def estimate(self, user: Any, item: Any) -> float:
        """Return how near to 1 the pair is."""
        if not (self.trainset.knows_user(user) and self.trainset.knows_item(item)):
            raise PredictionImpossible("The user or the item is unknown.")
        return float(self.pu[user] @ self.qi[item])

    def score_users(self, users: npt.NDArray[np.integer[Any]]) -> Floats:
        """Return estimates [users x items]."""
        return np.asarray(self.pu[users] @ self.qi.T, np.float32)
