"""Ranks the products that come into question for a customer, by what such features meant before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .features import make_features
from .history import Floats, History
from .own_pairs import OwnPairs
from .top_n import NOTHING, take_top
from .trees import Trees

CANDIDATES = 60
"""How many products of each list come into question beside those that are hers."""

Chosen = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ranker:
    """Trees over features, and what is known of the products.

    Attributes:
        trees: What such features meant in the shop's past.
        facts: Of the products when it was learned, [facts x products].
        tasks: For which it is better than fixed weights.
    """

    trees: Trees
    facts: Floats
    tasks: tuple[str, ...]

    def rank(
        self, rows: History, pairs: OwnPairs, scores: Floats, blended: Floats, now: int
    ) -> Floats:
        """Return scores [customers x products]: those that come into question first.

        Args:
            rows: What the customers did, all before `now`.
            pairs: What is theirs.
            scores: What the model of products says, [customers x products].
            blended: The order of those that do not come into question, [customers x products].
            now: UTC milliseconds.
        """
        chosen = choose_candidates(pairs.keys, scores, blended, self.facts)
        columns = make_features(rows, pairs, self.facts, scores, chosen, now)
        ranked = self.trees.evaluate(columns)
        last = np.full(len(scores), np.inf, np.float32)
        np.minimum.at(last, chosen[0], ranked)
        last[~np.isfinite(last)] = 0
        best = blended.max(axis=1, initial=-np.inf)
        made: Floats = blended - best[:, None] + (last - 1)[:, None]
        made[chosen] = ranked
        return made

    def to_arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return what is to be kept, by name."""
        return {"product_facts": self.facts, **self.trees.to_arrays()}

    @classmethod
    def from_arrays(cls, arrays: dict[str, npt.NDArray[Any]], tasks: tuple[str, ...]) -> Ranker:
        """Return what `to_arrays` kept, for these tasks."""
        return cls(trees=Trees.from_arrays(arrays), facts=arrays["product_facts"], tasks=tasks)


def choose_candidates(
    keys: npt.NDArray[np.int64], scores: Floats, blended: Floats, facts: Floats
) -> Chosen:
    """Return which pairs come into question, ascending by customer and product.

    Those that are hers, the best by the model, the best when popularity is mixed in, and the
    most popular of the last 30 days.

    Args:
        keys: Of her pairs.
        scores: What the model of products says, [customers x products].
        blended: The same with popularity, [customers x products].
        facts: Of the products.
    """
    customers, products = scores.shape
    is_sold = facts[4] > 0
    popular, _ = take_top(facts[2][None, :], is_sold, CANDIDATES)
    lists = [
        take_top(scores, is_sold, CANDIDATES)[0],
        take_top(blended, is_sold, CANDIDATES)[0],
        np.broadcast_to(popular, (customers, CANDIDATES)),
    ]
    listed = np.concatenate(lists, axis=1).astype(np.int64)
    who = np.broadcast_to(np.arange(customers)[:, None], listed.shape)
    wanted = (who * products + listed)[listed != NOTHING]
    every = np.unique(np.concatenate([keys, wanted]))
    return every // products, every % products
