from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from ballyhoo.core.store.engine import Store
from ballyhoo.core.store.profiles import DAY, refresh_profiles
from ballyhoo.core.store.rows import CustomerRow, EventRow, OrderLineRow, OrderRow, ProductRow
from ballyhoo.core.store.tables import customers, events, products, profiles, stale_profiles
from ballyhoo.core.store.writers import open_writer

NOW = datetime(2026, 1, 1, tzinfo=UTC)

GOODS = [
    ProductRow("p0", ("clothing", "shoes"), "Acme"),
    ProductRow("p1", ("clothing", "socks"), "Acme"),
    ProductRow("p2", ("outdoor", "tents"), "Zelt"),
    ProductRow("p3", (), None),
]

SKUS = st.sampled_from(["p0", "p1", "p2", "p3", None])
MOMENTS = st.integers(0, 40).map(lambda day: day * DAY // 2)
CUSTOMERS = st.sampled_from(["a", "b", "c"])

happenings = st.builds(
    lambda kind, at, customer, sku, quantity, value, currency, order: EventRow(
        None,
        kind,
        at,
        customer,
        sku,
        quantity,
        value if kind in ("purchase", "return") else None,
        currency if kind in ("purchase", "return") and value is not None else None,
        order if kind in ("purchase", "return") else None,
        None,
    ),
    st.sampled_from(["view", "purchase", "purchase", "return", "click", "bounce"]),
    MOMENTS,
    CUSTOMERS,
    SKUS,
    st.integers(1, 4),
    st.none() | st.integers(0, 5000),
    st.sampled_from(["EUR", "USD"]),
    st.none() | st.sampled_from(["o1", "o2", "o3"]),
)


def evaluate_slowly(told: list[Any], goods: dict[int, Any]) -> dict[str, Any] | None:
    """What one customer's events come to, one obvious loop after the other."""
    if not told:
        return None
    bought = [event for event in told if event.type == "purchase"]
    returned = [event for event in told if event.type == "return"]
    views = [event for event in told if event.type == "view" and event.product_id is not None]
    own = [event.at for event in told if event.type not in ("bounce", "complaint")]
    currency = None
    paid_for = [event for event in bought if event.currency is not None]
    if paid_for:
        latest = max(event.at for event in paid_for)
        currency = min(event.currency for event in paid_for if event.at == latest)
    orders = {event.order_key or f"@{event.at}" for event in bought}
    first = min((event.at for event in bought), default=None)
    last = max((event.at for event in bought), default=None)
    spent = sum(event.value or 0 for event in bought if event.currency == currency)
    spent -= sum(event.value or 0 for event in returned if event.currency == currency)
    prices = sorted(
        event.value // event.quantity
        for event in bought
        if event.currency == currency and event.value is not None and event.quantity
    )
    low = prices[-(-len(prices) // 4) - 1] if prices else None
    high = prices[-(-3 * len(prices) // 4) - 1] if prices else None
    reorder = None
    if len(orders) > 1 and first is not None and last is not None:
        reorder = (last - first) // ((len(orders) - 1) * DAY)
    last_view = min(views, key=lambda event: (-event.at, event.product_id), default=None)
    return {
        "orders": len(orders),
        "pieces": sum(event.quantity for event in bought),
        "returned_pieces": sum(event.quantity for event in returned),
        "total_spent": spent if currency else 0,
        "currency": currency,
        "first_order_at": first,
        "last_order_at": last,
        "reorder_days": reorder,
        "price_low": low,
        "price_high": high,
        "favourite_category": choose_favourite(bought, goods, "narrowest_category"),
        "favourite_brand": choose_favourite(bought, goods, "brand"),
        "views": len(views),
        "last_viewed_product_id": last_view.product_id if last_view else None,
        "last_viewed_at": last_view.at if last_view else None,
        "last_seen_at": max(own, default=None),
    }


def choose_favourite(bought: list[Any], goods: dict[int, Any], field: str) -> str | None:
    pieces: Counter[str] = Counter()
    last: dict[str, int] = {}
    for event in bought:
        name = getattr(goods[event.product_id], field) if event.product_id else None
        if name is not None:
            pieces[name] += event.quantity
            last[name] = max(last.get(name, 0), event.at)
    return min(pieces, key=lambda name: (-pieces[name], -last[name], name), default=None)


def check_profiles(store: Store) -> None:
    """Each stored profile is what the stored events say."""
    with store.read() as connection:
        goods = {row.id: row for row in connection.execute(select(products))}
        told = connection.execute(select(events)).all()
        stored = {row.customer_id: row for row in connection.execute(select(profiles))}
        assert connection.execute(select(stale_profiles)).all() == []
        for customer in connection.execute(select(customers.c.id)).scalars():
            own = [event for event in told if event.customer_id == customer]
            found = stored.pop(customer, None)
            expected = evaluate_slowly(own, goods)
            assert expected == (
                None
                if found is None
                else {k: v for k, v in found._asdict().items() if k in expected}
            )
    assert stored == {}


def write(store: Store, kind: str, rows: list[Any]) -> Any:
    with open_writer(store, kind, now=NOW) as writer:
        return writer.write(rows)


@pytest.fixture
def shop(store: Store) -> Store:
    write(store, "products", GOODS)
    write(store, "customers", [CustomerRow(key) for key in "abc"])
    return store


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(batches=st.lists(st.lists(happenings, max_size=12), max_size=4), again=st.integers(0, 3))
def test_profiles_equal_a_slow_evaluation_after_any_batches_of_events(
    shop: Store, batches: list[list[EventRow]], again: int
) -> None:
    with shop.begin() as connection:
        connection.execute(delete(events))
        connection.execute(delete(profiles))
    for batch in batches:
        write(shop, "events", batch)
        check_profiles(shop)
    for batch in batches[:again]:
        counts = write(shop, "events", batch)
        assert (counts.new, counts.updated, counts.unchanged) == (0, 0, len(batch))
    check_profiles(shop)


lines = st.lists(
    st.builds(
        lambda sku, quantity, amount, returned: OrderLineRow(
            sku, "title", quantity, amount, min(returned, quantity)
        ),
        SKUS,
        st.integers(1, 4),
        st.integers(0, 9000),
        st.integers(0, 4),
    ),
    min_size=1,
    max_size=3,
).map(tuple)

placed = st.builds(
    lambda key, customer, state, at, sold: OrderRow(
        key, customer, state, at, None, None, "EUR", 1, None, None, None, None, sold
    ),
    st.sampled_from(["o1", "o2", "o3", "o4"]),
    st.sampled_from(["a", "b", "c", None]),
    st.sampled_from(["paid", "shipped", "returned", "cancelled"]),
    MOMENTS,
    lines,
)


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(batches=st.lists(st.lists(placed, max_size=6), max_size=4))
def test_profiles_follow_orders_that_change_their_customer_lines_and_state(
    shop: Store, batches: list[list[OrderRow]]
) -> None:
    for batch in batches:
        write(shop, "orders", batch)
        check_profiles(shop)
        last = {row.key: row for row in batch}
        counts = write(shop, "orders", list(last.values()))
        assert (counts.new, counts.updated, counts.unchanged) == (0, 0, len(last))


def test_favourites_follow_a_product_that_moves_to_another_category(shop: Store) -> None:
    write(shop, "events", [EventRow("1", "purchase", 5, "a", "p0", 1, 100, "EUR")])
    write(shop, "products", [ProductRow("p0", ("clothing", "boots"), "Other")])
    check_profiles(shop)
    with shop.read() as connection:
        row = connection.execute(select(profiles)).one()
    assert (row.favourite_category, row.favourite_brand) == ("boots", "Other")


def test_profiles_of_an_import_that_died_are_made_good_by_the_next(shop: Store) -> None:
    class Died(Exception):
        pass

    def die() -> None:
        with open_writer(shop, "events", now=NOW) as writer:
            writer.write([EventRow("1", "purchase", 5, "a", "p0", 1, 100, "EUR")])
            raise Died

    with pytest.raises(Died):
        die()
    counts = write(shop, "events", [EventRow("1", "purchase", 5, "a", "p0", 1, 100, "EUR")])
    assert counts.unchanged == 1
    check_profiles(shop)


def test_refreshing_says_how_many_customers_were_stale(shop: Store) -> None:
    with open_writer(shop, "events", now=NOW) as writer:
        writer.write([EventRow(None, "view", 1, key, "p0") for key in "aab"])
        assert refresh_profiles(shop) == 2
        assert refresh_profiles(shop) == 0


def test_many_customers_are_brought_up_to_date_in_several_transactions(
    shop: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ballyhoo.core.store.profiles.FIRST_CUSTOMERS", 2)
    monkeypatch.setattr("ballyhoo.core.store.profiles.CUSTOMERS_AT_ONCE", 2)
    write(shop, "customers", [CustomerRow(f"k{n}") for n in range(7)])
    reported: list[int] = []
    with open_writer(shop, "events", now=NOW) as writer:
        writer.write([EventRow(None, "view", n, f"k{n}", "p0") for n in range(7)])
        writer.finish(lambda done, _: reported.append(done))
    assert reported[-1] == 7
    assert len(reported) > 3
    check_profiles(shop)
