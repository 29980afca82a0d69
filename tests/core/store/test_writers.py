from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from ballyhoo.core.store.engine import Store
from ballyhoo.core.store.ordinals import Ordinals
from ballyhoo.core.store.rows import (
    ConsentRow,
    Counts,
    CustomerRow,
    EnquiryRow,
    EventRow,
    OrderLineRow,
    OrderRow,
    ProductRow,
    ReviewRow,
    VariantRow,
)
from ballyhoo.core.store.tables import (
    customers,
    events,
    metadata,
    order_lines,
    product_categories,
    product_prices,
    products,
    skus,
    variant_prices,
    variants,
)
from ballyhoo.core.store.writers import WRITERS, open_writer

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def write(store: Store, kind: str, *rows: Any) -> Counts:
    with open_writer(store, kind, now=NOW) as writer:
        return writer.write(rows)


def tally(counts: Counts) -> tuple[int, int, int, int]:
    return counts.new, counts.updated, counts.unchanged, len(counts.rejected)


def count(store: Store, table: Any) -> int:
    with store.read() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


SHOE = ProductRow(
    "shoe",
    ("clothing", "shoes"),
    "Acme",
    texts=(("en", "Shoe", None),),
    prices=(("EUR", 1990, None), ("USD", 2090, None)),
    variants=(VariantRow("shoe-42", "42", 1, None, (("EUR", 1990, None),)), VariantRow("shoe-43")),
)
LINE = OrderLineRow("shoe-42", "Shoe 42", 2, 4000, 0)


def make_order(**changes: Any) -> OrderRow:
    row = OrderRow(
        "o1", "ada", "paid", 1000, None, None, "EUR", 4490, None, 490, None, None, (LINE,)
    )
    return row._replace(**changes)


@pytest.fixture
def shop(store: Store) -> Store:
    write(store, "products", SHOE)
    write(store, "customers", CustomerRow("ada", "ada@x.example"))
    return store


EXAMPLES: dict[str, Any] = {
    "customers": CustomerRow("eve", "e@x.example", consents=(ConsentRow("email", True, 5),)),
    "products": ProductRow("sock", ("clothing",)),
    "orders": make_order(),
    "events": EventRow("e1", "view", 5, "ada", "shoe-43"),
    "reviews": ReviewRow("r1", "shoe", "ada", 4, None, "nice", "en", 5),
    "enquiries": EnquiryRow("q1", "ada", "Where is it?", "en", 5),
    "articles": ("ship", "Shipping", "words", "en", (), None, None, None, None),
    "suppressions": ("email", "s@x.example", "manual", 5),
}


@pytest.mark.parametrize("kind", WRITERS)
def test_second_import_of_a_row_changes_nothing_in_any_table(shop: Store, kind: str) -> None:
    row = EXAMPLES[kind]
    assert tally(write(shop, kind, row)) == (1, 0, 0, 0)
    with shop.read() as connection:
        before = [connection.execute(select(table)).all() for table in metadata.sorted_tables]
    assert tally(write(shop, kind, row)) == (0, 0, 1, 0)
    assert tally(write(shop, kind, tuple(row))) == (0, 0, 1, 0)
    with shop.read() as connection:
        after = [connection.execute(select(table)).all() for table in metadata.sorted_tables]
    assert after == before


@pytest.mark.parametrize("kind", WRITERS)
def test_no_rows_are_no_work(shop: Store, kind: str) -> None:
    assert write(shop, kind) == Counts()


def test_rows_without_an_id_are_equal_sales_each_and_stay_so(shop: Store) -> None:
    sale = EventRow(None, "purchase", 5, "ada", "shoe", 1, 1990, "EUR")
    other = sale._replace(at=6)
    assert tally(write(shop, "events", sale, other, sale, sale)) == (4, 0, 0, 0)
    assert tally(write(shop, "events", sale, other, sale, sale)) == (0, 0, 4, 0)
    assert tally(write(shop, "events", other, sale, sale, sale, sale)) == (1, 0, 4, 0)


@given(contents=st.lists(st.lists(st.sampled_from("abc"), max_size=8), max_size=6))
def test_ordinals_do_not_depend_on_how_a_file_is_cut(contents: list[list[str]]) -> None:
    cut, whole = Ordinals(), Ordinals()
    flat = [content for part in contents for content in part]
    pieces = [key for part in contents for key in cut.key_rows(part)]
    assert pieces == whole.key_rows(flat)
    assert len(set(pieces)) == len(flat)
    assert {f"#{content}" for content in flat} <= set(pieces)
    cut.close()
    whole.close()


def test_given_ids_never_meet_the_ones_that_we_make(shop: Store) -> None:
    write(shop, "orders", make_order())
    assert tally(write(shop, "events", EventRow("#order/o1/0", "view", 5))) == (1, 0, 0, 0)


def test_unknown_references_are_rejected_with_index_and_field(shop: Store) -> None:
    good = EventRow("1", "view", 5, "ada", "shoe")
    counts = write(
        shop,
        "events",
        good,
        good._replace(id="2", customer_key="x"),
        good._replace(id="3", sku="x"),
    )
    assert tally(counts) == (1, 0, 0, 2)
    assert [(each.row, each.field) for each in counts.rejected] == [(1, "customer_key"), (2, "sku")]
    assert "import customers first" in counts.rejected[0].reason
    assert tally(write(shop, "orders", make_order(customer_key="x"))) == (0, 0, 0, 1)
    review = ReviewRow("r", "x", None, 5, None, None, None, 5)
    assert tally(write(shop, "reviews", review)) == (0, 0, 0, 1)
    assert tally(write(shop, "enquiries", EnquiryRow("q", "x", "?", None, 5))) == (0, 0, 0, 1)


def test_what_a_row_of_a_customer_leaves_open_stays(shop: Store) -> None:
    full = CustomerRow(
        "eve", "eve@x.example", "+4930123456", "Eve", "M", "de", "DE", "Europe/Berlin"
    )
    write(shop, "customers", full._replace(traits='{"a":1,"b":2}'))
    counts = write(shop, "customers", CustomerRow("eve", first_name="Eva", traits='{"b":3,"c":4}'))
    assert tally(counts) == (0, 1, 0, 0)
    with shop.read() as connection:
        row = connection.execute(select(customers).where(customers.c.key == "eve")).one()
    assert (row.first_name, row.last_name, row.country, row.language) == ("Eva", "M", "DE", "de")
    assert row.traits == {"a": 1, "b": 3, "c": 4}
    assert row.email_id is not None
    assert tally(write(shop, "customers", CustomerRow("eve", last_name="M"))) == (0, 0, 1, 0)


def test_later_row_of_one_file_follows_the_earlier_one(shop: Store) -> None:
    counts = write(
        shop, "customers", CustomerRow("eve", first_name="A"), CustomerRow("eve", first_name="B")
    )
    assert tally(counts) == (1, 1, 0, 0)
    with shop.read() as connection:
        names = connection.execute(select(customers.c.first_name)).scalars().all()
    assert names == [None, "B"]


def test_product_is_what_its_last_row_says(shop: Store) -> None:
    changed = SHOE._replace(
        category=("sport",),
        prices=(("EUR", 1500, 1990),),
        variants=(VariantRow("shoe-43", "43", 7), VariantRow("shoe-44")),
    )
    with shop.read() as connection:
        before = dict(connection.execute(select(variants.c.sku, variants.c.id)).all())
    assert tally(write(shop, "products", changed)) == (0, 1, 0, 0)
    with shop.read() as connection:
        prices = connection.execute(select(product_prices)).all()
        assert [tuple(row) for row in prices] == [(1, "EUR", 1500, 1990)]
        assert connection.execute(select(variant_prices)).all() == []
        now = dict(connection.execute(select(variants.c.sku, variants.c.id)).all())
        assert set(now) == {"shoe-43", "shoe-44"}
        assert now["shoe-43"] == before["shoe-43"]
        assert connection.execute(select(product_categories.c.name)).scalars().all() == ["sport"]
        names = set(connection.execute(select(skus.c.sku)).scalars())
        assert names == {"shoe", "shoe-43", "shoe-44"}


def test_order_with_an_unknown_product_is_kept_and_matched_when_it_comes(shop: Store) -> None:
    order = make_order(lines=(LINE, OrderLineRow("later", "Later", 1, 100)))
    counts = write(shop, "orders", order)
    assert (tally(counts), counts.unmatched_lines) == ((1, 0, 0, 0), 1)
    write(shop, "products", ProductRow("later"))
    counts = write(shop, "orders", order)
    assert (tally(counts), counts.unmatched_lines) == ((0, 1, 0, 0), 0)
    with shop.read() as connection:
        matched = connection.execute(
            select(order_lines.c.product_id, order_lines.c.variant_id).order_by("position")
        ).all()
    assert [tuple(row) for row in matched] == [(1, 1), (2, None)]


def test_purchase_and_return_events_follow_from_an_order(shop: Store) -> None:
    def told() -> list[tuple[Any, ...]]:
        columns = (events.c.type, events.c.at, events.c.quantity, events.c.value)
        with shop.read() as connection:
            return [tuple(row) for row in connection.execute(select(*columns).order_by("at"))]

    write(shop, "orders", make_order())
    assert told() == [("purchase", 1000, 2, 4000)]
    write(shop, "orders", make_order(lines=(LINE._replace(returned=1),), returned_at=2000))
    assert told() == [("purchase", 1000, 2, 4000), ("return", 2000, 1, 2000)]
    write(shop, "orders", make_order(state="returned", returned_at=3000))
    assert told() == [("purchase", 1000, 2, 4000), ("return", 3000, 2, 4000)]
    write(shop, "orders", make_order(state="cancelled"))
    assert told() == []
    write(shop, "orders", make_order(customer_key=None))
    assert told() == [("purchase", 1000, 2, 4000)]


reviewed = st.lists(
    st.tuples(st.sampled_from(["r1", "r2", None]), st.sampled_from(["a", "b"]), st.integers(1, 5)),
    max_size=8,
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(batches=st.lists(reviewed, max_size=3))
def test_stars_of_products_equal_a_count_of_their_reviews(
    store: Store, batches: list[list[tuple[str | None, str, int]]]
) -> None:
    with store.begin() as connection:
        connection.execute(delete(metadata.tables["reviews"]))
        connection.execute(products.update().values(review_count=0, star_sum=0))
    write(store, "products", ProductRow("a"), ProductRow("b"))
    kept: dict[Any, tuple[str, int]] = {}
    for number, batch in enumerate(batches):
        rows = [
            ReviewRow(key, sku, None, stars, None, f"{number}.{place}", None, 5)
            for place, (key, sku, stars) in enumerate(batch)
        ]
        write(store, "reviews", *rows)
        for row in rows:
            kept[row.id or row.text] = (row.sku, row.stars)
    with store.read() as connection:
        found = {
            row.sku: (row.review_count, row.star_sum)
            for row in connection.execute(select(products))
        }
    for sku in "ab":
        stars = [each for name, each in kept.values() if name == sku]
        assert found[sku] == (len(stars), sum(stars))


def test_more_rows_than_one_transaction_takes_are_all_written(
    shop: Store, monkeypatch: Any
) -> None:
    monkeypatch.setattr(WRITERS["events"], "chunk_rows", 3)
    rows = [EventRow(f"{n}", "view", n, "ada" if n != 7 else "x") for n in range(10)]
    counts = write(shop, "events", *rows)
    assert tally(counts) == (9, 0, 0, 1)
    assert counts.rejected[0].row == 7
    assert count(shop, events) == 9
