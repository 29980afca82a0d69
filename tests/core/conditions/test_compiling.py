from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from ballyhoo.core.conditions.built_in import BUILT_IN
from ballyhoo.core.conditions.customer_fields import CUSTOMER_FIELDS
from ballyhoo.core.conditions.product_fields import PRODUCT_FIELDS
from ballyhoo.core.conditions.reading import CheckedCondition, read_condition
from ballyhoo.core.conditions.selecting import compile_condition
from ballyhoo.core.store.engine import Store
from ballyhoo.core.store.tables import customers

from .evaluator import Evaluator
from .expressions import combine, customer_tests, function_tests, product_tests
from .shop import NOW, Shop, make_shop, write_shop

SHOP = make_shop()
FEW = 40
"""Examples for each function on each database; the slow evaluation is what takes time."""
PATIENT = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def full_store(store: Store) -> Store:
    write_shop(store, SHOP)
    return store


def read(
    source: Any, fields: Any = CUSTOMER_FIELDS, segments: dict[str, str] | None = None
) -> CheckedCondition:
    condition, mistakes = read_condition(source, fields, BUILT_IN, segments)
    assert [mistake.message for mistake in mistakes] == []
    assert condition is not None
    return condition


def find(store: Store, condition: CheckedCondition, **how: Any) -> list[int]:
    with store.read() as connection:
        found = connection.execute(compile_condition(condition, now=NOW, **how)).scalars().all()
    assert len(set(found)) == len(found)
    return sorted(found)


def expect(condition: CheckedCondition, shop: Shop = SHOP) -> list[int]:
    evaluator = Evaluator(shop)
    about_people = condition.fields is CUSTOMER_FIELDS
    everybody = shop.people if about_people else shop.goods
    return [
        one["id"]
        for one in everybody
        if one.get("erased_at") is None and evaluator.holds(condition.tree, one)
    ]


def test_conditions_over_customers_hold_for_those_whom_plain_python_finds(
    full_store: Store,
) -> None:
    @PATIENT
    @given(combine(customer_tests))
    def compare(expression: str) -> None:
        condition = read(expression)
        wanted = expect(condition)
        assert find(full_store, condition) == wanted
        assert find(full_store, condition, is_few=True) == wanted

    compare()


@pytest.mark.parametrize(
    "key",
    [
        "größe",
        "a.b",
        "a b",
        "a'b",
        "a[0]",
        "a%b",
        "%(x)s",
        ":x",
        "?",
        "$",
        "#-1",
        "--",
        "\U0001f642",
    ],
)
def test_a_trait_may_have_any_name_in_the_structured_form(store: Store, key: str) -> None:
    values = ["x", 5, True, ["x"], None]
    with store.begin() as connection:
        for number, value in enumerate(values, start=1):
            row = {"id": number, "traits": {key: value, "other": 1}}
            connection.execute(customers.insert(), [row])
        connection.execute(customers.insert(), [{"id": 6, "traits": {}}])
    for number, test in {
        1: {"op": "=", "value": "x"},
        2: {"op": "=", "value": 5},
        3: {},
        4: {"op": "holds", "value": "x"},
    }.items():
        assert find(store, read({"field": f"traits.{key}", **test})) == [number]
    assert find(store, read({"field": f"traits.{key}", "op": "is missing"})) == [5, 6]


@pytest.mark.parametrize("name", BUILT_IN)
def test_each_function_holds_for_those_whom_plain_python_finds(store: Store, name: str) -> None:
    shop = make_shop(seed=list(BUILT_IN).index(name))
    write_shop(store, shop)

    @settings(PATIENT, max_examples=FEW)
    @given(combine(function_tests[name]), customer_tests)
    def compare(expression: str, inner: str) -> None:
        condition = read(expression, segments={"inner": f"where: {json.dumps(inner)}"})
        wanted = expect(condition, shop)
        assert find(store, condition) == wanted
        assert find(store, condition, is_few=True) == wanted

    compare()


def test_conditions_over_products_hold_for_those_that_plain_python_finds(
    full_store: Store,
) -> None:
    @PATIENT
    @given(combine(product_tests))
    def compare(expression: str) -> None:
        condition = read(expression, PRODUCT_FIELDS)
        assert find(full_store, condition) == expect(condition)

    compare()
