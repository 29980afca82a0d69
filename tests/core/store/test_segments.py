from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, func, literal, select, union_all
from sqlalchemy.exc import OperationalError

from ballyhoo.core.conditions.built_in import BUILT_IN
from ballyhoo.core.conditions.customer_fields import CUSTOMER_FIELDS
from ballyhoo.core.conditions.reading import read_condition
from ballyhoo.core.conditions.selecting import compile_condition
from ballyhoo.core.errors import PluginError
from ballyhoo.core.store.engine import Store, open_store
from ballyhoo.core.store.planning import PlannedMessage
from ballyhoo.core.store.segments import hold_audience
from ballyhoo.core.store.tables import addresses, customers, messages, runs

SIZE = 25_000
MESSAGE = PlannedMessage(run_id=1, channel="email", address_field="email", at=5)


@pytest.fixture
def full_store(store: Store) -> Store:
    with store.begin() as connection:
        numbers = range(1, SIZE + 1)
        homes = [{"id": one, "kind": "email", "hash": str(one)} for one in numbers]
        connection.execute(addresses.insert(), homes)
        connection.execute(
            customers.insert(),
            [
                {"id": one, "email_id": one, "erased_at": 1 if one % 10 == 0 else None}
                for one in numbers
            ],
        )
        run = {"campaign": "a", "state": "planning", "seed": 1, "recipe": "", "recipe_hash": ""}
        connection.execute(runs.insert(), [{"id": 1, "created_at": 0, **run}])
    return store


def read_planned(store: Store) -> list[tuple[int, int | None, str]]:
    wanted = select(messages.c.recipient, messages.c.address_id, messages.c.state)
    with store.read() as connection:
        return [tuple(row) for row in connection.execute(wanted.order_by(messages.c.id))]


def test_everybody_of_a_statement_gets_one_message_in_the_order_of_ids(full_store: Store) -> None:
    statement = select(customers.c.id).where(customers.c.id > 100)
    with hold_audience(full_store, statement) as audience:
        assert audience.people == 22_410
        assert (audience.unknown, audience.repeats) == (SIZE - 100 - 22_410, 0)
        assert audience.plan(MESSAGE) == 22_410
    wanted = [(one, one, "planned") for one in range(101, SIZE + 1) if one % 10]
    assert read_planned(full_store) == wanted


def test_planning_again_adds_only_those_who_were_missed(full_store: Store) -> None:
    with hold_audience(full_store, [3, 1, 2]) as audience:
        assert audience.plan(MESSAGE) == 3
        assert audience.plan(MESSAGE) == 0
    with hold_audience(full_store, [4, 2]) as audience:
        assert audience.plan(MESSAGE) == 1
    assert [row[0] for row in read_planned(full_store)] == [1, 2, 3, 4]


def test_ids_are_counted_once_and_strangers_are_not_planned(full_store: Store) -> None:
    ids = (one for one in [5, 1, 5, 10, 999_999, 2, 1])
    with hold_audience(full_store, ids) as audience:
        assert (audience.people, audience.unknown, audience.repeats) == (3, 2, 2)
        assert list(audience.stream()) == [1, 2, 5]


def test_a_statement_of_a_plugin_may_repeat_and_name_strangers(full_store: Store) -> None:
    wild = union_all(*(select(literal(one).label("id")) for one in (7, 7, 999_999))).subquery()
    with hold_audience(full_store, select(wild.c.id)) as found:
        assert (found.people, found.unknown, found.repeats) == (1, 1, 1)


def test_a_condition_that_a_plugin_joins_something_to_may_repeat_people(full_store: Store) -> None:
    condition, _ = read_condition("id < 4", CUSTOMER_FIELDS, BUILT_IN)
    assert condition is not None
    twice = union_all(*(select(literal(one).label("id")) for one in (1, 1, 2))).subquery()
    statement = compile_condition(condition, now=datetime.now(UTC))
    with hold_audience(full_store, statement.join(twice, twice.c.id == customers.c.id)) as found:
        assert (list(found.stream()), found.repeats, found.unknown) == ([1, 2], 1, 0)


@pytest.mark.parametrize("form", ["subquery", "alias", "cte", "select"])
def test_any_form_of_selectable_serves(full_store: Store, form: str) -> None:
    few = select(customers.c.id).where(customers.c.id < 4)
    selectable: Any = {
        "select": few,
        "cte": few.cte(),
        "subquery": few.subquery(),
        "alias": few.subquery().alias(),
    }[form]
    with hold_audience(full_store, selectable) as audience:
        assert list(audience.stream()) == [1, 2, 3]


def test_a_selectable_that_the_database_refuses_is_said_without_its_words(
    full_store: Store,
) -> None:
    wrong = select(customers.c.id).where(func.no_such_function("anna@customers.example") == 1)
    with pytest.raises(PluginError) as error, hold_audience(full_store, wrong):
        pass
    assert error.value.message.startswith("the database cannot run the segment (")
    assert "anna" not in str(error.value)
    with hold_audience(full_store, [1]) as audience:
        assert audience.people == 1


def test_a_database_without_room_is_not_the_segments_fault(tmp_path: Path) -> None:
    with open_store(f"sqlite:///{tmp_path}/small.db", create=True) as store:
        with store.begin() as connection:
            rows = [{"id": one} for one in range(1, 5_000)]
            connection.execute(customers.insert(), rows)

        @event.listens_for(store.engine, "begin")
        def limit(connection: Connection) -> None:
            connection.exec_driver_sql("PRAGMA temp.max_page_count = 3")

        with (
            pytest.raises(OperationalError, match="full"),
            hold_audience(store, select(customers.c.id)),
        ):
            pass


def test_ids_that_no_customer_can_have_are_unknown(full_store: Store) -> None:
    with hold_audience(full_store, [1, 0, -1, 2**63, 10**30]) as audience:
        assert (audience.people, audience.unknown) == (1, 4)


def test_an_audience_streams_in_stable_order_over_many_pages(full_store: Store) -> None:
    with hold_audience(full_store, select(customers.c.id)) as audience:
        first, second = list(audience.stream()), list(audience.stream())
    assert first == second == [one for one in range(1, SIZE + 1) if one % 10]


def test_somebody_else_may_write_while_an_audience_is_found_and_planned(full_store: Store) -> None:
    with hold_audience(full_store, select(customers.c.id)) as audience:
        with full_store.begin() as connection:
            connection.execute(customers.update().where(customers.c.id == 1).values(erased_at=2))
        assert audience.plan(MESSAGE) == audience.people - 1
    with full_store.read() as connection:
        assert connection.execute(select(func.min(messages.c.recipient))).scalar_one() == 2


def test_an_audience_is_let_go_when_something_fails(full_store: Store) -> None:
    def fail() -> object:
        yield 1
        raise RuntimeError("the plugin failed")

    for _ in range(2):
        with pytest.raises(RuntimeError), hold_audience(full_store, fail()):  # type: ignore[arg-type]
            pass
    with hold_audience(full_store, [1]) as audience:
        assert audience.people == 1


def test_two_who_plan_at_once_give_nobody_two_messages(full_store: Store) -> None:
    def plan() -> int:
        with hold_audience(full_store, select(customers.c.id)) as audience:
            return audience.plan(MESSAGE)

    with ThreadPoolExecutor(2) as pool:
        planned = sum(one.result() for one in [pool.submit(plan), pool.submit(plan)])
    assert planned == len(read_planned(full_store)) == SIZE - SIZE // 10
