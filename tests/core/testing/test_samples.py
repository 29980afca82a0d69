"""Samples are the same every time, keep to the types' contracts, and hold hostile text."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

import pytest

from ballyhoo import find_slots
from ballyhoo.testing import (
    HOSTILE_TEXTS,
    SAMPLE_NOW,
    sample_addresses,
    sample_articles,
    sample_briefs,
    sample_customers,
    sample_enquiries,
    sample_events,
    sample_messages,
    sample_products,
    sample_store,
)


@pytest.mark.parametrize(
    "sample",
    [sample_customers, sample_products, sample_briefs, sample_enquiries, sample_messages],
)
def test_samples_are_the_same_every_time_and_fewer_are_the_first(sample):
    assert sample(30) == sample(30)
    assert sample(7) == sample(30)[:7]
    assert sample(0) == []
    assert len(sample(200)) == 200


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_hostile_texts_stand_in_every_kind_of_sample(text):
    assert any(text in one.titles["en"] and text in one.titles["de"] for one in sample_products())
    assert any(text in one.descriptions["en"] for one in sample_products())
    assert any(text == one.text for one in sample_enquiries())
    assert any(text in one.fields["body"] for one in sample_messages(len(HOSTILE_TEXTS) + 1))
    assert any(text in one.traits.values() for one in sample_customers(48))


def test_products_vary_in_what_a_plugin_may_not_take_for_granted():
    products = sample_products()
    assert len({one.sku for one in products}) == len(products)
    assert {one.stock for one in products} >= {None, 0, 5}
    assert {len(one.prices) for one in products} == {1, 2}
    assert {bool(one.list_prices) for one in products} == {True, False}
    assert None in {one.brand for one in products}
    assert all(
        one.list_prices[currency] > one.prices[currency]
        for one in products
        for currency in one.list_prices
    )


def test_customers_vary_in_what_is_known_of_them():
    customers = sample_customers()
    assert None in {one.language for one in customers}
    assert {} in [one.traits for one in customers]
    assert {"de", "en", "de-AT"} <= {one.language for one in customers}


def test_events_are_in_order_before_now_and_about_what_there_is():
    events = sample_events(24, 24)
    assert len({one.id for one in events}) == len(events)
    assert all(one.at <= two.at for one, two in pairwise(events))
    assert all(one.at < SAMPLE_NOW and one.at.tzinfo is not None for one in events)
    assert {one.product_id for one in events} <= set(range(1, 25))
    assert {one.type for one in events} == {"view", "cart", "purchase", "return"}
    assert all((one.value is None) == (one.currency is None) for one in events)


def test_events_hold_something_to_learn():
    categories = defaultdict(set)
    products = {one.id: one for one in sample_products()}
    for event in sample_events():
        categories[event.customer_id % 3].add(products[event.product_id].category[-1])
    assert categories == {
        0: {"shoes", "socks"},
        1: {"tents", "stoves"},
        2: {"ropes", "chalk"},
    }


def test_some_customers_did_nothing():
    assert {6, 12, 18, 24}.isdisjoint(one.customer_id for one in sample_events())


def test_briefs_list_the_slots_that_have_a_value():
    for brief in sample_briefs(24):
        assert "first_name" in brief.slots
        assert ("product.name" in brief.slots) == bool(brief.products)
        assert ("offer.code" in brief.slots) == bool(brief.offer)
        assert list(find_slots(" ".join(f"{{{slot}}}" for slot in brief.slots)))
    assert {brief.variant for brief in sample_briefs()} == {None, "warm", "terse"}


def test_messages_have_keys_that_are_file_names_and_addresses_that_nobody_has():
    messages = sample_messages(9)
    assert len({one.key for one in messages}) == 9
    assert all(one.key.replace("-", "").isalnum() for one in messages)
    assert all(one.address.endswith("@example.com") for one in messages)
    assert sample_messages(2, address_field="phone")[1].address == "+447700900002"


def test_addresses_of_another_kind_are_not_made_up():
    with pytest.raises(ValueError, match="no sample addresses for the field 'fax'"):
        sample_addresses(1, "fax")


def test_store_holds_all_samples_under_keys():
    store = sample_store(5, 6)
    assert store.find_customers(["customer-5", "customer-6"]) == [5, None]
    assert store.customers([1, 2, 3, 4, 5]) == sample_customers(5)
    assert store.products() == sample_products(6)
    assert list(store.events()) == sample_events(5, 6)
    assert store.articles() == sample_articles()
