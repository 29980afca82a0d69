"""The reference of conditions says what the fields, the functions and the compiler do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ballyhoo.core.conditions.built_in import BUILT_IN
from ballyhoo.core.conditions.customer_fields import CUSTOMER_FIELDS
from ballyhoo.core.conditions.fields import TYPE_NAMES, FieldSet
from ballyhoo.core.conditions.product_fields import PRODUCT_FIELDS
from ballyhoo.core.store.engine import Store
from ballyhoo.core.store.tables import addresses, customers, profiles, standings

from .shop import DAY, NOW_MS
from .test_compiling import find, read

PAGE = Path(__file__).parents[3] / "docs/reference/conditions.md"
SECTIONS = dict(part.split("\n", 1) for part in PAGE.read_text(encoding="utf-8").split("\n## ")[1:])


def rows(text: str) -> list[list[str]]:
    return [
        [cell.strip() for cell in line.strip("|").split(" | ")]
        for line in text.splitlines()
        if line.startswith("|") and not line.startswith("|---")
    ]


@pytest.mark.parametrize("fields", [CUSTOMER_FIELDS, PRODUCT_FIELDS], ids=lambda one: one.subject)
def test_every_field_is_documented_as_it_is(fields: FieldSet) -> None:
    documented = rows(SECTIONS[f"Fields of a {fields.subject}"])[1:]
    wanted = [
        [
            f"`{name}`",
            TYPE_NAMES[spec.type] + (", 0 when there is none" if spec.missing == 0 else ""),
            f"{spec.help}",
        ]
        for name, spec in zip(
            fields.names(), [*fields.fields.values(), *fields.free.values()], strict=True
        )
    ]
    assert [[cell.strip(" |") for cell in row] for row in documented] == wanted


def test_every_function_is_documented_with_its_arguments() -> None:
    found = re.findall(r"^### (\w+)\n\n(.*?)(?=^### |\Z)", SECTIONS["Functions"], re.S | re.M)
    assert [name for name, _ in found] == list(BUILT_IN)
    for name, text in found:
        function = BUILT_IN[name]
        assert text.startswith(function.help)
        arguments = [row[0].strip("`") for row in rows(text)[1:]]
        assert arguments == [argument.name for argument in function.arguments]
        for argument in function.arguments:
            assert argument.help in text


def test_missing_values_are_as_the_tables_say(store: Store) -> None:
    first, second = re.findall(r"(?:^\|.*\n)+", SECTIONS["When a value is missing"], re.M)
    people = {
        1: {"country": "DE", "orders": 2}, 2: {"country": "FR", "orders": 2}, 3: {},
        4: {"days": 40, "tier": "gold", "given": True},
        5: {"days": 10, "tier": "silver", "given": False}, 6: {},
    }  # fmt: skip
    with store.begin() as connection:
        for number, person in people.items():
            connection.execute(
                addresses.insert(), [{"id": number, "kind": "email", "hash": f"{number}"}]
            )
            traits = {"tier": person["tier"]} if "tier" in person else {}
            row = {"id": number, "email_id": number, "country": person.get("country")}
            connection.execute(customers.insert(), [{**row, "traits": traits}])
            if "orders" in person or "days" in person:
                counts = {"pieces": 1, "returned_pieces": 0, "total_spent": 0, "views": 0}
                at = NOW_MS - person.get("days", 0) * DAY
                row = {"customer_id": number, "orders": person.get("orders", 1), **counts}
                connection.execute(profiles.insert(), [{**row, "last_order_at": at}])
            if "given" in person:
                row = {"address_id": number, "channel": "email", "since": 0}
                connection.execute(standings.insert(), [{**row, "is_given": person["given"]}])
    for table, ids in ((first, (1, 2, 3)), (second, (4, 5, 6))):
        title, *lines = rows(table)
        for place, expression in enumerate(title[1:], start=1):
            holding = find(store, read(expression.strip("` |")))
            said = [cells[place].strip(" |") for cells in lines]
            assert said == [str(one in holding).lower() for one in ids], expression
