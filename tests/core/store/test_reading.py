from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from ballyhoo import Article, Customer, Event, Product, StoreView
from ballyhoo.core.store.engine import Store
from ballyhoo.core.store.lookups import (
    find_customer_keys,
    find_products,
    unknown_products,
)
from ballyhoo.core.store.reading import StoredView, from_moment, to_moment
from ballyhoo.core.store.rights import erase_customer
from ballyhoo.core.store.rows import (
    ArticleRow,
    Counts,
    CustomerRow,
    EventRow,
    ProductRow,
    VariantRow,
)
from ballyhoo.core.store.writers import open_writer

NOW = datetime(2026, 1, 31, tzinfo=UTC)


class FixedClock:
    def now(self) -> datetime:
        return NOW


def write(store: Store, kind: str, *rows: Any) -> Counts:
    with open_writer(store, kind, now=NOW) as writer:
        return writer.write(rows)


def days_ago(days: int) -> int:
    return to_moment(NOW - timedelta(days=days))


def open_view(store: Store) -> StoreView:
    return StoredView(store, FixedClock())


def test_moments_survive_to_the_millisecond() -> None:
    at = datetime(2026, 3, 29, 1, 2, 3, 456000, tzinfo=UTC)
    assert from_moment(to_moment(at)) == at
    assert to_moment(datetime(1969, 12, 31, tzinfo=UTC)) == -86_400_000


def test_customers_come_aligned_with_traits_and_profile_and_without_identity(store: Store) -> None:
    write(store, "products", ProductRow("p", ("clothing", "shoes"), "Acme"))
    ada = CustomerRow(
        "ada", "ada@x.example", None, "Ada", "Byron", "en", "GB", "Europe/London", days_ago(9),
        '{"tier":"gold"}',
    )  # fmt: skip
    write(store, "customers", ada, CustomerRow("bob"))
    write(store, "events", EventRow("1", "purchase", days_ago(3), "ada", "p", 2, 1990, "EUR"))
    view = open_view(store)
    one, two, missing = view.customers([1, 2, 99])
    assert missing is None
    assert two == Customer(id=2, traits={"orders": 0, "views": 0})
    assert one is not None
    assert (one.language, one.country, one.time_zone) == ("en", "GB", "Europe/London")
    assert one.traits == {
        "tier": "gold",
        "orders": 1,
        "pieces": 2,
        "returned_pieces": 0,
        "views": 0,
        "currency": "EUR",
        "favourite_category": "shoes",
        "favourite_brand": "Acme",
        "total_spent": 19.9,
        "price_low": 9.95,
        "price_high": 9.95,
        "days_since_first_order": 3,
        "days_since_last_order": 3,
        "days_since_last_seen": 3,
        "days_since_signup": 9,
    }
    assert "ada@x.example" not in repr(one)
    assert "Byron" not in repr(one)


def test_erased_customers_are_not_there(store: Store) -> None:
    write(store, "customers", CustomerRow("ada"), CustomerRow("bob"))
    erase_customer(store, "ada")
    view = open_view(store)
    assert list(view.customer_ids()) == [2]
    assert view.customers([1]) == [None]
    assert view.find_customers(["ada", "bob"]) == [None, 2]


def test_products_come_whole(store: Store) -> None:
    row = ProductRow(
        "shoe", ("clothing", "shoes"), "Acme", ("new", "trail"), 5, "https://x.example/shoe",
        "https://x.example/shoe.jpg", '{"material":"wool","weight":300}',
        (("de", "Schuh", "Ein Schuh"), ("en", "Shoe", None)),
        (("EUR", 1990, 2990), ("JPY", 3000, None)),
        (VariantRow("shoe-42", "42", 2, None, (("EUR", 1990, None),)),),
    )  # fmt: skip
    write(store, "products", row, ProductRow("bare"))
    shoe = Product(
        id=1,
        sku="shoe",
        titles={"de": "Schuh", "en": "Shoe"},
        descriptions={"de": "Ein Schuh"},
        category=("clothing", "shoes"),
        brand="Acme",
        tags=("new", "trail"),
        prices={"EUR": Decimal("19.90"), "JPY": Decimal(3000)},
        list_prices={"EUR": Decimal("29.90")},
        stock=5,
        url="https://x.example/shoe",
        image_url="https://x.example/shoe.jpg",
        attributes={"material": "wool", "weight": "300"},
    )
    view = open_view(store)
    assert view.products([2, 1, 9]) == [Product(id=2, sku="bare", titles={}), shoe, None]
    assert view.products() == [shoe, Product(id=2, sku="bare", titles={})]


def test_events_come_in_the_order_they_happened_over_any_number_of_pages(
    store: Store, monkeypatch: Any
) -> None:
    monkeypatch.setattr("ballyhoo.core.store.reading.CHUNK_ROWS", 3)
    write(store, "customers", CustomerRow("ada"))
    rows = [
        EventRow(f"{n}", "view" if n % 3 else "click", n % 4 * 1000, "ada", properties='{"n":1}')
        for n in range(10)
    ]
    write(store, "events", *rows)
    view = open_view(store)
    told = list(view.events())
    assert [event.id for event in told] == ["0", "4", "8", "1", "5", "9", "2", "6", "3", "7"]
    assert told[0] == Event(
        id="0",
        type="click",
        at=datetime(1970, 1, 1, tzinfo=UTC),
        customer_id=1,
        source="import",
        properties={"n": 1},
    )
    until = datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)
    assert [event.id for event in view.events(until=until)] == ["0", "4", "8"]
    assert [event.id for event in view.events(types=["click"])] == ["0", "9", "6", "3"]
    assert list(view.events(types=[])) == []


def test_articles_come_in_their_current_version_while_they_are_valid(store: Store) -> None:
    write(
        store,
        "articles",
        ArticleRow("ship", "Shipping", "old words"),
        ArticleRow("gone", "Gone", "x", valid_until=days_ago(1)),
        ArticleRow("soon", "Soon", "x", valid_from=days_ago(-1)),
        ArticleRow("ship", "Versand", "auf Deutsch", "de"),
    )
    counts = write(
        store, "articles", ArticleRow("ship", "Shipping", "new words", "en", ("When?",), "shipping")
    )
    assert (counts.new, counts.updated) == (0, 1)
    view = open_view(store)
    assert view.articles(language="en") == [
        Article(
            id="ship",
            title="Shipping",
            body="new words",
            version=2,
            questions=("When?",),
            intent="shipping",
        )
    ]
    assert [article.language for article in view.articles()] == ["de", "en"]


def test_products_are_found_by_their_own_sku_and_by_their_variants(store: Store) -> None:
    write(
        store,
        "products",
        ProductRow("shoe", variants=(VariantRow("shoe-42"), VariantRow("sock"))),
        ProductRow("sock"),
    )
    assert find_products(store, ["shoe", "shoe-42", "sock", "x"]) == [1, 1, 2, None]
    assert unknown_products(store, ["shoe", "x"]) == {"x"}


def test_customer_is_found_by_her_address_and_of_two_the_older_one(store: Store) -> None:
    write(store, "customers", CustomerRow("ada", "a@x.example"), CustomerRow("bob", "a@x.example"))
    assert find_customer_keys(store, ["a@x.example", "b@x.example"]) == ["ada", None]
