from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from ballyhoo import DataError, Interactions, ProductCondition, Ratings, StoreView
from ballyhoo.core.store.engine import Store
from ballyhoo.core.store.reading import StoredView, from_moment, to_moment
from ballyhoo.core.store.rights import erase_customer
from ballyhoo.core.store.rows import CustomerRow, EventRow, ProductRow, ReviewRow
from ballyhoo.core.store.writers import open_writer
from ballyhoo.testing import FakeStore, SimulatedClock, sample_store

NOW = datetime(2026, 1, 31, tzinfo=UTC)
PEOPLE = ("ada", "bob", "cyd", None)
THINGS = ("shoe", "sock", None)
TYPES = ("cart", "purchase", "view")


def write(store: Store, kind: str, *rows: Any) -> None:
    with open_writer(store, kind, now=NOW) as writer:
        assert not writer.write(rows).rejected


def open_view(store: Store) -> StoreView:
    return StoredView(store, SimulatedClock(NOW))


def fill(store: Store) -> None:
    write(store, "customers", *(CustomerRow(key) for key in PEOPLE if key))
    write(store, "products", *(ProductRow(sku) for sku in THINGS if sku))


def review(key: str, sku: str, stars: int, who: str | None, at: int) -> ReviewRow:
    return ReviewRow(key, sku, who, stars, None, None, None, at)


def list_rows(told: Interactions) -> list[tuple[Any, ...]]:
    columns = (told.customer_ids, told.product_ids, told.at, told.quantities)
    kinds = [told.types[kind] for kind in told.kinds]
    return list(zip(*(column.tolist() for column in columns), kinds, strict=True))


def list_events(view: StoreView, **asked: Any) -> list[tuple[Any, ...]]:
    customers = asked.pop("customers", None)
    return [
        (one.customer_id, one.product_id, to_moment(one.at), one.quantity, one.type)
        for one in view.events(**asked)
        if one.customer_id is not None
        and one.product_id is not None
        and (customers is None or one.customer_id in customers)
    ]


_rows = st.lists(
    st.tuples(
        st.sampled_from(PEOPLE),
        st.sampled_from(THINGS),
        st.sampled_from(TYPES),
        st.integers(-5, 30),
        st.integers(0, 9),
    ),
    max_size=25,
)
_asked = st.fixed_dictionaries(
    {},
    optional={
        "types": st.sets(st.sampled_from((*TYPES, "click"))),
        "until": st.integers(-5, 31).map(from_moment),
        "customers": st.sets(st.integers(0, 5)),
    },
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rounds=st.lists(st.tuples(_rows, _asked), min_size=1, max_size=3))
def test_columns_are_the_events_of_known_people_with_known_products_in_their_order(
    rounds: list[Any], store: Store, monkeypatch: Any
) -> None:
    monkeypatch.setattr("ballyhoo.core.store.interactions.PAGE_ROWS", 4)
    monkeypatch.setattr("ballyhoo.core.store.interactions.PEOPLE_AT_ONCE", 2)
    fill(store)
    view = open_view(store)
    for rows, asked in rounds:
        write(
            store,
            "events",
            *(
                EventRow(None, kind, at, who, what, quantity)
                for who, what, kind, at, quantity in rows
            ),
        )
        assert list_rows(view.interactions(**asked)) == list_events(view, **asked)


def test_types_are_those_asked_for_or_those_that_occur(store: Store) -> None:
    fill(store)
    write(
        store,
        "events",
        EventRow("1", "view", 1, "ada", "shoe"),
        EventRow("2", "open", 2, "ada"),
    )
    view = open_view(store)
    assert view.interactions().types == ("view",)
    told = view.interactions(types=["view", "cart", "view"])
    assert told.types == ("cart", "view")
    assert told.kinds.tolist() == [1]
    assert len(told) == 1


def test_columns_have_fixed_types_and_cannot_be_written(store: Store) -> None:
    fill(store)
    view = open_view(store)
    for told in (view.interactions(), view.interactions(types=[]), view.ratings()):
        assert len(told) == 0
    write(store, "events", EventRow("1", "view", 1, "ada", "shoe"))
    told = view.interactions()
    columns = (told.customer_ids, told.product_ids, told.at, told.kinds, told.quantities)
    names = [column.dtype.name for column in columns]
    assert names == ["int64", "int64", "int64", "uint8", "int32"]
    for column in columns:
        with pytest.raises(ValueError, match="read-only"):
            column[0] = 2


def test_erased_people_are_in_no_column(store: Store) -> None:
    fill(store)
    write(
        store,
        "events",
        EventRow("1", "view", 1, "ada", "shoe"),
        EventRow("2", "view", 2, "bob", "shoe"),
    )
    write(
        store,
        "reviews",
        review("1", "shoe", 5, "ada", 1),
        review("2", "shoe", 3, "bob", 2),
    )
    erase_customer(store, "ada")
    # Somebody may have told of her in the moment in which she was erased.
    with store.begin() as connection:
        connection.exec_driver_sql("UPDATE events SET customer_id = 1 WHERE customer_id IS NULL")
        connection.exec_driver_sql("UPDATE reviews SET customer_id = 1 WHERE customer_id IS NULL")
    view = open_view(store)
    assert view.interactions().customer_ids.tolist() == [2]
    assert view.interactions(customers=[1, 2]).customer_ids.tolist() == [2]
    assert view.ratings().customer_ids.tolist() == [2]


def test_ratings_are_the_reviews_of_known_people_before_a_moment(store: Store) -> None:
    fill(store)
    write(
        store,
        "reviews",
        review("1", "sock", 2, "bob", 50),
        review("2", "shoe", 5, "ada", 10),
        review("3", "shoe", 1, None, 20),
    )
    view = open_view(store)
    assert list_ratings(view.ratings()) == [(1, 1, 10, 5.0), (2, 2, 50, 2.0)]
    assert list_ratings(view.ratings(until=from_moment(50))) == [(1, 1, 10, 5.0)]


def list_ratings(told: Ratings) -> list[tuple[Any, ...]]:
    columns = (told.customer_ids, told.product_ids, told.at, told.stars)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def test_more_types_than_one_byte_can_tell_apart_must_be_named(store: Store) -> None:
    fill(store)
    write(store, "events", *(EventRow(f"{n}", f"t{n}", n, "ada", "shoe") for n in range(257)))
    view = open_view(store)
    with pytest.raises(DataError, match="257 types of event, more than 256"):
        view.interactions()
    assert len(view.interactions(types=["t7", "t9"])) == 2


class Filters(BaseModel):
    where: ProductCondition


def read_condition(text: str) -> Any:
    return Filters(where=text).where  # type: ignore[arg-type]


def test_products_are_found_by_a_condition(store: Store) -> None:
    write(
        store,
        "products",
        ProductRow("shoe", ("shoes",), "Acme", stock=0, prices=(("EUR", 1990, None),)),
        ProductRow("sock", ("socks",), "Acme", stock=3, prices=(("EUR", 590, 790),)),
        ProductRow("rope"),
    )
    view = open_view(store)
    assert view.find_products(read_condition("brand = 'Acme' AND price > 6")) == [1]
    assert view.find_products(read_condition("in_stock")) == [2, 3]
    assert view.find_products(read_condition("on_sale OR 'shoes' IN category")) == [1, 2]
    assert view.find_products(read_condition("sku = 'none'")) == []


@pytest.mark.parametrize("make", [sample_store])
def test_store_for_tests_keeps_to_the_same_contract(make: Callable[[], FakeStore]) -> None:
    view = make()
    until = NOW - timedelta(days=30)
    for asked in ({}, {"types": ["purchase"]}, {"until": until}, {"customers": [1, 2, 99]}):
        told = view.interactions(**asked)  # type: ignore[arg-type]
        assert list_rows(told) == list_events(view, **asked)
        assert not told.at.flags.writeable
    assert np.all(np.diff(view.interactions().at) >= 0)
    shoes = [one.id for one in view.products() if one is not None and "shoes" in one.category]
    assert shoes
    assert view.find_products(read_condition("'shoes' IN category")) == shoes
    priced = view.find_products(read_condition("price > 50 AND in_stock"))
    assert priced == [
        one.id
        for one in view.products()
        if one is not None
        and len(one.prices) == 1
        and max(one.prices.values()) > 50
        and (one.stock is None or one.stock > 0)
    ]


def test_store_for_tests_tells_the_ratings_it_was_given() -> None:
    people = sample_store().customers([1, 2])
    assert people[0] is not None
    assert people[1] is not None
    view = FakeStore(
        customers=[people[0], people[1]],
        ratings=[(2, 9, NOW, 4), (1, 8, NOW - timedelta(days=1), 5)],
    )
    assert [one[0] for one in list_ratings(view.ratings())] == [1, 2]
    assert [one[3] for one in list_ratings(view.ratings(until=NOW))] == [5.0]
    with pytest.raises(ValueError, match="ratings are of customers that are not there"):
        FakeStore(ratings=[(1, 1, NOW, 5)])
