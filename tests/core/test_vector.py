"""The context vector: one length for everybody, bounded, and blind to who she is."""

from __future__ import annotations

import math
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ballyhoo import Customer, Product
from ballyhoo.core.vector import VECTOR_NAMES, make_vector

SHOE = Product(
    id=1, sku="a", titles={"en": "Fell shoe", "de": "Fellschuh"}, category=("outdoor", "shoes"),
    prices={"EUR": Decimal(80)}, list_prices={"EUR": Decimal(100)}, stock=0,
)  # fmt: skip

traits = st.dictionaries(
    st.sampled_from(
        ["orders", "pieces", "returned_pieces", "total_spent", "views", "reorder_days",
         "days_since_last_order", "days_since_last_view", "price_low", "price_high",
         "favourite_category", "currency", "anything"]
    ),
    st.none() | st.booleans() | st.integers(-10, 10**12) | st.floats() | st.text(max_size=5),
)  # fmt: skip
products = st.lists(
    st.builds(
        Product,
        id=st.integers(1, 9), sku=st.text(max_size=3),
        titles=st.dictionaries(st.sampled_from(["en", "de", "zh"]), st.text(max_size=20)),
        category=st.lists(st.text(max_size=4), max_size=3).map(tuple),
        prices=st.dictionaries(st.sampled_from(["EUR", "USD"]), st.decimals(0, 10**9, places=2)),
        list_prices=st.dictionaries(st.just("EUR"), st.decimals(0, 10**9, places=2)),
        stock=st.none() | st.integers(0, 9),
    ),
    max_size=4,
).filter(lambda rows: all(set(one.list_prices) <= set(one.prices) for one in rows))  # fmt: skip


def named(customer: Customer, *shown: Product) -> dict[str, float]:
    return dict(zip(VECTOR_NAMES, make_vector(customer, shown), strict=True))


@given(traits, products)
def test_everybody_has_one_number_between_minus_one_and_one_for_each_name(
    known: dict[str, object], shown: list[Product]
) -> None:
    vector = make_vector(Customer(id=1, traits=known), shown)  # type: ignore[arg-type]
    assert len(vector) == len(VECTOR_NAMES) == len(set(VECTOR_NAMES))
    assert all(math.isfinite(one) and -1 <= one <= 1 for one in vector)


def test_more_and_later_are_greater() -> None:
    new = named(Customer(id=1))
    old = named(Customer(id=2, traits={"orders": 9, "days_since_last_order": 200, "pieces": 12}))
    warm = named(Customer(id=3, traits={"orders": 9, "days_since_last_order": 2, "pieces": 12}))
    assert new["has_ordered"] == 0 < old["has_ordered"] == warm["has_ordered"]
    assert new["ordered_lately"] < old["ordered_lately"] < warm["ordered_lately"]
    assert new["constant"] == 1


def test_products_are_told_by_price_reduction_and_stock() -> None:
    careful = Customer(id=1, traits={"price_low": 10.0, "price_high": 20.0, "currency": "EUR"})
    told = named(careful, SHOE)
    assert (told["dearer_than_hers"], told["cheaper_than_hers"]) == (1, 0)
    assert (told["reduced"], told["in_stock"]) == (1, 0)
    assert named(careful)["products"] == 0 < told["products"]


def test_the_title_in_her_language_counts_and_the_number_of_a_row_does_not() -> None:
    english, german = Customer(id=1, language="en"), Customer(id=1, language="de-AT")
    assert make_vector(english, [SHOE]) != make_vector(german, [SHOE])
    assert make_vector(Customer(id=77, language="en"), [SHOE]) == make_vector(english, [SHOE])
