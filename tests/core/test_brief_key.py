"""Briefs are equal when the same copy is as good for both."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from ballyhoo import Brief, BriefedProduct, FieldLimits, Offer, Product, Reason
from ballyhoo.core.brief_key import hash_brief

SHOE = Product(
    id=1, sku="a", titles={"en": "Fell shoe"}, category=("outdoor", "shoes"), stock=4,
    prices={"EUR": Decimal(80)}, attributes={"sole": "cork"}, url="https://shop.example/a",
)  # fmt: skip
BRIEF = Brief(
    campaign="spring",
    language="en",
    fields={"subject": FieldLimits(max_chars=60)},
    slots=("first_name",),
    products=(BriefedProduct(product=SHOE, reason=Reason(kind="bought", product_id=2)),),
    offer=Offer(code="GOLD", ends=date(2026, 4, 30)),
    traits={"badge": "gold"},
)


def with_product(**changes: Any) -> Brief:
    return replace(BRIEF, products=(replace(BRIEF.products[0], product=replace(SHOE, **changes)),))


@pytest.mark.parametrize(
    "other",
    [
        replace(BRIEF, seed=9, attempt=2, vector=(1.0,)),
        with_product(stock=0),
        with_product(prices={"EUR": Decimal(70)}),
        with_product(url=None, image_url="https://shop.example/a.png"),
    ],
)
def test_what_reaches_a_message_through_slots_makes_no_difference(other: Brief) -> None:
    assert hash_brief(other) == hash_brief(BRIEF)


@pytest.mark.parametrize(
    "other",
    [
        replace(BRIEF, campaign="autumn"),
        replace(BRIEF, language="de"),
        replace(BRIEF, fields={"subject": FieldLimits(max_chars=61)}),
        replace(BRIEF, fields={"body": FieldLimits(max_chars=60)}),
        replace(BRIEF, slots=()),
        replace(BRIEF, products=()),
        replace(BRIEF, offer=None),
        replace(BRIEF, offer=Offer(code="GOLD", ends=date(2026, 5, 1))),
        replace(BRIEF, traits={"badge": "tin"}),
        replace(BRIEF, traits={"badge": None}),
        replace(BRIEF, variant="warm"),
        replace(BRIEF, previous=({"subject": "Look"},)),
        replace(BRIEF, products=(replace(BRIEF.products[0], reason=None),)),
        with_product(titles={"en": "Fell boot"}),
        with_product(attributes={"sole": "rubber"}),
        with_product(prices={}),
        with_product(list_prices={"EUR": Decimal(100)}),
    ],
)
def test_what_a_generator_is_told_does(other: Brief) -> None:
    assert hash_brief(other) != hash_brief(BRIEF)


def test_the_order_of_what_has_none_makes_no_difference() -> None:
    some = replace(BRIEF, traits={"a": 1, "b": 2})
    assert hash_brief(some) == hash_brief(replace(BRIEF, traits={"b": 2, "a": 1}))
