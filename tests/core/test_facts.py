from __future__ import annotations

from datetime import date
from decimal import Decimal

from ballyhoo import BriefedProduct, Offer, Product
from ballyhoo.core.facts import collect_facts

SHOE = Product(
    id=1,
    sku="S-1",
    titles={"en": "Trail shoe", "de": "Laufschuh"},
    category=("clothing", "shoes"),
    brand="Fell",
    prices={"EUR": Decimal("89.90")},
)
SOCK = Product(id=2, sku="S-2", titles={}, prices={"EUR": Decimal("9"), "USD": Decimal("10")})


def test_only_what_is_known_is_a_fact() -> None:
    assert collect_facts({}, [], None, "en") == {}
    assert collect_facts({"first_name": "", "email": "a@b.example"}, [], None, "en") == {}
    assert collect_facts({"first_name": "Ada"}, [], None, "en") == {"first_name": "Ada"}


def test_products_are_numbered_and_the_first_has_short_names() -> None:
    products = [BriefedProduct(product=SHOE), BriefedProduct(product=SOCK)]
    facts = collect_facts({}, products, None, "de-AT")
    assert facts["product.name"] == facts["product.1.name"] == "Laufschuh"
    assert facts["product.category"] == "shoes"
    assert facts["price"] == facts["product.price"] == "€\xa089,90"
    assert facts["product.2.name"] == "S-2"
    assert "product.2.price" not in facts  # two currencies: nobody can say which is hers
    assert "list_price" not in facts


def test_an_offer_gives_the_facts_that_it_has() -> None:
    offer = Offer(code="SPRING", ends=date(2026, 4, 30))
    assert collect_facts({}, [], offer, "en") == {
        "offer.code": "SPRING",
        "offer.ends": "April 30, 2026",
    }
