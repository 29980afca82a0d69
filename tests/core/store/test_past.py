"""The view as of a moment is the view that somebody had at that moment, and nothing of later."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ballyhoo import Customer
from ballyhoo.core.store.engine import Store
from ballyhoo.core.store.past import PastView
from ballyhoo.core.store.reading import StoredView, to_moment
from ballyhoo.core.store.rows import ArticleRow, CustomerRow, EventRow, ProductRow, ReviewRow
from ballyhoo.core.store.writers import open_writer
from ballyhoo.testing import SimulatedClock

from .test_interactions import list_ratings, list_rows, read_condition

NOW = datetime(2026, 1, 31, tzinfo=UTC)
PEOPLE = ("ada", "bob", "cyd")
THINGS = ("shoe", "sock", "rope")


def write(store: Store, kind: str, *rows: Any) -> None:
    with open_writer(store, kind, now=NOW) as writer:
        assert not writer.write(rows).rejected


def add_products(store: Store, *rows: ProductRow, days_ago: float) -> None:
    """Add products that came into the catalogue so long ago."""
    write(store, "products", *rows)
    moment = ago(days_ago)
    skus = ", ".join(f"'{row.sku}'" for row in rows)
    with store.begin() as connection:
        connection.exec_driver_sql(
            f"UPDATE products SET created_at = {moment} WHERE sku IN ({skus})"
        )


def ago(days: float) -> int:
    return to_moment(NOW - timedelta(days=days))


def view_of(store: Store, moment: datetime) -> StoredView:
    return StoredView(store, SimulatedClock(moment))


_events = st.lists(
    st.builds(
        EventRow,
        st.none(),
        st.sampled_from(("view", "purchase", "return", "open")),
        st.integers(1, 20).map(ago),
        st.sampled_from(PEOPLE),
        st.sampled_from(THINGS),
        st.integers(1, 3),
        st.sampled_from((None, 1990, 450)),
        st.just("EUR"),
        st.sampled_from((None, "o1", "o2")),
        st.none(),
    ),
    max_size=12,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(before=_events, after=_events)
def test_past_is_what_the_present_was(before: list[Any], after: list[Any], store: Store) -> None:
    moment = NOW - timedelta(days=30)
    shift = 30 * 86_400_000
    with store.begin() as connection:
        for table in ("events", "profiles", "stale_profiles"):
            connection.exec_driver_sql(f"DELETE FROM {table}")
    write(store, "customers", *(CustomerRow(key) for key in PEOPLE))
    things = [ProductRow(sku, ("all", sku), "Acme") for sku in THINGS]
    add_products(store, *things, days_ago=99)
    write(store, "events", *(row._replace(at=row.at - shift) for row in before))
    then = view_of(store, moment)
    ids = [1, 2, 3, 9]
    customers, events = then.customers(ids), list(then.events())
    interactions = list_rows(then.interactions())
    write(store, "events", *after)
    past = PastView(store, moment)
    assert past.customers(ids) == customers
    assert list(past.events()) == events
    assert list_rows(past.interactions()) == interactions
    assert list_rows(past.interactions(until=NOW + timedelta(days=9))) == interactions
    assert list(past.customer_ids()) == [1, 2, 3]
    assert past.products() == then.products()


def test_an_event_of_the_moment_itself_is_later(store: Store) -> None:
    write(store, "customers", CustomerRow("ada"))
    add_products(store, ProductRow("shoe"), days_ago=99)
    write(store, "events", EventRow("1", "view", ago(5), "ada", "shoe"))
    assert len(PastView(store, NOW - timedelta(days=5)).interactions()) == 0
    assert len(PastView(store, NOW - timedelta(days=4)).interactions()) == 1


def test_traits_without_a_date_are_left_out(store: Store) -> None:
    ada = CustomerRow("ada", country="DE", language="de", created_at=ago(40), traits='{"tier":"x"}')
    write(store, "customers", ada)
    assert PastView(store, NOW - timedelta(days=30)).customers([1]) == [
        Customer(
            id=1,
            language="de",
            country="DE",
            traits={"orders": 0, "views": 0, "days_since_signup": 10},
        )
    ]


def test_who_signed_up_later_was_not_there(store: Store) -> None:
    write(store, "customers", CustomerRow("ada", created_at=ago(10)), CustomerRow("bob"))
    past = PastView(store, NOW - timedelta(days=20))
    assert list(past.customer_ids()) == [2]
    assert past.customers([1, 2])[0] is None
    assert list(PastView(store, NOW).customer_ids()) == [1, 2]


def test_product_that_came_later_was_not_there_unless_somebody_did_something_with_it(
    store: Store,
) -> None:
    add_products(store, ProductRow("old", stock=0), days_ago=99)
    add_products(store, ProductRow("new"), ProductRow("bought"), days_ago=1)
    write(store, "customers", CustomerRow("ada"))
    write(store, "events", EventRow("1", "purchase", ago(50), "ada", "bought"))
    past = PastView(store, NOW - timedelta(days=20))
    shown = [(one.sku, one.stock) for one in past.products() if one is not None]
    assert shown == [("old", None), ("bought", None)]
    assert [one is None for one in past.products([1, 2, 3])] == [False, True, False]
    assert past.find_products(read_condition("sku <> 'nothing'")) == [1, 3]


def test_conditions_over_products_are_answered_as_of_then(store: Store) -> None:
    add_products(store, ProductRow("shoe", stock=0), ProductRow("sock", stock=7), days_ago=40)
    write(store, "customers", CustomerRow("ada"))
    write(
        store,
        "reviews",
        ReviewRow("1", "shoe", "ada", 5, None, None, None, ago(30)),
        ReviewRow("2", "shoe", "ada", 1, None, None, None, ago(3)),
        ReviewRow("3", "sock", "ada", 5, None, None, None, ago(3)),
    )
    past, now = PastView(store, NOW - timedelta(days=20)), view_of(store, NOW)
    for text, then, today in (
        ("in_stock", [1, 2], [2]),
        ("stock > 5", [], [2]),
        ("rating >= 5", [1], [2]),
        ("reviews = 1", [1], [2]),
        ("days_since_added < 30", [1, 2], []),
    ):
        condition = read_condition(text)
        assert past.find_products(condition) == then, text
        assert now.find_products(condition) == today, text
    assert list_ratings(past.ratings()) == [(1, 1, ago(30), 5.0)]


def test_articles_are_those_that_were_valid(store: Store) -> None:
    write(
        store,
        "articles",
        ArticleRow("old", "Old", "x", valid_until=ago(10)),
        ArticleRow("new", "New", "x", valid_from=ago(10)),
    )
    assert [one.id for one in PastView(store, NOW - timedelta(days=20)).articles()] == ["old"]
    assert [one.id for one in PastView(store, NOW).articles()] == ["new"]


def test_moment_needs_a_time_zone(store: Store) -> None:
    with pytest.raises(TypeError):
        PastView(store, datetime(2026, 1, 1))
