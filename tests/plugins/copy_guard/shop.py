"""Briefs and products that the guard's tests judge copy by."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from ballyhoo import Brief, BriefedProduct, Copy, FieldLimits, Objection, Offer, Product, Provenance
from ballyhoo.plugins import copy_guard
from ballyhoo.plugins.copy_guard import GuardOptions
from ballyhoo.testing import FakeStore, make_context

TODAY = date(2026, 3, 2)
SHOE = Product(
    id=1,
    sku="TARN",
    titles={"en": "Tarn 2 trail shoe", "de": "Trailschuh Tarn 2", "zh": "十月山径跑鞋"},
    descriptions={
        "en": "Waterproof, 280 g, with three lugs and a two-year guarantee. Lining: 100% cotton.",
        "de": "Wasserdicht, mit zwei Jahren Garantie und kostenlosem Versand.",
    },
    prices={"EUR": Decimal(89)},
    stock=40,
    attributes={"scent": "pine tar"},
    tags=("vegan",),
)
SOCK = Product(id=2, sku="FIRN", titles={"en": "Firn sock", "de": "Socke Firn"}, stock=3)
REDUCED = Product(
    id=3,
    sku="SALE",
    titles={"en": "Quill"},
    prices={"EUR": Decimal(80)},
    list_prices={"EUR": Decimal(100)},
)
OTHER = Product(
    id=4,
    sku="OTHER",
    titles={"en": "Lodestar"},
    attributes={"lining": "yak hair", "colour": "moss"},
    tags=("glacier-tested", "spring"),
)
DISCOUNT = Offer(code="THAW15", discount="15%", ends=date(2026, 3, 9))


def make_brief(language: str = "en", *products: Product, **more: Any) -> Brief:
    return Brief(
        campaign="spring",
        language=language,
        fields=more.pop("fields", {"body": FieldLimits()}),
        products=tuple(BriefedProduct(product=one) for one in products),
        **more,
    )


def judge(brief: Brief, options: dict[str, Any] | None = None, **fields: str) -> list[Objection]:
    copy = Copy(fields=fields, provenance=Provenance(generator="test"))
    store = FakeStore(products=[SHOE, SOCK, REDUCED, OTHER])
    context = make_context("copy_guard", store=store)
    return copy_guard.review(context, GuardOptions(**options or {}), brief, copy)


def rules(text: str, language: str = "en", *products: Product, **options: Any) -> set[str]:
    """Return the names of the rules that object to a text."""
    offer = options.pop("offer", None)
    found = judge(make_brief(language, *products, offer=offer), options, body=text)
    return {one.rule for one in found}
