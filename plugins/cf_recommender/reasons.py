"""Why a product was chosen for a customer, in a form that a template can put into words."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ballyhoo import Reason

from .batch import Batch
from .learned import Learned
from .options import CfOptions
from .scoring import Scores

LIKE = 0.2
"""From so much likeness on, a product is similar to another."""


class Reasons:
    """Tells why, for the customers of one block.

    Args:
        options: The recipe's block.
        learned: What training left.
        batch: The customers.
        scores: Their scores.
    """

    def __init__(self, options: CfOptions, learned: Learned, batch: Batch, scores: Scores) -> None:
        self._options = options
        self._learned = learned
        self._batch = batch
        self._scores = scores
        own = batch.own
        bounds = np.searchsorted(np.sort(own.customers, kind="stable"), np.arange(len(batch) + 1))
        self._order = np.argsort(own.customers, kind="stable")
        self._bounds = bounds
        self._model_of = np.full(len(learned.product_ids), -1, np.int64)
        self._model_of[learned.warm] = np.arange(len(learned.warm))

    def explain(self, customer: int, place: int) -> Reason:
        """Return why a product fits a customer.

        Args:
            customer: Her index in the batch.
            place: The product's place.
        """
        if self._scores.points is not None:
            return self._explain_point(customer, place)
        if self._options.task == "popular":
            return self.call_popular(customer, place)
        if self._options.task == "replenish" and place in self._list_own(customer, bought=True):
            return Reason(kind="own_history")
        return self._explain_model(customer, place) or self._explain_content(customer, place)

    def call_popular(self, customer: int, place: int) -> Reason:
        """Return that it is popular, in a category of hers when it is in one."""
        mine = self._list_own(customer)
        category = int(self._learned.categories[place])
        if category >= 0 and (self._learned.categories[mine] == category).any():
            return Reason(kind="popular", category=self._learned.name_category(place))
        return Reason(kind="popular")

    def call_new(self, place: int) -> Reason:
        """Return that it is new in the shop."""
        return Reason(kind="new", category=self._learned.name_category(place))

    def _explain_point(self, customer: int, place: int) -> Reason:
        points, by_point, rows = (
            self._scores.points, self._scores.by_point, self._scores.point_rows,
        )  # fmt: skip
        assert points is not None
        assert by_point is not None
        assert rows is not None
        mine = slice(*np.searchsorted(points.customers, [customer, customer + 1]))
        best = int(np.argmax(by_point[rows[mine], place]))
        led_by = self._name(int(points.products[mine][best]))
        if self._options.task == "similar":
            return Reason(kind="similar", product_id=led_by)
        return Reason(kind="goes_with", product_id=led_by)

    def _explain_model(self, customer: int, place: int) -> Reason | None:
        model, product = self._learned.model, int(self._model_of[place])
        if model is None or self._batch.rows is None or product < 0:
            return None
        found = model.explain(self._batch.rows, customer, product)
        if found is None:
            return None
        led_by = int(self._learned.warm[found[0]])
        if led_by in self._list_own(customer, bought=True):
            return Reason(kind="bought", product_id=self._name(led_by))
        if led_by in self._list_own(customer):
            return Reason(kind="viewed", product_id=self._name(led_by))
        return Reason(kind="similar")  # it stands in for one that the model does not know

    def _explain_content(self, customer: int, place: int) -> Reason:
        """Return what it is like of hers; else that it is popular."""
        mine = self._list_own(customer)
        if len(mine):
            alike = self._learned.vectors[mine] @ self._learned.vectors[place]
            best = int(np.argmax(alike))
            if alike[best] >= LIKE and mine[best] != place:
                return Reason(kind="similar", product_id=self._name(int(mine[best])))
        if self._learned.demand[0, place] > 0:
            return self.call_popular(customer, place)
        return Reason(kind="similar")  # to what the model thinks that she likes

    def _list_own(self, customer: int, *, bought: bool = False) -> npt.NDArray[np.int32]:
        rows = self._order[self._bounds[customer] : self._bounds[customer + 1]]
        if bought:
            rows = rows[self._batch.is_hers[rows]]
        return self._batch.own.products[rows]

    def _name(self, place: int) -> int:
        return int(self._learned.product_ids[place])
