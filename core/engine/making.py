"""Makes what goes into messages of some customers: products, offer and copy, stored by nobody."""

from __future__ import annotations

from collections.abc import Sequence

from .. import stages
from ..brief import BriefedProduct
from ..copywriting import fall_back
from ..customer import Customer
from ..errors import BallyhooError
from ..recipe.binding import BoundRecipe
from ..store.reading import StoredView
from .content import Content, keep_products
from .engine import Engine
from .offers import choose_offers
from .training import with_artifacts
from .writing import write_contents


def make_contents(
    engine: Engine,
    bound: BoundRecipe,
    context_for: stages.ContextFor,
    customer_ids: Sequence[int],
    *,
    variant: str | None,
) -> dict[int, Content]:
    """Return the content of each customer's message; who was erased is left out.

    Where the recipe has a `generate` block, content without a copy is that of somebody for whom
    every copy was refused, and for whom there is no fallback.

    Args:
        engine: The engine.
        bound: The recipe of the variant.
        context_for: Makes the context of each plugin.
        customer_ids: Whose.
        variant: The variant's name.

    Raises:
        PluginError: A plugin raised, or broke the contract of its hook.
        EnvironmentMissing: Something that a plugin needs is not there.
    """
    return with_artifacts(
        engine,
        bound,
        context_for,
        lambda: _make_contents(engine, bound, context_for, customer_ids, variant),
    )


def _make_contents(
    engine: Engine,
    bound: BoundRecipe,
    context_for: stages.ContextFor,
    customer_ids: Sequence[int],
    variant: str | None,
) -> dict[int, Content]:
    found = StoredView(engine.store, engine.clock).customers(list(customer_ids))
    customers = [one for one in found if one is not None]
    products = _recommend(engine, bound, context_for, customers)
    offers = choose_offers(engine, bound, [one.id for one in customers])
    if "generate" in bound.stages:
        return write_contents(
            engine, bound, context_for, customers,
            products=products, offers=offers, variant=variant,
        )  # fmt: skip
    return {
        one.id: Content(products=keep_products(products[one.id]), offer=offers.get(one.id))
        for one in customers
    }


def make_fallbacks(
    engine: Engine,
    bound: BoundRecipe,
    context_for: stages.ContextFor,
    customer_ids: Sequence[int],
) -> dict[int, Content]:
    """Return the recipe's fallback for each customer; who was erased is left out.

    The copy is None where there is none in her language. Products are those that are recommended,
    when the recommender is not what is missing; else there are none.
    """
    found = StoredView(engine.store, engine.clock).customers(list(customer_ids))
    customers = [one for one in found if one is not None]
    try:
        products = _recommend(engine, bound, context_for, customers)
    except BallyhooError:
        products = {one.id: [] for one in customers}
    offers = choose_offers(engine, bound, [one.id for one in customers])
    return {
        one.id: Content(
            copy=fall_back(bound, one.language),
            products=keep_products(products[one.id]),
            offer=offers.get(one.id),
        )
        for one in customers
    }


def _recommend(
    engine: Engine,
    bound: BoundRecipe,
    context_for: stages.ContextFor,
    customers: Sequence[Customer],
) -> dict[int, list[BriefedProduct]]:
    binding = bound.stages.get("recommend")
    if binding is None:
        return {customer.id: [] for customer in customers}
    rows = stages.recommend_products(engine.registry, binding, context_for, customers)
    ids = sorted({one.product_id for row in rows for one in row})
    view = StoredView(engine.store, engine.clock)
    known = dict(zip(ids, view.products(ids), strict=True))
    return {
        customer.id: [
            BriefedProduct(product=product, reason=one.reason, is_fallback=one.is_fallback)
            for one in row
            if (product := known[one.product_id]) is not None
        ]
        for customer, row in zip(customers, rows, strict=True)
    }
