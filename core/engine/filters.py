"""Looks at what a recommender's filters say of products again, when their message leaves."""

from __future__ import annotations

from collections.abc import Sequence

from ..conditions.checked import CheckedCondition
from ..conditions.selecting import compile_condition
from ..recipe.binding import BoundRecipe
from ..store.ledger.narrowing import select_among
from .engine import Engine


def find_unfit(engine: Engine, bound: BoundRecipe, product_ids: Sequence[int]) -> set[int]:
    """Return those of some products that the filters do not let pass now.

    Args:
        engine: The engine.
        bound: The recipe; its recommender's options say what must hold of a product by a method
            `product_conditions()`. Without one, everything passes.
        product_ids: The products.
    """
    binding = bound.stages.get("recommend")
    method = None if binding is None else getattr(binding.options, "product_conditions", None)
    if method is None or not product_ids:
        return set()
    conditions: Sequence[CheckedCondition] = method()
    unfit: set[int] = set()
    for condition in conditions:
        statement = compile_condition(condition, now=engine.clock.now(), is_few=True)
        with engine.store.read() as connection:
            unfit |= set(product_ids) - select_among(connection, statement, product_ids)
    return unfit
