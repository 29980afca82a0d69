"""Surprise's own SVD on what was bought and on some of what was not."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from surprise import SVD, AlgoBase, Trainset

from .factor_algorithm import FactorAlgorithm
from .trainset import ColumnTrainset, read_columns


def sample_negatives(
    users: npt.NDArray[np.int32],
    items: npt.NDArray[np.int32],
    shape: tuple[int, int],
    each: int,
    rng: np.random.Generator,
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Return pairs that are not among given ones, as many times more for each user.

    Drawn without regard to popularity, with repeats left out; who has nearly everything gets
    fewer.

    Args:
        users: Of the given pairs.
        items: Of the given pairs.
        shape: How many users, how many items.
        each: How many for each given pair.
        rng: Draws.
    """
    given = users.astype(np.int64) * shape[1] + items
    drawn = np.repeat(users, each).astype(np.int64) * shape[1]
    drawn += rng.integers(0, shape[1], len(drawn))
    kept = np.setdiff1d(drawn, given)  # also sorts, and leaves repeats out
    return (kept // shape[1]).astype(np.int32), (kept % shape[1]).astype(np.int32)


class UnarySvd(FactorAlgorithm):
    """Surprise's SVD without biases, fitted to 1 for what is there and 0 for a sample of the rest.

    Args:
        negatives: How many zeros for each one.
        n_factors: Of SVD.
        n_epochs: Of SVD.
        lr_all: Of SVD.
        reg_all: Of SVD.
        random_state: Of the zeros and of SVD.
    """

    def __init__(
        self,
        negatives: int = 12,
        n_factors: int = 64,
        n_epochs: int = 60,
        lr_all: float = 0.005,
        reg_all: float = 0.015,
        random_state: int = 0,
    ) -> None:
        AlgoBase.__init__(self)
        self.negatives, self.n_factors, self.n_epochs = negatives, n_factors, n_epochs
        self.lr_all, self.reg_all, self.random_state = lr_all, reg_all, random_state

    def fit(self, trainset: Trainset) -> UnarySvd:
        """Draw the zeros and fit."""
        AlgoBase.fit(self, trainset)
        users, items, _ = read_columns(trainset)
        shape = trainset.n_users, trainset.n_items
        rng = np.random.default_rng(self.random_state)
        empty_users, empty_items = sample_negatives(users, items, shape, self.negatives, rng)
        order = rng.permutation(len(users) + len(empty_users))
        both = ColumnTrainset(
            np.concatenate([users, empty_users])[order],
            np.concatenate([items, empty_items])[order],
            np.concatenate([np.ones(len(users)), np.zeros(len(empty_users))])[order],
            raw_users=np.arange(shape[0]),
            raw_items=np.arange(shape[1]),
        )
        fitted = SVD(
            n_factors=self.n_factors, n_epochs=self.n_epochs, biased=False,
            lr_all=self.lr_all, reg_all=self.reg_all, random_state=self.random_state,
        ).fit(both)  # fmt: skip
        self.pu, self.qi = fitted.pu, fitted.qi
        return self
