"""The facts that fill slots: what is known of one recipient, her products and her offer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from .brief import BriefedProduct, Offer
from .localising import write_date, write_price
from .product import Product
from .slots import CUSTOMER_SLOTS, MOST_PRODUCTS


def collect_facts(
    person: Mapping[str, str],
    products: Sequence[BriefedProduct],
    offer: Offer | None,
    language: str,
) -> dict[str, str]:
    """Return the value of each slot that has one.

    Args:
        person: Identity by field (`first_name`); the only place where it meets the copy.
        products: Recommended products, best first.
        offer: The offer made, or None.
        language: BCP 47 tag of the message.
    """
    facts = {name: person[name] for name in CUSTOMER_SLOTS if person.get(name)}
    for number, briefed in enumerate(products[:MOST_PRODUCTS], start=1):
        for name, value in _product_facts(briefed.product, language).items():
            facts[f"product.{number}.{name}"] = value
            if number == 1:
                facts[f"product.{name}"] = value
    for name in ("price", "list_price"):
        if f"product.{name}" in facts:
            facts[name] = facts[f"product.{name}"]
    if offer is not None:
        known = {"code": offer.code, "discount": offer.discount}
        facts.update({f"offer.{name}": value for name, value in known.items() if value})
        if offer.ends is not None:
            facts["offer.ends"] = write_date(offer.ends, language)
    return facts


def _product_facts(product: Product, language: str) -> dict[str, str]:
    facts = {"name": product.title(language)}
    if product.brand:
        facts["brand"] = product.brand
    if product.category:
        facts["category"] = product.category[-1]
    for name, prices in (("price", product.prices), ("list_price", product.list_prices)):
        price = _write_only_price(prices, language)
        if price is not None:
            facts[name] = price
    return facts


def _write_only_price(prices: Mapping[str, Decimal], language: str) -> str | None:
    """Write the only price there is; of several nobody can say here which is hers."""
    if len(prices) != 1:
        return None
    currency, amount = next(iter(prices.items()))
    return write_price(amount, currency, language)
