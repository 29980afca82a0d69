"""What a recommender has to be better than: what sold best lately, and what she bought before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .pairs import NOTHING, Pairs, take_first
from .purchases import DAY_MS, Purchases, Truth

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

POPULAR_DAYS = 30
"""How far back it is counted what sells best."""

_ROWS_AT_ONCE = 2_000


def rank_popular(before: Purchases, moment: int) -> NDArray[np.int64]:
    """Return all products, the most popular first.

    That is by how many customers bought it within the last 30 days; of equals by how many did
    at all, then by id.

    Args:
        before: What was bought before the moment.
        moment: In UTC milliseconds.
    """
    import numpy as np

    products = np.unique(before.product_ids)
    lately = before.cut(moment - POPULAR_DAYS * DAY_MS, moment)
    counts = [_count_buyers(some, products) for some in (lately, before)]
    order = np.lexsort((products, -counts[1], -counts[0]))
    return products[order]


def recommend_popular(truth: Truth, popular: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    """Return what sells best to each customer; to discover, without what she has bought.

    Args:
        truth: Whose.
        popular: All products, the most popular first.
        n: How many for each.
    """
    import numpy as np

    if truth.task == "replenish":
        first = popular[:n]
        row = np.pad(first, (0, n - len(first)), constant_values=NOTHING)
        return np.tile(row, (len(truth), 1))
    return _take_others(truth.own, len(truth), popular, n)


def recommend_own(
    truth: Truth, before: Purchases, popular: NDArray[np.int64], n: int
) -> NDArray[np.int64]:
    """Return what each customer bought most often, filled up with what sells best.

    Two lines of one order are one purchase; of what she bought equally often, it is first what
    sells best.

    Args:
        truth: Whose.
        before: What was bought before the window.
        popular: All products, the most popular first.
        n: How many for each.
    """
    import numpy as np

    is_hers = np.isin(before.customer_ids, truth.customer_ids)
    rows = np.searchsorted(truth.customer_ids, before.customer_ids[is_hers])
    products, at = before.product_ids[is_hers], before.at[is_hers]
    ranked = np.full((len(truth), n), NOTHING, dtype=np.int64)
    if len(rows):
        order = np.lexsort((at, products, rows))
        rows, products, at = rows[order], products[order], at[order]
        is_new = np.ones(len(rows), dtype=bool)
        is_new[1:] = (rows[1:] != rows[:-1]) | (products[1:] != products[:-1])
        is_order = is_new.copy()
        is_order[1:] |= at[1:] != at[:-1]
        starts = np.flatnonzero(is_new)
        counts = np.add.reduceat(is_order.astype(np.int64), starts)
        rows, products = rows[starts], products[starts]
        by_id = np.argsort(popular)
        ranks = by_id[np.searchsorted(popular[by_id], products)]
        order = np.lexsort((ranks, -counts, rows))
        rows, products = rows[order], products[order]
        starts = np.searchsorted(rows, np.arange(len(truth)))
        place = np.arange(len(rows)) - starts[rows]
        is_first = place < n
        ranked[rows[is_first], place[is_first]] = products[is_first]
    others = _take_others(truth.own, len(truth), popular, n)
    both = np.concatenate([ranked, others], axis=1)
    return take_first(both, both != NOTHING, n)


def _take_others(own: Pairs, rows: int, popular: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    """Return the most popular products for each row that are not its own."""
    import numpy as np

    most_own = int(own.count(rows).max(initial=0))
    shown = popular[: n + most_own]
    parts = [np.empty((0, n), dtype=np.int64)]
    for start in range(0, rows, _ROWS_AT_ONCE):
        size = min(_ROWS_AT_ONCE, rows - start)
        block = np.broadcast_to(shown, (size, len(shown)))
        parts.append(take_first(block, ~own.hold(block, first_row=start), n))
    return np.concatenate(parts)


def _count_buyers(purchases: Purchases, products: NDArray[np.int64]) -> NDArray[np.int64]:
    import numpy as np

    bought = Pairs(np.searchsorted(products, purchases.product_ids), purchases.customer_ids)
    return bought.count(len(products)).astype(np.int64)


def count_buyers(purchases: Purchases) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the products that were bought, ascending, and how many customers bought each."""
    import numpy as np

    products = np.unique(purchases.product_ids)
    return products, _count_buyers(purchases, products)
