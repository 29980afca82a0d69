from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from ballyhoo.core.errors import DataError
from ballyhoo.core.setting_tables import Retention
from ballyhoo.core.store.engine import Store
from ballyhoo.core.store.export import describe_customer
from ballyhoo.core.store.profiles import DAY
from ballyhoo.core.store.pruning import prune_store
from ballyhoo.core.store.rights import erase_customer, export_customer
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
)
from ballyhoo.core.store.tables import (
    addresses,
    audit,
    enquiries,
    events,
    message_events,
    messages,
    metadata,
    orders,
    products,
    profiles,
    reviews,
    runs,
    suppressions,
)
from ballyhoo.core.store.writers import open_writer

NOW = datetime(2026, 1, 1, tzinfo=UTC)
NOW_MS = int(NOW.timestamp() * 1000)

IDENTITY = ("Rosalind", "Franklin", "rosalind@kings.example", "shopper-51", "+442071234567")
CONTENT = ("my secret question", "wonderful shoes", "track/51", "Dear Rosalind", "opened-by-51")

FRANKLIN = CustomerRow(
    "shopper-51",
    "rosalind@kings.example",
    "+442071234567",
    "Rosalind",
    "Franklin",
    "en",
    "GB",
    "Europe/London",
    1000,
    '{"crystal":"B"}',
    (ConsentRow("email", False, 2000, "shop"), ConsentRow("sms", True, 2000, "shop")),
)


def write(store: Store, kind: str, *rows: Any) -> Counts:
    with open_writer(store, kind, now=NOW) as writer:
        return writer.write(rows)


@pytest.fixture
def shop(store: Store) -> Store:
    write(store, "products", ProductRow("p1", ("shoes",), "Acme"))
    write(store, "customers", FRANKLIN, CustomerRow("other", "other@x.example"))
    line = OrderLineRow("p1", "Shoes", 2, 5000)
    write(
        store,
        "orders",
        OrderRow(
            "o-51", "shopper-51", "shipped", 3000, 4000, "https://x.example/track/51", "EUR",
            5000, None, 490, "SPRING", None, (line,),
        ),
    )  # fmt: skip
    write(store, "events", EventRow("e1", "view", 5000, "shopper-51", "p1"))
    write(store, "events", EventRow("e2", "view", 5000, "other", "p1"))
    write(
        store,
        "reviews",
        ReviewRow("r1", "p1", "shopper-51", 5, "Good", "wonderful shoes", "en", 6000),
    )
    write(store, "enquiries", EnquiryRow("q1", "shopper-51", "my secret question", "en", 7000))
    with store.begin() as connection:
        connection.execute(
            insert(runs).values(
                id=1,
                campaign="spring",
                state="finished",
                seed=1,
                recipe="",
                recipe_hash="",
                created_at=1,
            )
        )
        connection.execute(
            insert(messages).values(
                id=1,
                run_id=1,
                recipient=1,
                channel="email",
                state="sent",
                created_at=1,
                content={"subject": "Dear Rosalind"},
                facts={"first_name": "Rosalind"},
                body=b"Dear Rosalind",
                address_id=1,
            )
        )
        connection.execute(
            insert(message_events).values(
                message_id=1, kind="open", at=1, source="web", data={"agent": "opened-by-51"}
            )
        )
    return store


def dump_store(store: Store) -> str:
    """Everything in every table, as text."""
    with store.read() as connection:
        return "".join(
            str(connection.execute(select(table)).all()) for table in metadata.sorted_tables
        )


def test_export_is_one_json_of_everything_known(shop: Store) -> None:
    text = json.dumps(export_customer(shop, "shopper-51"))
    for fact in (*IDENTITY, *CONTENT):
        assert fact in text
    assert "other" not in text
    exported = json.loads(text)
    assert exported["orders"][0]["total"] == "50.00"
    assert exported["orders"][0]["lines"][0]["amount"] == "50.00"
    assert exported["orders"][0]["placed_at"] == "1970-01-01T00:00:03+00:00"
    assert [(said["channel"], said["is_given"]) for said in exported["consents"]] == [
        ("email", False),
        ("sms", True),
    ]
    assert exported["messages"][0]["campaign"] == "spring"
    assert exported["profile"]["total_spent"] == "50.00"


def test_description_counts_the_history_instead_of_telling_it(shop: Store) -> None:
    described = describe_customer(shop, "shopper-51")
    assert described["counts"] == {
        "orders": 1,
        "events": 2,
        "reviews": 1,
        "enquiries": 1,
        "messages": 1,
    }
    assert described["customer"]["first_name"] == "Rosalind"


def test_erasure_leaves_neither_identity_nor_content(shop: Store) -> None:
    assert erase_customer(shop, "shopper-51").emptied == {
        "events": 2,
        "orders": 1,
        "reviews": 1,
        "enquiries": 1,
        "messages": 1,
    }
    left = dump_store(shop)
    for fact in (*IDENTITY, *CONTENT, "crystal", "o-51"):
        assert fact not in left
    assert "other@x.example" in left


def test_erased_text_is_not_in_the_files_of_sqlite_either(shop: Store) -> None:
    if shop.dialect != "sqlite":
        return
    path = Path(str(shop.engine.url.database))
    stored = path.read_bytes() + Path(f"{path}-wal").read_bytes()
    assert b"rosalind@kings.example" in stored
    assert erase_customer(shop, "shopper-51").is_clean
    assert Path(f"{path}-wal").stat().st_size == 0
    left = path.read_bytes()
    for fact in (*IDENTITY, *CONTENT):
        assert fact.encode() not in left


def test_erasure_keeps_the_counters(shop: Store) -> None:
    erase_customer(shop, "shopper-51")
    with shop.read() as connection:
        product = connection.execute(select(products)).one()
        assert (product.review_count, product.star_sum) == (1, 5)
        kinds = connection.execute(select(events.c.type).order_by(events.c.id)).scalars().all()
        assert sorted(kinds) == ["purchase", "view", "view"]
        assert connection.execute(select(orders.c.total)).scalar() == 5000
        assert connection.execute(select(messages.c.state, messages.c.recipient)).one() == (
            "sent",
            1,
        )
        assert connection.execute(select(profiles.c.customer_id)).scalars().all() == [2]


def test_withdrawn_consent_survives_erasure_as_a_hash(shop: Store) -> None:
    erase_customer(shop, "shopper-51")
    with shop.read() as connection:
        row = connection.execute(select(suppressions)).one()
    assert (row.channel, row.reason) == ("email", "unsubscribe")
    assert row.hash == shop.hasher.hash_address("rosalind@kings.example")
    again = FRANKLIN._replace(key="new", consents=(ConsentRow("email", True, 9000),))
    assert write(shop, "customers", again).kept_unsubscribed == 1


def test_old_file_does_not_bring_an_erased_customer_back(shop: Store) -> None:
    erase_customer(shop, "shopper-51")
    counts = write(shop, "customers", FRANKLIN, CustomerRow("other", "other@x.example"))
    assert (counts.new, counts.unchanged) == (0, 1)
    assert [(each.row, each.reason) for each in counts.rejected] == [
        (0, "this customer was erased on request")
    ]
    counts = write(shop, "events", EventRow("e1", "view", 5000, "shopper-51", "p1"))
    assert len(counts.rejected) == 1


def test_address_that_somebody_else_has_too_stays(shop: Store) -> None:
    write(shop, "customers", CustomerRow("wife", "rosalind@kings.example"))
    erase_customer(shop, "shopper-51")
    with shop.read() as connection:
        stored = connection.execute(select(addresses.c.address)).scalars().all()
    assert "rosalind@kings.example" in stored
    assert "+442071234567" not in stored


def test_erasure_is_in_the_audit_log_without_identity(shop: Store) -> None:
    export_customer(shop, "shopper-51")
    erase_customer(shop, "shopper-51", actor="ada")
    with shop.read() as connection:
        rows = connection.execute(select(audit).order_by(audit.c.id)).all()
    assert [(row.action, row.subject) for row in rows] == [
        ("customer.export", "1"),
        ("customer.erase", "1"),
    ]
    assert rows[1].actor == "ada"
    assert rows[1].details["orders"] == 1


@pytest.mark.parametrize("ask", [export_customer, erase_customer, describe_customer])
def test_unknown_customer_is_an_error_that_does_not_repeat_the_id(store: Store, ask: Any) -> None:
    with pytest.raises(DataError, match="no customer with this id") as caught:
        ask(store, "someone@x.example")
    assert "someone" not in str(caught.value)


def test_pruning_removes_what_is_older_and_keeps_what_spending_rests_on(shop: Store) -> None:
    recent = NOW_MS - 10 * DAY
    write(shop, "events", EventRow("new", "view", recent, "shopper-51", "p1"))
    write(shop, "enquiries", EnquiryRow("q2", "shopper-51", "recent", "en", recent))
    kept = Retention(bodies_days=30, events_days=30, enquiries_days=30)
    pruned = prune_store(shop, kept, now=NOW)
    assert pruned == {"bodies": 1, "events": 2, "enquiries": 1}
    with shop.read() as connection:
        left = connection.execute(select(events.c.type, events.c.at)).all()
        assert sorted(left) == [("purchase", 3000), ("view", recent)]
        profile = connection.execute(select(profiles)).one()
        assert (profile.views, profile.orders, profile.last_viewed_at) == (1, 1, recent)
        texts = connection.execute(select(enquiries.c.text).order_by(enquiries.c.at)).scalars()
        assert texts.all() == [None, "recent"]
        message = connection.execute(select(messages)).one()
        assert (message.state, message.body, message.content) == ("sent", None, None)
        assert connection.execute(select(reviews.c.text)).scalar() == "wonderful shoes"
    assert prune_store(shop, kept, now=NOW) == {"bodies": 0, "events": 0, "enquiries": 0}


def test_pruning_without_limits_removes_nothing(shop: Store) -> None:
    before = dump_store(shop)
    prune_store(shop, Retention(), now=NOW + timedelta(days=9999))
    assert dump_store(shop) == before
