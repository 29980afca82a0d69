"""The fake store keeps to the contract of the view that plugins get."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from ballyhoo import Customer, Event, Product
from ballyhoo.testing import (
    SAMPLE_NOW,
    FakeStore,
    sample_articles,
    sample_customers,
    sample_products,
)


def event(id: str, days: float, kind: str = "view", **more: object) -> Event:
    return Event(id=id, type=kind, at=SAMPLE_NOW + timedelta(days=days), **more)


@pytest.fixture
def store():
    return FakeStore(
        customers=reversed(sample_customers(5)),
        products=reversed(sample_products(4)),
        events=[event("b", 2, "purchase"), event("a", 1), event("c", 3), event("d", 3)],
        articles=sample_articles(),
        keys={"K-1": 1, "K-2": 2},
    )


def test_customer_ids_ascend(store):
    assert list(store.customer_ids()) == [1, 2, 3, 4, 5]


def test_shop_ids_are_looked_up_aligned(store):
    assert store.find_customers(["K-2", "nobody", "K-1", "K-2"]) == [2, None, 1, 2]
    assert store.find_customers([]) == []


def test_customers_are_aligned_with_the_ids_asked_for(store):
    found = store.customers([3, 99, 1, 3])
    assert [one and one.id for one in found] == [3, None, 1, 3]
    assert store.customers([]) == []


def test_products_are_aligned_or_all(store):
    assert [one and one.id for one in store.products([4, 99, 1])] == [4, None, 1]
    assert [one.id for one in store.products()] == [1, 2, 3, 4]
    assert store.products([]) == []


def test_events_come_in_the_order_they_happened(store):
    assert [one.id for one in store.events()] == ["a", "b", "c", "d"]


def test_events_of_some_types_only(store):
    assert [one.id for one in store.events(types={"purchase"})] == ["b"]
    assert list(store.events(types=())) == []


def test_until_gives_what_happened_before_and_nothing_of_that_moment(store):
    moment = SAMPLE_NOW + timedelta(days=3)
    assert [one.id for one in store.events(until=moment)] == ["a", "b"]
    assert [one.id for one in store.events(until=moment + timedelta(microseconds=1))] == [
        "a",
        "b",
        "c",
        "d",
    ]
    assert [one.id for one in store.events(types={"view"}, until=moment)] == ["a"]


def test_until_without_a_time_zone_is_refused(store):
    with pytest.raises(ValueError, match="has no time zone"):
        list(store.events(until=datetime(2026, 1, 1)))


def test_articles_of_one_language_or_all(store):
    assert {one.language for one in store.articles()} == {"de", "en"}
    assert [one.id for one in store.articles(language="de")] == ["versanddauer", "ruecksendung"]
    assert store.articles(language="fr") == []


def test_empty_store_answers_everything():
    store = FakeStore()
    assert list(store.customer_ids()) == list(store.events()) == []
    assert store.products() == store.articles() == []
    assert store.customers([1]) == store.products([1]) == store.find_customers(["x"]) == [None]


CHANGES = [
    lambda mapping: mapping.update(a=1),
    lambda mapping: mapping.__setitem__("a", 1),
    lambda mapping: mapping.__delitem__("note"),
    lambda mapping: mapping.pop("note"),
    lambda mapping: mapping.setdefault("a", 1),
    lambda mapping: mapping.clear(),
    lambda mapping: mapping.popitem(),
    lambda mapping: mapping.__ior__({"a": 1}),
]


@pytest.mark.parametrize("change", CHANGES)
def test_what_the_store_gives_cannot_be_changed(change):
    given = {"note": "old"}
    store = FakeStore([Customer(id=1, traits=given)])
    with pytest.raises(TypeError, match="cannot be changed"):
        change(store.customers([1])[0].traits)
    given["note"] = "new"
    assert store.customers([1])[0].traits == {"note": "old"}


def test_nested_properties_cannot_be_changed_either():
    store = FakeStore(events=[event("a", 1, properties={"tags": ["x"], "deep": {"y": [1]}})])
    [found] = store.events()
    with pytest.raises(TypeError, match="cannot be changed"):
        found.properties["tags"].append("z")
    with pytest.raises(TypeError, match="cannot be changed"):
        found.properties["deep"]["y"] += [2]
    assert found.properties == {"tags": ["x"], "deep": {"y": [1]}}


def test_lists_that_the_store_answers_are_the_callers_own(store):
    store.products().clear()
    store.articles().clear()
    assert len(store.products()) == 4
    assert len(store.articles()) == 5


def test_rows_survive_pickling_copying_and_json():
    properties = {"tags": ["x"], "deep": {"y": 1}}
    prices = {"EUR": Decimal("1.00")}
    store = FakeStore(
        products=[Product(id=1, sku="A", titles={"en": "A"}, prices=prices)],
        events=[event("a", 1, properties=properties)],
    )
    [found] = store.events()
    for again in (pickle.loads(pickle.dumps(found)), copy.deepcopy(found)):
        assert again == found
        with pytest.raises(TypeError, match="cannot be changed"):
            again.properties["deep"]["y"] = 2
    assert json.loads(json.dumps(found.properties)) == properties
    assert dict(store.products()[0].prices) == prices


def test_id_that_occurs_twice_is_refused():
    with pytest.raises(ValueError, match="the customer 1 is there twice"):
        FakeStore([Customer(id=1), Customer(id=1)])
    with pytest.raises(ValueError, match="the event a is there twice"):
        FakeStore(events=[event("a", 1), event("a", 2)])


def test_event_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="'a' happened at a moment without time zone"):
        FakeStore(events=[Event(id="a", type="view", at=datetime(2026, 1, 1))])


def test_key_that_leads_to_nobody_is_refused():
    with pytest.raises(ValueError, match=r"not there: \[7\]"):
        FakeStore([Customer(id=1)], keys={"K-7": 7})
