"""The products of a message as it shows them: as they are now, or as its first attempt did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any

from ..brief import BriefedProduct
from ..product import Product
from ..store.view import StoreView
from .content import Content, dump_product, load_product


def list_shown(contents: Iterable[Content]) -> list[int]:
    """Return the ids of all products of some messages, ascending."""
    return sorted({kept.id for content in contents for kept in content.products})


def read_shown(view: StoreView, contents: Iterable[Content]) -> dict[int, Product]:
    """Return the products of some messages as they are now, and those that led to them."""
    ids = {kept.id for content in contents for kept in content.products}
    ids |= {
        kept.reason.product_id
        for content in contents
        for kept in content.products
        if kept.reason is not None and kept.reason.product_id is not None
    }
    found = zip(sorted(ids), view.products(sorted(ids)) if ids else (), strict=True)
    return {id: product for id, product in found if product is not None}


def show_products(
    content: Content,
    facts: Mapping[str, Any] | None,
    products: Mapping[int, Product],
    unfit: Set[int],
) -> list[BriefedProduct] | str:
    """Return the products of a message, or why it must not be sent.

    Args:
        content: The message's.
        facts: Those that its first attempt rested on; None for the first attempt.
        products: As they are now.
        unfit: Those that the filters do not let pass any more.
    """
    kept_then = {} if facts is None else facts.get("products", {})
    named_then = {} if facts is None else facts.get("led_by", {})
    shown: list[BriefedProduct] = []
    for kept in content.products:
        product = products.get(kept.id)
        if facts is not None:
            then = kept_then.get(str(kept.id))
            product = load_product(then) if then is not None else product
        elif product is None or (kept.was_in_stock and product.stock == 0):
            return "sold_out"
        elif kept.id in unfit:
            return "filtered_out"
        led_by = kept.reason.product_id if kept.reason is not None else None
        named = None
        if led_by is not None:
            then = named_then.get(str(led_by))
            named = products.get(led_by) if facts is None else then and load_product(then)
        if product is not None:
            shown.append(
                BriefedProduct(
                    product=product, reason=kept.reason, is_fallback=kept.is_fallback, led_by=named
                )
            )
    return shown


def keep_shown(shown: Sequence[BriefedProduct]) -> dict[str, Any]:
    """Return the facts of products as JSON, so that a later attempt shows the same."""
    facts: dict[str, Any] = {}
    if shown:
        facts["products"] = {str(one.product.id): dump_product(one.product) for one in shown}
    led_by = [one.led_by for one in shown if one.led_by is not None]
    if led_by:
        # Its name is all that is shown of it.
        named = [Product(id=one.id, sku="", titles=one.titles) for one in led_by]
        facts["led_by"] = {str(one.id): dump_product(one) for one in named}
    return facts
