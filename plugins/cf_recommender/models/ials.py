"""Matrix factorisation of what is there and what is not, by alternating least squares."""

from __future__ import annotations

import numpy as np
from surprise import AlgoBase, Trainset

from .factor_algorithm import FactorAlgorithm
from .least_squares import solve_factors
from .trainset import make_valued


class Ials(FactorAlgorithm):
    """Implicit ALS as an algorithm of Surprise; what was rated counts, a little by how high.

    Args:
        factors: How many.
        reg: How strongly factors are drawn to zero.
        unobserved: How much counts what is not there.
        stars: How much the height of a rating counts: see `make_valued`.
        iterations: How many times both sides are solved.
        random_state: Of the first factors.
    """

    def __init__(
        self,
        factors: int = 32,
        reg: float = 7.0,
        unobserved: float = 0.2,
        stars: float = 0.0,
        iterations: int = 15,
        random_state: int = 0,
    ) -> None:
        AlgoBase.__init__(self)
        self.factors, self.reg, self.unobserved, self.stars = factors, reg, unobserved, stars
        self.iterations, self.random_state = iterations, random_state

    def fit(self, trainset: Trainset) -> Ials:
        """Alternate."""
        AlgoBase.fit(self, trainset)
        by_user = make_valued(trainset, self.stars)
        by_item = by_user.T.tocsr()
        rng = np.random.default_rng(self.random_state)
        self.qi = rng.normal(0, 0.1, (trainset.n_items, self.factors))
        for _ in range(self.iterations):
            self.pu = solve_factors(by_user, self.qi, unobserved=self.unobserved, reg=self.reg)
            self.qi = solve_factors(by_item, self.pu, unobserved=self.unobserved, reg=self.reg)
        return self
