"""The content of a message as the ledger keeps it: copy with slots, products, offer, verdicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from ..brief import BriefedProduct, Copy, Offer, Provenance
from ..copywriting import Written
from ..product import Product, Reason

UNSENDABLE = frozenset({"fields", "characters", "slots", "limits"})
"""Rules of the core: copy that breaks one can be sent by nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptProduct:
    """A product of a message.

    Attributes:
        id: Which.
        reason: Why it was chosen.
        was_in_stock: Whether it could be had when it was chosen.
        is_fallback: Whether it was chosen without knowing anything of her.
    """

    id: int
    reason: Reason | None
    was_in_stock: bool
    is_fallback: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What was prepared for one message.

    Attributes:
        copy: The copy with slots; None when it stands in the recipe.
        products: Best first.
        offer: The offer made, or None.
        reviewers: Who read it and had no objection.
        refused: Earlier attempts: number, text and objections of each.
        is_refused: Whether the copy is one that was refused, and that only a person lets leave.
        prompt: What a model was told just now, to be looked at; the ledger does not keep it.
    """

    copy: Copy | None = None
    products: tuple[KeptProduct, ...] = ()
    offer: Offer | None = None
    reviewers: tuple[str, ...] = ()
    refused: tuple[Mapping[str, Any], ...] = ()
    is_refused: bool = False
    prompt: str | None = None


def keep_products(products: Sequence[BriefedProduct]) -> tuple[KeptProduct, ...]:
    """Return what is kept of the products of a message."""
    return tuple(
        KeptProduct(
            id=one.product.id,
            reason=one.reason,
            was_in_stock=one.product.stock != 0,
            is_fallback=one.is_fallback,
        )
        for one in products
    )


def keep_written(
    written: Written, products: Sequence[BriefedProduct], offer: Offer | None
) -> Content:
    """Return what is kept of a copy that was written, refused attempts included."""
    refused = [
        {
            "attempt": number,
            "fields": dict(tried.copy.fields),
            "objections": [
                {"rule": one.rule, "field": one.field, "message": one.message}
                for one in tried.objections
            ],
        }
        for number, tried in enumerate(written.attempts, start=1)
        if tried.objections
    ]
    return Content(
        copy=written.copy,
        products=keep_products(products),
        offer=offer,
        reviewers=written.reviewers,
        refused=tuple(refused),
    )


def hold_refused(content: Content, generator: str) -> Content | None:
    """Return content with the last refused copy that could be sent at all; None without one.

    Args:
        content: Without a copy.
        generator: What wrote it.
    """
    for tried in reversed(content.refused):
        if not any(one["rule"] in UNSENDABLE for one in tried["objections"]):
            copy = Copy(fields=tried["fields"], provenance=Provenance(generator=generator))
            return replace(content, copy=copy, is_refused=True)
    return None


def dump_content(content: Content) -> dict[str, Any]:
    """Return content as JSON, what is empty left out."""
    data: dict[str, Any] = {}
    if content.copy is not None:
        provenance = asdict(content.copy.provenance)
        data["fields"] = dict(content.copy.fields)
        data["by"] = {name: value for name, value in provenance.items() if value is not None}
    if content.products:
        data["products"] = [
            {
                "id": one.id,
                "in_stock": one.was_in_stock,
                **({"fallback": True} if one.is_fallback else {}),
                **({} if one.reason is None else {"reason": _drop_none(asdict(one.reason))}),
            }
            for one in content.products
        ]
    if content.offer is not None:
        offer = asdict(content.offer)
        if content.offer.ends is not None:
            offer["ends"] = content.offer.ends.isoformat()
        data["offer"] = _drop_none(offer)
    if content.reviewers:
        data["reviewers"] = list(content.reviewers)
    if content.is_refused:
        data["is_refused"] = True
    if content.refused:
        data["refused"] = [dict(one) for one in content.refused]
    return data


def load_content(data: Mapping[str, Any] | None) -> Content:
    """Return content from its JSON; None is that of a message whose recipe holds it all."""
    if not data:
        return Content()
    copy = None
    if "fields" in data:
        copy = Copy(fields=dict(data["fields"]), provenance=Provenance(**data["by"]))
    offer = load_offer(data["offer"]) if "offer" in data else None
    products = tuple(
        KeptProduct(
            id=one["id"],
            reason=Reason(**one["reason"]) if "reason" in one else None,
            was_in_stock=one["in_stock"],
            is_fallback=one.get("fallback", False),
        )
        for one in data.get("products", ())
    )
    return Content(
        copy=copy,
        products=products,
        offer=offer,
        reviewers=tuple(data.get("reviewers", ())),
        refused=tuple(data.get("refused", ())),
        is_refused=data.get("is_refused", False),
    )


def load_offer(data: Mapping[str, Any]) -> Offer:
    """Return an offer from its JSON."""
    offer = Offer(**{name: value for name, value in data.items() if name != "ends"})
    return replace(offer, ends=date.fromisoformat(data["ends"])) if "ends" in data else offer


def dump_product(product: Product) -> dict[str, Any]:
    """Return a product as JSON, so that a later attempt shows what the first one showed."""
    data = asdict(product)
    for name in ("prices", "list_prices"):
        data[name] = {currency: str(amount) for currency, amount in data[name].items()}
    return _drop_none({name: value for name, value in data.items() if value not in ({}, ())})


def load_product(data: Mapping[str, Any]) -> Product:
    """Return a product from its JSON."""
    values = dict(data)
    for name in ("prices", "list_prices"):
        if name in values:
            values[name] = {currency: Decimal(amount) for currency, amount in values[name].items()}
    for name in ("titles", "descriptions", "prices", "list_prices", "attributes"):
        if name in values:  # JSON of PostgreSQL has an order of its own
            values[name] = dict(sorted(values[name].items()))
    for name in ("category", "tags"):
        if name in values:
            values[name] = tuple(values[name])
    return Product(**{"sku": "", "titles": {}, **values})


def _drop_none(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value is not None}
