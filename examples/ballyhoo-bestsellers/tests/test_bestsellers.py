"""The recommender: the contract of its hooks, and what it learns from whom."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from ballyhoo import Customer, DataError, EnvironmentMissing, Event, Product, Recommendation
from ballyhoo.testing import (
    FakeArtifacts,
    FakeStore,
    RecommendConformance,
    SimulatedClock,
    TrainConformance,
    make_context,
)

import ballyhoo_bestsellers
from ballyhoo_bestsellers import FILE_NAME, BestsellerOptions

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SHOE, SOCK, TENT = 1, 2, 3
PRODUCTS = [
    Product(id=SHOE, sku="shoe", titles={"en": "Shoe"}, category=("outdoor", "shoes"), stock=9),
    Product(id=SOCK, sku="sock", titles={"en": "Sock"}, category=("outdoor", "socks"), stock=9),
    Product(id=TENT, sku="tent", titles={"en": "Tent"}, category=("camping", "tents"), stock=9),
]
GERMAN = Customer(id=1, country="DE")
FRENCH = Customer(id=2, country="FR")
STRANGER = Customer(id=3)
CAMPER = Customer(id=4, country="DE", traits={"favourite_category": "tents"})
CUSTOMERS = [GERMAN, FRENCH, STRANGER, CAMPER]


class TestRecommendContract(RecommendConformance):
    @pytest.fixture
    def plugin(self) -> Any:
        return ballyhoo_bestsellers


class TestTrainContract(TrainConformance):
    @pytest.fixture
    def plugin(self) -> Any:
        return ballyhoo_bestsellers

    @pytest.fixture
    def options(self) -> dict[str, Any]:
        return {"half_life": "7d", "favourite": 0.5}


def tell(
    customer: Customer,
    product: int,
    *,
    type: str = "purchase",
    quantity: int = 1,
    days_ago: float = 1,
) -> Event:
    return Event(
        id=f"{type}-{customer.id}-{product}-{days_ago}",
        type=type,
        at=NOW - timedelta(days=days_ago),
        customer_id=customer.id,
        product_id=product,
        quantity=quantity,
    )


def recommend(
    events: list[Event],
    customer: Customer,
    *,
    products: list[Product] | None = None,
    **options: Any,
) -> list[Recommendation]:
    chosen = BestsellerOptions.model_validate({"skip_bought": False, **options})
    store = FakeStore(CUSTOMERS, products or PRODUCTS, events)
    context = make_context(store=store, clock=SimulatedClock(NOW))
    ballyhoo_bestsellers.train(context, "recommend", chosen)
    (ranking,) = ballyhoo_bestsellers.recommend(context, chosen, [customer])
    return list(ranking)


def ids(ranking: list[Recommendation]) -> list[int]:
    return [one.product_id for one in ranking]


def test_country_decides_for_its_own() -> None:
    events = [tell(GERMAN, SHOE, quantity=50), tell(FRENCH, TENT, quantity=60)]
    assert ids(recommend(events, GERMAN)) == [SHOE, TENT]
    assert ids(recommend(events, FRENCH)) == [TENT, SHOE]


def test_customer_of_unknown_country_gets_what_sells_everywhere() -> None:
    events = [tell(GERMAN, SHOE, quantity=5), tell(FRENCH, TENT, quantity=6)]
    assert ids(recommend(events, STRANGER)) == [TENT, SHOE]


def test_few_sales_of_a_country_do_not_outweigh_the_world() -> None:
    events = [tell(FRENCH, SHOE), tell(GERMAN, TENT, quantity=500)]
    assert ids(recommend(events, FRENCH, smoothing=20)) == [TENT, SHOE]
    assert ids(recommend(events, FRENCH, smoothing=0)) == [SHOE]


def test_purchase_counts_half_after_its_half_life() -> None:
    events = [tell(GERMAN, SHOE, quantity=8, days_ago=30), tell(GERMAN, TENT, days_ago=0.001)]
    shoe, tent = recommend(events, GERMAN, half_life="10d", smoothing=0)
    assert (shoe.product_id, tent.product_id) == (SHOE, TENT)
    assert shoe.score == pytest.approx(1.0)
    assert tent.score == pytest.approx(1.0, rel=1e-3)
    assert ids(recommend(events, GERMAN, half_life="5d")) == [TENT, SHOE]


def test_future_is_not_learnt_from() -> None:
    events = [tell(GERMAN, SHOE), tell(GERMAN, TENT, quantity=9, days_ago=-1)]
    assert ids(recommend(events, GERMAN)) == [SHOE]


def test_what_came_back_is_taken_off() -> None:
    events = [
        tell(GERMAN, SHOE, quantity=5, days_ago=2),
        tell(GERMAN, SHOE, type="return", quantity=5, days_ago=1),
        tell(GERMAN, TENT),
    ]
    assert ids(recommend(events, GERMAN)) == [TENT]


def test_country_that_only_sends_back_is_as_one_without_sales() -> None:
    events = [tell(GERMAN, SHOE, quantity=20), tell(FRENCH, SHOE, type="return")]
    assert ids(recommend(events, FRENCH, smoothing=0.5)) == [SHOE]


def test_favourite_category_comes_first_and_is_the_reason() -> None:
    events = [tell(GERMAN, SHOE, quantity=3), tell(GERMAN, TENT, quantity=2)]
    assert ids(recommend(events, GERMAN)) == [SHOE, TENT]
    tent, shoe = recommend(events, CAMPER)
    assert (tent.product_id, tent.reason.kind, tent.reason.category) == (TENT, "popular", "tents")
    assert (shoe.product_id, shoe.reason.category) == (SHOE, None)
    assert ids(recommend(events, CAMPER, favourite=0)) == [SHOE, TENT]


def test_only_wanted_categories_are_recommended() -> None:
    events = [tell(GERMAN, product) for product in (SHOE, SOCK, TENT)]
    assert ids(recommend(events, GERMAN, categories=["outdoor"])) == [SHOE, SOCK]
    assert ids(recommend(events, GERMAN, categories=["socks"])) == [SOCK]


def test_what_she_bought_is_never_recommended_unless_asked_for() -> None:
    events = [tell(GERMAN, SHOE, days_ago=3000), tell(FRENCH, SHOE), tell(FRENCH, TENT)]
    assert ids(recommend(events, GERMAN, skip_bought=True)) == [TENT]
    assert set(ids(recommend(events, GERMAN, skip_bought=False))) == {SHOE, TENT}


def test_sold_out_products_are_left_out() -> None:
    products = [
        PRODUCTS[0],
        Product(id=TENT, sku="tent", titles={"en": "Tent"}, category=("camping",), stock=0),
    ]
    events = [tell(GERMAN, SHOE), tell(GERMAN, TENT)]
    assert ids(recommend(events, GERMAN, products=products)) == [SHOE]


def test_no_more_than_top_are_recommended() -> None:
    events = [tell(GERMAN, product) for product in (SHOE, SOCK, TENT)]
    assert len(recommend(events, GERMAN, top=2)) == 2


def test_untrained_says_so() -> None:
    with pytest.raises(EnvironmentMissing):
        ballyhoo_bestsellers.recommend(make_context(), BestsellerOptions(), [GERMAN])


def test_artifact_of_another_version_is_refused() -> None:
    context = make_context()
    assert isinstance(context.artifacts, FakeArtifacts)
    with context.artifacts.write() as folder:
        (folder / FILE_NAME).write_text('{"format": 99}')
    with pytest.raises(DataError, match="train it again"):
        ballyhoo_bestsellers.recommend(context, BestsellerOptions(), [GERMAN])
