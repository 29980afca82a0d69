from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from ballyhoo.core.conditions.inspecting import count_funnel, explain_condition
from ballyhoo.core.store.engine import Store

from .evaluator import Evaluator
from .expressions import combine, customer_tests
from .shop import NOW, make_shop, write_shop
from .test_compiling import expect, read

SHOP = make_shop()
PEOPLE = [one for one in SHOP.people if one["erased_at"] is None]


@pytest.fixture
def full_store(store: Store) -> Store:
    write_shop(store, SHOP)
    return store


def test_the_parts_that_hold_for_somebody_are_those_that_plain_python_finds(
    full_store: Store,
) -> None:
    evaluator = Evaluator(SHOP)

    @settings(
        max_examples=40,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(combine(customer_tests))
    def compare(expression: str) -> None:
        condition = read(expression)
        person = PEOPLE[len(expression) % len(PEOPLE)]
        with full_store.read() as connection:
            parts = explain_condition(connection, condition, NOW, person["id"])
            everybody, steps = count_funnel(connection, condition, NOW)
        assert all(part.holds for part in parts) == evaluator.holds(condition.tree, person)
        for part in parts:
            assert part.holds == evaluator.holds(read(part.condition).tree, person)
        assert everybody == len(PEOPLE)
        assert steps[-1].left == len(expect(condition))
        for step in steps:
            assert step.alone == len(expect(read(step.condition)))

    compare()


def test_what_the_fields_came_to_is_shown_as_conditions_write_it(full_store: Store) -> None:
    person = next(one for one in PEOPLE if one.get("profile", {}).get("currency") == "JPY")
    condition = read(
        "total_spent > 1 AND days_since_signup > 0 AND traits.tier = 'x' AND orders = 0 "
        "AND NOT spent(days => 1) = 7 AND did('view')"
    )
    with full_store.read() as connection:
        parts = explain_condition(connection, condition, NOW, person["id"])
    evaluator = Evaluator(SHOP)
    assert parts[0].values == {"total_spent": person["profile"]["total_spent"]}
    days = evaluator.field("days_since_signup", person)
    assert parts[1].values == {"days_since_signup": days}
    assert parts[2].values == {"traits.tier": person["traits"].get("tier")}
    assert parts[3].values == {"orders": person["profile"]["orders"]}
    [inner] = parts[4].parts
    assert inner.values == {"spent(days => 1)": evaluator.spent(person, days=1)}
    assert parts[5].values == {}
