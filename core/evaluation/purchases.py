"""What was bought, cut into windows: what a recommender may know, and what it is to foresee."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from ..functions import to_milliseconds
from ..store.view import StoreView
from .pairs import Pairs

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Task = Literal["discover", "replenish"]

TASKS: tuple[Task, ...] = ("discover", "replenish")
"""Products that she never bought before; and whatever she buys, the same again included."""

DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Purchases:
    """Purchases of known customers, in the order they happened.

    Attributes:
        customer_ids: Who.
        product_ids: What.
        at: When, in UTC milliseconds.
    """

    customer_ids: NDArray[np.int64]
    product_ids: NDArray[np.int64]
    at: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.at)

    def cut(self, begins: int | None, ends: int) -> Purchases:
        """Return the purchases from a moment on (from the first when None), before another."""
        import numpy as np

        low = 0 if begins is None else int(np.searchsorted(self.at, begins))
        high = int(np.searchsorted(self.at, ends))
        return Purchases(
            customer_ids=self.customer_ids[low:high],
            product_ids=self.product_ids[low:high],
            at=self.at[low:high],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A span of time in which it shows whether a recommendation was good.

    Attributes:
        begins: The moment at which it is recommended, in UTC milliseconds.
        ends: What is bought from then on counts as foreseen; no more from here on.
    """

    begins: int
    ends: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Truth:
    """What a recommender is to foresee of a window, for one task.

    Attributes:
        task: Which.
        customer_ids: Who bought, ascending; rows of rankings are aligned with it.
        bought: What each of them bought in the window.
        own: What each of them had bought before.
    """

    task: Task
    customer_ids: NDArray[np.int64]
    bought: Pairs
    own: Pairs

    def __len__(self) -> int:
        return len(self.customer_ids)


def read_purchases(view: StoreView, until: datetime) -> Purchases:
    """Read what was bought before a moment."""
    told = view.interactions(types=["purchase"], until=until)
    return Purchases(customer_ids=told.customer_ids, product_ids=told.product_ids, at=told.at)


def cut_windows(purchases: Purchases, count: int, days: int, now: datetime) -> list[Window]:
    """Return windows that follow each other, the last one up to the latest purchase.

    Those before which, or in which, nothing was bought are left out.

    Args:
        purchases: All of them.
        count: At most so many windows.
        days: How long each is.
        now: Where the last one ends when nothing was bought.
    """
    end = int(purchases.at[-1]) + 1 if len(purchases) else to_milliseconds(now)
    length = days * DAY_MS
    windows = [
        Window(begins=end - (number + 1) * length, ends=end - number * length)
        for number in reversed(range(count))
    ]
    return [
        one
        for one in windows
        if len(purchases.cut(None, one.begins)) and len(purchases.cut(one.begins, one.ends))
    ]


def find_truth(purchases: Purchases, window: Window, task: Task, *, most: int, seed: int) -> Truth:
    """Return what is to be foreseen of a window.

    Args:
        purchases: All of them.
        window: The window.
        task: `discover` leaves out what somebody had bought before.
        most: At most so many customers, drawn by chance when there are more.
        seed: Of the drawing.
    """
    import numpy as np

    before = purchases.cut(None, window.begins)
    during = purchases.cut(window.begins, window.ends)
    people = np.unique(during.customer_ids)
    own = _pair(people, before)
    bought = _pair(people, during)
    if task == "discover":
        is_new = ~_holds_each(own, bought)
        bought = Pairs(bought.rows[is_new], bought.products[is_new])
    chosen = np.unique(bought.rows)
    if len(chosen) > most:
        chosen = np.sort(np.random.default_rng(seed).choice(chosen, most, replace=False))
    return Truth(
        task=task,
        customer_ids=people[chosen],
        bought=_narrow(bought, chosen),
        own=_narrow(own, chosen),
    )


def _pair(people: NDArray[np.int64], purchases: Purchases) -> Pairs:
    """Return what each of some people bought; `people` is ascending."""
    import numpy as np

    is_hers = np.isin(purchases.customer_ids, people)
    rows = np.searchsorted(people, purchases.customer_ids[is_hers])
    return Pairs(rows, purchases.product_ids[is_hers])


def _holds_each(pairs: Pairs, others: Pairs) -> NDArray[np.bool_]:
    """Return whether each pair of the others is among some pairs."""
    import numpy as np

    width = 1 + max(int(some.products.max(initial=0)) for some in (pairs, others))
    return np.isin(others.rows * width + others.products, pairs.rows * width + pairs.products)


def _narrow(pairs: Pairs, rows: NDArray[np.int64]) -> Pairs:
    """Return the pairs of some rows, which are numbered anew; `rows` is ascending."""
    import numpy as np

    is_kept = np.isin(pairs.rows, rows)
    return Pairs(np.searchsorted(rows, pairs.rows[is_kept]), pairs.products[is_kept])
