"""Shops tell customers, products and orders: by the rules of an import, as often as they like."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ballyhoo.core.importing.importer import Import
from ballyhoo.core.store.tables import (
    customers,
    events,
    orders,
    product_texts,
    products,
    standings,
    variants,
)

from .site import Site

KEY = {"authorization": "Bearer a key of the shop"}
ADA = {
    "id": "C-1", "email": "Ada@Customers.Example", "first_name": "Ada", "country": "Austria",
    "consent_email": "yes", "consent_at": "2026-01-15", "traits": {"size": 39}, "club": "gold",
}  # fmt: skip
SHOE = {
    "sku": "shoe", "title": {"en": "Trail shoe", "de": "Laufschuh"}, "price": "129.00",
    "currency": "EUR", "category": ["Clothing", "Shoes"], "attributes": {"colour": "red"},
    "variants": [{"sku": "shoe-39", "stock": 2}, {"sku": "shoe-40", "stock": 5}],
}  # fmt: skip
ORDER = {
    "id": "7", "customer": "C-1", "placed_at": "2026-03-02T08:00:00+01:00", "currency": "EUR",
    "lines": [
        {"sku": "shoe-39", "quantity": 1, "price": 129},
        {"sku": "sock", "quantity": 2, "amount": "29.80"},
    ],
}  # fmt: skip


def tell(site: Site, kind: str, told: Any, *, query: str = "", headers: Any = KEY) -> Any:
    return site.ask("POST", f"/{kind}{query}", json=told, headers=headers)


def counts_of(answer: Any) -> tuple[int, ...]:
    names = ("read", "new", "updated", "unchanged", "rejected")
    return tuple(answer.json()[name] for name in names)


def test_a_shop_is_told_object_by_object_and_nothing_comes_twice(site: Site) -> None:
    for kind, one in (("customers", ADA), ("products", SHOE), ("orders", ORDER)):
        first = tell(site, kind, one)
        assert (first.status_code, counts_of(first)) == (200, (1, 1, 0, 0, 0)), first.text
        assert counts_of(tell(site, kind, [one])) == (1, 0, 0, 1, 0)
    (ada,) = site.rows(customers)
    assert (ada.key, ada.country, ada.traits) == ("C-1", "AT", {"size": 39, "club": "gold"})
    with site.shop.store.read() as connection:
        assert connection.execute(standings.select()).one().is_given
        said = connection.execute(product_texts.select()).all()
    assert {(one.language, one.title) for one in said} == {
        ("en", "Trail shoe"), ("de", "Laufschuh"),
    }  # fmt: skip
    (shoe,) = site.rows(products)
    assert (shoe.stock, shoe.attributes, shoe.narrowest_category) == (7, {"colour": "red"}, "Shoes")
    assert [one.sku for one in site.rows(variants)] == ["shoe-39", "shoe-40"]
    (order,) = site.rows(orders)
    assert (order.key, order.total, order.state) == ("7", 15_880, "paid")
    bought = [one for one in site.rows(events) if one.type == "purchase"]
    assert [(one.product_id, one.value, one.quantity) for one in bought] == [
        (shoe.id, 12_900, 1), (None, 2_980, 2),
    ]  # fmt: skip
    assert {one.customer_id for one in bought} == {ada.id}


def test_an_order_that_is_told_anew_takes_its_events_along(site: Site) -> None:
    for kind, one in (("customers", ADA), ("products", SHOE), ("orders", ORDER)):
        tell(site, kind, one)
    changed = {**ORDER, "lines": ORDER["lines"][:1], "state": "returned"}
    assert counts_of(tell(site, "orders", changed)) == (1, 0, 1, 0, 0)
    assert [one.type for one in site.rows(events)] == ["purchase", "return"]
    assert counts_of(tell(site, "orders", {**ORDER, "status": "cancelled"})) == (1, 0, 1, 0, 0)
    assert site.rows(events) == []


def test_what_is_wrong_is_said_by_item_and_field_and_the_others_are_stored(site: Site) -> None:
    tell(site, "customers", ADA)
    answer = tell(
        site, "orders",
        [
            ORDER, {**ORDER, "id": "8", "customer": "somebody else"},
            {**ORDER, "id": "9", "placed_at": "yesterday"},
            {**ORDER, "id": "10", "lines": [{"sku": "a"}, {"sku": "b", "amount": -1}]},
            "no object", {**ORDER, "id": "11", "lines": []}, {**ORDER, "id": "12", "lines": 5},
        ],
    )  # fmt: skip
    assert (answer.status_code, counts_of(answer)) == (200, (7, 2, 0, 0, 5))
    assert answer.json()["unmatched_lines"] == 2
    assert [(one["item"], one["field"]) for one in answer.json()["errors"]] == [
        (1, "customer"), (2, "placed_at"), (3, "lines.amount"), (4, None), (6, None),
    ]  # fmt: skip
    assert "somebody else" not in answer.text
    assert [one.key for one in site.rows(orders)] == ["7", "11"]


def test_atomic_stores_all_or_nothing(site: Site) -> None:
    bob = {**ADA, "id": "C-2", "email": "bob"}
    refused = tell(site, "customers", [ADA, bob], query="?atomic=true")
    assert (refused.status_code, counts_of(refused)) == (422, (2, 0, 0, 0, 2))
    assert [(one["item"], one["field"]) for one in refused.json()["errors"]] == [(1, "email")]
    assert site.rows(customers) == []
    tell(site, "customers", ADA)
    unknown = {**ORDER, "id": "8", "customer": "C-9"}
    refused = tell(site, "orders", [ORDER, unknown], query="?atomic=true")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "customer")
    assert (site.rows(orders), site.rows(events)) == ([], [])
    assert tell(site, "orders", [ORDER], query="?atomic=true").status_code == 200
    assert tell(site, "orders", [ORDER], query="?atomic=perhaps").status_code == 422


def test_it_stores_what_an_import_of_the_same_objects_stores(site: Site, tmp_path: Path) -> None:
    told = {"customers": [ADA, {"id": "C-2"}], "products": [SHOE], "orders": [ORDER]}
    for kind, objects in told.items():
        assert tell(site, kind, objects).status_code == 200
        file = tmp_path / f"{kind}.jsonl"
        file.write_text("\n".join(json.dumps(one) for one in objects))
        report = Import(site.shop.store, kind, file).run()
        assert (report.unchanged, report.rejected) == (len(objects), 0)


def test_money_without_a_currency_has_that_of_the_request(site: Site) -> None:
    tell(site, "customers", ADA)
    bare = {name: value for name, value in ORDER.items() if name != "currency"}
    tell(site, "orders", bare, query="?currency=chf")
    assert site.rows(orders)[0].currency == "CHF"
    assert tell(site, "orders", bare, query="?currency=francs").status_code == 422


def test_who_unsubscribed_stays_so_and_who_was_erased_does_not_come_back(site: Site) -> None:
    from ballyhoo.core.store.rights import erase_customer

    tell(site, "customers", ADA)
    no = {"id": "C-1", "consent_email": False, "consent_at": "2026-02-01"}
    assert counts_of(tell(site, "customers", no)) == (1, 0, 1, 0, 0)
    assert tell(site, "customers", ADA).json()["kept_unsubscribed"] == 1
    erase_customer(site.shop.store, "C-1")
    back = tell(site, "customers", ADA)
    assert (back.status_code, back.json()["errors"][0]["field"]) == (422, "id")


@pytest.mark.parametrize("body", ["", "[]", "nonsense", "[" * 100_000, "[1, null]"])
def test_a_body_that_is_nothing_is_refused(site: Site, body: str) -> None:
    answer = site.ask("POST", "/customers", content=body, headers=KEY)
    assert answer.status_code == 422
    assert answer.json()["errors"]


def test_without_a_key_nothing_is_told(site: Site) -> None:
    assert tell(site, "customers", ADA, headers={}).status_code == 401
    assert tell(site, "orders", [], headers={"authorization": "Bearer x"}).status_code == 401
    assert site.ask("GET", "/customers", headers=KEY).status_code == 405
    assert site.rows(customers) == []


def test_numbers_beyond_the_database_are_refused_and_no_fault_of_others(site: Site) -> None:
    tell(site, "customers", ADA)
    line = {"sku": "shoe", "quantity": 2_000_000_000, "price": "999999999999999"}
    answer = tell(site, "orders", [ORDER, {**ORDER, "id": "8", "lines": [line]}])
    assert (answer.status_code, counts_of(answer)) == (200, (2, 1, 0, 0, 1))
    answer = tell(site, "products", [SHOE, {"sku": "x", "stock": 3_000_000_000}])
    assert counts_of(answer) == (2, 1, 0, 0, 1)


def test_many_at_once_are_all_stored_and_the_last_word_of_each_counts(site: Site) -> None:
    def tell_one(number: int) -> Any:
        one = {"id": f"C-{number % 10}", "first_name": f"name {number}"}
        return tell(site, "customers", [one, {"id": f"D-{number}"}])

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(tell_one, range(60)))
    assert {one.status_code for one in answers} == {200}
    assert sum(one.json()["new"] for one in answers) == 70
    assert len(site.rows(customers)) == 70


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.sampled_from(["2026-03-02", "EUR", "paid", "C-1", "\ud800", "a\x00b", "=1+1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
)  # fmt: skip
NAMES = st.sampled_from(
    ["id", "key", "sku", "email", "customer", "placed_at", "lines", "variants", "title", "price",
     "quantity", "stock", "total", "currency", "traits", "consent_email", "title.de", "language"],
) | st.text(max_size=4)  # fmt: skip


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    kind=st.sampled_from(["customers", "products", "orders"]),
    told=st.lists(st.dictionaries(NAMES, VALUES, max_size=6) | VALUES, min_size=1, max_size=4),
)
def test_whatever_is_told_is_answered_and_the_counts_add_up(
    site: Site, kind: str, told: list[Any]
) -> None:
    body = json.dumps(told).encode()
    answer = site.ask("POST", f"/{kind}", content=body, headers=KEY)
    assert answer.status_code in (200, 422), answer.text
    said = answer.json()
    if "read" in said:
        parts = ("new", "updated", "unchanged", "rejected")
        assert said["read"] == sum(said[name] for name in parts)
        assert bool(said["errors"]) == bool(said["rejected"])
