from __future__ import annotations

import pytest

from ballyhoo.core.errors import DataError, RecipeError
from ballyhoo.core.importing.kinds import KINDS
from ballyhoo.core.importing.map_reader import (
    guess_map,
    load_map,
    map_by_names,
    read_map,
    shipped_maps,
)


def mistakes_of(text: str) -> list[str]:
    with pytest.raises(RecipeError) as caught:
        read_map(text.encode(), "shop.yaml")
    return [str(mistake) for mistake in caught.value.mistakes]


def test_every_mistake_of_a_map_is_said_at_its_place() -> None:
    text = """\
map: shop
abuot: typo
customers:
  fields:
    key: Id
    emial: Mail
    country: {column: Land, decimal: ","}
    created_at: {column: Since, zone: Mars/Olympus}
    traits.size: {column: Size, as: wood}
    first_name: {column: A, value: b}
    last_name: {column: Name, match: "("}
"""
    assert mistakes_of(text) == [
        "shop.yaml:2:1: unknown key 'abuot'; did you mean 'about'?",
        "shop.yaml:6:5: customers.fields: customers have no field 'emial'; did you mean 'email'?",
        "shop.yaml:7:14: customers.fields.country: 'decimal' is for numbers; country is none",
        "shop.yaml:8:17: customers.fields.created_at: 'Mars/Olympus' is no time zone such as "
        "Europe/Berlin",
        "shop.yaml:9:37: customers.fields.traits.size.as: must be 'text', 'number', 'integer', "
        "'boolean', 'time' or 'json', not 'wood'",
        "shop.yaml:10:17: customers.fields.first_name: say one of column, columns and value",
        "shop.yaml:11:16: customers.fields.last_name: '(' is no regular expression: "
        "missing ), unterminated subpattern at position 0",
    ]


def test_map_for_nothing_is_a_mistake() -> None:
    (said,) = mistakes_of("map: shop\n")
    assert "a map is for one of customers, products" in said


def test_grouping_from_anywhere_cannot_be_filled_down() -> None:
    text = """\
map: shop
orders:
  group: anywhere
  fill_down: {columns: [Name]}
  fields: {key: Name, placed_at: Date}
"""
    assert mistakes_of(text) == [
        "shop.yaml:4:3: orders: 'fill_down' cannot be with 'group: anywhere'"
    ]


def test_every_shipped_map_is_right_and_says_what_it_is_for() -> None:
    maps = shipped_maps()
    assert {one.map for one in maps} >= {
        "shopify-products", "shopify-customers", "shopify-orders", "klaviyo", "mailchimp",
        "mailchimp-unsubscribed", "mailchimp-cleaned", "mautic", "listmonk", "orders",
        "online-retail",
    }  # fmt: skip
    assert all(one.about and one.header for one in maps)


@pytest.mark.parametrize("shipped", shipped_maps(), ids=lambda one: one.map)
def test_shipped_map_is_guessed_from_its_own_header(shipped: object) -> None:
    kinds = [kind for kind in KINDS.values() if shipped.section(kind.name)]  # type: ignore[attr-defined]
    for kind in kinds:
        guessed = guess_map(kind, [*shipped.header, "something else"])  # type: ignore[attr-defined]
        assert guessed is shipped


def test_more_telling_header_wins() -> None:
    header = ["Email Address", "MEMBER_RATING", "OPTIN_TIME", "CONFIRM_TIME", "UNSUB_TIME"]
    guessed = guess_map(KINDS["customers"], header)
    assert guessed is not None
    assert guessed.map == "mailchimp-unsubscribed"


def test_columns_named_as_fields_need_no_map() -> None:
    section = map_by_names(KINDS["events"], ["Event ID", "type", "Timestamp", "customer_id", "sku"])
    columns = {name: said.column for name, said in section.fields.items()}
    assert columns == {
        "id": "Event ID", "type": "type", "at": "Timestamp", "customer": "customer_id", "sku": "sku"
    }  # fmt: skip


def test_column_that_is_needed_and_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(DataError, match="no column gives at of events") as caught:
        map_by_names(KINDS["events"], ["type", "who"])
    assert "type, who" in str(caught.value.hint)


def test_unknown_map_suggests_a_shipped_one() -> None:
    with pytest.raises(DataError, match="no map file 'shopfy-orders'") as caught:
        load_map("shopfy-orders")
    assert caught.value.hint == "did you mean 'shopify-orders'?"
