"""The kit for plugins that recommend products."""

from __future__ import annotations

import math
import pickle
from collections.abc import Callable, Sequence
from typing import Any, get_args

import pytest

from ...context import Context
from ...customer import Customer
from ...product import Reason, ReasonKind, Recommendation
from ...recipe.binding import Binding
from ...registry import Registry
from ...stages import recommend_products
from ...store.view import StoreView
from .plugin import StageConformance
from .verdict import require

Recommend = Callable[[Sequence[Customer]], list[tuple[Recommendation, ...]]]


class RecommendConformance(StageConformance):
    """Holds a plugin to the contract of `recommend`.

    Fixtures to supply: `plugin`. To override where needed: `options`, `store`, `customers`,
    `settings`, `folder`, `artifacts` (the plugin is trained for each test when it can be).
    """

    hook = "recommend"

    @pytest.fixture
    def customers(self, store: StoreView) -> list[Customer]:
        """The batch: everybody in the store."""
        found = store.customers(list(store.customer_ids()))
        return [customer for customer in found if customer is not None]

    @pytest.fixture
    def recommend(
        self, registry: Registry, binding: Binding, context_for: Callable[[str], Context]
    ) -> Recommend:
        """Call the hook with a batch, as the core does; an answer that is not aligned raises."""
        return lambda customers: recommend_products(registry, binding, context_for, customers)

    def test_each_customer_of_a_batch_gets_an_answer(
        self, recommend: Recommend, customers: list[Customer]
    ) -> None:
        """Batches of none, one and many are answered one for one, and somebody gets something."""
        recommend([])
        recommend(customers[:1])
        require(
            any(recommend(customers)),
            "nobody gets a recommendation, so that nothing can be tested; supply a `store` or "
            "`options` with which there is something to recommend",
        )

    def test_answers_stand_in_the_order_of_the_batch(
        self, recommend: Recommend, customers: list[Customer]
    ) -> None:
        """Who else is in the batch, and in which order, changes nobody's recommendations."""
        rows = recommend(customers)
        turned = recommend(customers[::-1])[::-1]
        for customer, row, other in zip(customers, rows, turned, strict=True):
            require(
                _is_same(row, other),
                f"customer {customer.id} gets other products when the batch is turned around",
            )
        alone = recommend(customers[-1:])
        require(
            _is_same(rows[-1], alone[0]), "a customer alone gets other products than in a batch"
        )

    def test_ranking_is_best_first_without_repeats(
        self, recommend: Recommend, customers: list[Customer]
    ) -> None:
        """Scores are finite numbers that fall, and no product comes twice."""
        for customer, row in zip(customers, recommend(customers), strict=True):
            where = f"customer {customer.id}:"
            scores = [one.score for one in row]
            wrong = [one for one in scores if not isinstance(one, float | int) or _is_odd(one)]
            require(not wrong, f"{where} scores must be finite numbers, not {wrong}")
            require(scores == sorted(scores, reverse=True), f"{where} not the best first: {scores}")
            ids = [one.product_id for one in row]
            require(len(set(ids)) == len(ids), f"{where} a product comes twice: {ids}")

    def test_products_are_in_the_store(
        self, recommend: Recommend, customers: list[Customer], store: StoreView
    ) -> None:
        """Recommended products, and those that led to them, exist."""
        for row in recommend(customers):
            for one in row:
                require(
                    isinstance(one.product_id, int) and not isinstance(one.product_id, bool),
                    f"a product id must be an int, not a {type(one.product_id).__name__}",
                )
                named = [one.product_id]
                if isinstance(one.reason, Reason) and one.reason.product_id is not None:
                    named.append(one.reason.product_id)
                unknown = [
                    id for id, product in zip(named, store.products(named), strict=True)
                    if product is None
                ]  # fmt: skip
                require(not unknown, f"the store has no product {unknown}")

    def test_each_product_has_a_reason(
        self, recommend: Recommend, customers: list[Customer]
    ) -> None:
        """A customer can be told why: the reason is one of those that can be put into words."""
        for row in recommend(customers):
            for one in row:
                require(isinstance(one.reason, Reason), f"product {one.product_id} has no reason")
                require(
                    one.reason.kind in get_args(ReasonKind),
                    f"the reason '{one.reason.kind}' is not one of {get_args(ReasonKind)}",
                )

    def test_stranger_is_no_reason_to_raise(self, recommend: Recommend) -> None:
        """Somebody of whom the store knows nothing gets an answer, be it an empty one."""
        recommend([Customer(id=2**40)])

    def test_same_products_twice(self, recommend: Recommend, customers: list[Customer]) -> None:
        """The same store and seed give the same products with the same scores."""
        first = recommend(customers)
        recommend(customers[:1])
        second = recommend(customers)
        require(
            all(_is_same(one, other) for one, other in zip(first, second, strict=True)),
            "the same store and seed give other recommendations; draw from context.derive_random",
        )

    def test_answers_survive_pickling(
        self, recommend: Recommend, customers: list[Customer]
    ) -> None:
        """Recommendations can be handed to another process."""
        rows = recommend(customers)
        require(pickle.loads(pickle.dumps(rows)) == rows, "not the same after pickling")


def _is_odd(score: Any) -> bool:
    return isinstance(score, bool) or not math.isfinite(score)


def _is_same(row: Sequence[Recommendation], other: Sequence[Recommendation]) -> bool:
    """Compare two rankings; scores may differ by what floating-point sums differ."""
    return [(one.product_id, one.reason) for one in row] == [
        (one.product_id, one.reason) for one in other
    ] and all(
        math.isclose(one.score, two.score, rel_tol=1e-6, abs_tol=1e-9)
        for one, two in zip(row, other, strict=True)
    )
