"""Measures rankings against what customers bought after: functions over arrays, all at once.

A ranking is a row of product ids, best first; -1 stands where there is none. What was bought is
binary: a product counts once, however many pieces there were.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .pairs import NOTHING, Pairs

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Judgement:
    """How good each of many rankings is; each array has one number in [0, 1] per row.

    Attributes:
        ndcg: Normalised discounted cumulative gain: a hit at rank r is worth 1 / log2(r + 1), and
            the sum is divided by that of the best ranking there can be.
        hit: 1 when one of the products was bought, else 0.
        precision: Hits, divided by the length of the ranking.
        recall: Hits, divided by how many products were bought.
        average_precision: The mean, over the products bought, of the precision at the rank of
            each; those that are not in the ranking count 0.
    """

    ndcg: Numbers
    hit: Numbers
    precision: Numbers
    recall: Numbers
    average_precision: Numbers

    def __len__(self) -> int:
        return len(self.ndcg)


def judge_rankings(
    ranked: ArrayLike, rows: ArrayLike, products: ArrayLike, *, k: int = 10
) -> Judgement:
    """Judge rankings by what was bought.

    Args:
        ranked: Product ids, [rankings x at least 1], best first, none twice in a row; -1 where
            there is none.
        rows: Of each thing bought, the row of the ranking.
        products: Aligned with `rows`: the product's id. Pairs may come more than once.
        k: How much of each ranking is looked at.

    Returns:
        Numbers for each row, in order.

    Raises:
        ValueError: Nothing was bought of a row, so that it cannot be judged; or the arrays do not
            fit together.
    """
    import numpy as np

    shown = np.asarray(ranked, dtype=np.int64)[:, :k]
    bought = Pairs(rows, products)
    relevant = bought.count(len(shown))
    if len(relevant) > len(shown):
        raise ValueError(f"row {len(relevant) - 1} was bought of, and there is no such ranking")
    if not relevant.all():
        raise ValueError(f"nothing was bought of row {int(np.argmin(relevant))}; leave it out")
    hits = bought.hold(shown).astype(np.float64)
    ranks = np.arange(1, shown.shape[1] + 1)
    gains = 1 / np.log2(ranks + 1)
    best = np.concatenate([[0.0], np.cumsum(1 / np.log2(np.arange(1, k + 1) + 1))])
    found = hits.sum(axis=1)
    precisions = np.cumsum(hits, axis=1) / ranks
    return Judgement(
        ndcg=hits @ gains / best[np.minimum(relevant, k)],
        hit=(found > 0).astype(np.float64),
        precision=found / k,
        recall=found / relevant,
        average_precision=(precisions * hits).sum(axis=1) / relevant,
    )


def measure_coverage(ranked: ArrayLike, products: int) -> float:
    """Return the share of a catalogue that is in at least one of the rankings.

    Args:
        ranked: Product ids, [rankings x length]; -1 where there is none.
        products: How many products there are.
    """
    import numpy as np

    shown = np.unique(np.asarray(ranked, dtype=np.int64))
    return float(np.count_nonzero(shown != NOTHING) / products) if products else 0.0


def measure_novelty(
    ranked: ArrayLike, products: ArrayLike, buyers: ArrayLike, people: int
) -> float:
    """Return how little known the recommended products are, in bits.

    It is the mean over all recommended products of -log2 of the share of people who bought it
    before (Zhou et al., 2010); one that nobody bought counts as if one of them had.

    Args:
        ranked: Product ids, [rankings x length]; -1 where there is none.
        products: Ids of products that were bought.
        buyers: Aligned: how many people bought it.
        people: How many people bought anything.
    """
    import numpy as np

    shown = np.asarray(ranked, dtype=np.int64)
    shown = shown[shown != NOTHING]
    if not len(shown) or not people:
        return 0.0
    order = np.argsort(np.asarray(products))
    known, counts = np.asarray(products)[order], np.asarray(buyers, dtype=np.float64)[order]
    by = np.ones(len(shown))
    if len(known):
        place = np.minimum(np.searchsorted(known, shown), len(known) - 1)
        by = np.where(known[place] == shown, np.maximum(counts[place], 1), 1)
    return float(np.mean(-np.log2(by / max(people, by.max()))))
