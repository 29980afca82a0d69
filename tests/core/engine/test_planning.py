"""Everybody whom the segment gave is planned once: a message, or the reason why there is none."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import delete, event, func, select
from sqlalchemy.exc import IntegrityError

from ballyhoo.core.engine.planning import plan_run
from ballyhoo.core.engine.runs import load_run
from ballyhoo.core.errors import BallyhooError, PluginError
from ballyhoo.core.store.ledger.leases import LeaseLost
from ballyhoo.core.store.rights import erase_customer
from ballyhoo.core.store.tables import customers, messages
from ballyhoo.core.store.tables import runs as runs_table

from .plugins import Stream
from .shop import Shop, make_recipe


def stream(shop: Shop, answer: object, **blocks: object) -> str:
    """Return a recipe whose segment a plugin answers."""
    shop.add_plugin("stream", Stream(answer))  # type: ignore[arg-type]
    recipe = make_recipe(**blocks)
    return recipe.replace('{"where": "country = \'DE\'"}', '{"plugin": "stream"}')


def test_everybody_of_the_segment_is_accounted_for_once(shop: Shop) -> None:
    shop.add("ada", "bob")
    shop.add("cyd", says="")
    shop.add("fay", country="FR")
    run = shop.plan()
    assert shop.fates(run) == {"ada": "ready", "bob": "ready", "cyd": "skipped: no_consent"}
    receipt = shop.receipt(run)
    assert receipt.audience == 3
    assert receipt.states == {"ready": 2, "skipped": 1}
    assert receipt.skipped == {"no_consent": 1}
    assert receipt.adds_up is True


def test_what_needs_copy_is_planned_and_what_needs_none_is_ready(shop: Shop) -> None:
    shop.add("ada")
    assert shop.fates(shop.plan(make_recipe("a", generate={}))) == {"ada": "planned"}
    assert shop.fates(shop.plan(make_recipe("b", recommend={"plugin": "shelf"}))) == {
        "ada": "planned"
    }
    assert shop.fates(shop.plan(make_recipe("c"))) == {"ada": "ready"}


def test_nothing_adds_up_before_the_plan_is_made(shop: Shop) -> None:
    shop.add("ada")
    run = shop.start()
    receipt = shop.receipt(run)
    assert (receipt.audience, receipt.adds_up) == (None, None)
    assert shop.read(run).state == "planning"
    assert plan_run(shop.engine, run)
    assert shop.receipt(run).adds_up is True
    assert shop.read(run).state == "running"


def test_a_run_of_nobody_adds_up(shop: Shop) -> None:
    run = shop.run()
    receipt = shop.receipt(run)
    assert (receipt.audience, receipt.states, receipt.adds_up) == (0, {}, True)
    assert shop.read(run).state == "finished"


def test_a_plan_is_made_once(shop: Shop) -> None:
    shop.add("ada")
    run = shop.plan()
    assert not plan_run(shop.engine, run)
    assert len(shop.rows(run)) == 1


def test_a_plan_that_crashed_half_way_is_thrown_away_and_made_anew(shop: Shop) -> None:
    """The segment gives other people by now, and nobody of before is left over."""
    shop.add("ada", "bob", "cyd")
    run = shop.plan()
    with shop.store.begin() as connection:
        connection.execute(delete(messages).where(messages.c.recipient == shop.find("cyd")))
        connection.execute(runs_table.update().values(state="planning", audience=None))
    shop.add("bob", country="FR")
    shop.add("dan")
    assert plan_run(shop.engine, run)
    assert shop.fates(run) == {"ada": "ready", "cyd": "ready", "dan": "ready"}
    assert shop.receipt(run).adds_up is True


def test_the_second_plan_draws_as_the_first_one_did(shop: Shop) -> None:
    shop.add(*(f"c{number}" for number in range(60)))
    recipe = make_recipe(
        experiment={"variants": {"a": {}, "b": {}, "c": {}}, "holdout": "30%", "window": "3d"}
    )
    run = shop.plan(recipe)
    before = {name: (row["variant"], row["reason"]) for name, row in shop.rows(run).items()}
    with shop.store.begin() as connection:
        connection.execute(runs_table.update().values(state="planning", audience=None))
    assert plan_run(shop.engine, run)
    after = {name: (row["variant"], row["reason"]) for name, row in shop.rows(run).items()}
    assert after == before
    assert len({variant for variant, _ in after.values()}) == 3


def test_a_cancelled_plan_stops(shop: Shop) -> None:
    shop.add("ada")
    run = shop.start()

    def cancel(what: str, done: int, total: int | None) -> None:
        shop.move(run, "cancelled")

    shop.engine.progress = cancel
    with pytest.raises(LeaseLost):
        plan_run(shop.engine, run)
    assert shop.read(run).state == "cancelled"


def test_a_plan_in_other_hands_is_left_alone(shop: Shop) -> None:
    shop.add("ada")
    run = shop.start()
    answers = []

    def ask(what: str, done: int, total: int | None) -> None:
        with shop.open_engine() as other:
            answers.append(plan_run(other, load_run(other, run.id)))

    shop.engine.progress = ask
    assert plan_run(shop.engine, run)
    assert answers == [False]


def test_who_is_erased_while_a_plan_is_made_is_accounted_for(shop: Shop) -> None:
    shop.add("ada", "bob")
    run = shop.start()
    erased = []

    @event.listens_for(shop.store.engine, "before_cursor_execute")
    def erase(connection: object, cursor: object, statement: str, *rest: object) -> None:
        # The audience is held, and its first range is not planned yet.
        if (
            "DROP TABLE" in statement
            or erased
            or "max(" not in statement
            or "held_audience" not in statement
        ):
            return
        erased.append(statement)
        erase_customer(shop.store, "ada")

    assert plan_run(shop.engine, run)
    assert erased
    receipt = shop.receipt(run)
    assert (receipt.audience, receipt.adds_up) == (2, True)
    assert receipt.skipped == {"no_address": 1}


def test_a_segment_that_streams_counts_strangers_and_repeats(shop: Shop) -> None:
    ids = shop.add("ada", "bob", "cyd")
    shop.add("eve")
    erase_customer(shop.store, "cyd")
    given = [ids[0], 999_999, ids[1], ids[0], ids[2], ids[1]]
    run = shop.plan(stream(shop, lambda context: iter(given)))
    assert shop.fates(run) == {"ada": "ready", "bob": "ready"}
    row = shop.read(run)
    assert row.audience == 2
    assert row.details["unknown"] == 2  # the stranger, and she who was erased
    assert row.details["repeats"] == 2


def test_a_plugin_may_answer_a_selectable(shop: Shop) -> None:
    shop.add("ada", "bob", "cyd")
    named = select(customers.c.id).where(customers.c.key.in_(["ada", "cyd"]))
    run = shop.plan(stream(shop, lambda context: named))
    assert set(shop.fates(run)) == {"ada", "cyd"}


@pytest.mark.parametrize("answer", [["one"], [True], 7, [None]])
def test_a_segment_that_gives_something_else_than_ids_is_a_plugin_error(
    shop: Shop, answer: object
) -> None:
    shop.add("ada")
    run = shop.start(stream(shop, lambda context: answer))
    with pytest.raises(PluginError, match="'stream'"):
        plan_run(shop.engine, run)


def test_a_segment_that_raises_leaves_the_run_to_the_next_attempt(shop: Shop) -> None:
    [ada] = shop.add("ada")
    ids: list[object] = []

    def answer(context: object) -> object:
        yield ada
        if not ids:
            raise ConnectionError("a door that is closed")
        yield from ids  # type: ignore[misc]

    run = shop.start(stream(shop, answer))
    with pytest.raises(BallyhooError, match="ConnectionError"):
        plan_run(shop.engine, run)
    assert shop.read(run).state == "planning"
    ids.append(ada)
    assert plan_run(shop.engine, run)
    assert shop.fates(run) == {"ada": "ready"}


def test_a_plan_that_fails_for_whatever_reason_is_given_back(shop: Shop) -> None:
    shop.add("ada")
    run = shop.start()

    def fail(what: str, done: int, total: int | None) -> None:
        raise RuntimeError("the terminal is gone")

    shop.engine.progress = fail
    with pytest.raises(RuntimeError):
        plan_run(shop.engine, run)
    shop.engine.progress = lambda what, done, total: None
    assert plan_run(shop.engine, run)
    assert shop.fates(run) == {"ada": "ready"}


def test_a_plan_is_made_by_ranges(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ballyhoo.core.store.segments.FIRST_ROWS", 7)
    shop.add(*(f"c{number:02}" for number in range(30)))
    told: list[int] = []
    shop.engine.progress = lambda what, done, total: told.append(done)
    run = shop.plan(limit=10)
    assert len(told) > 1
    receipt = shop.receipt(run)
    assert receipt.states == {"ready": 10, "skipped": 20}
    assert receipt.skipped == {"limit": 20}
    ready = [name for name, fate in shop.fates(run).items() if fate == "ready"]
    assert ready == [f"c{number:02}" for number in range(10)]


def test_temporary_tables_of_one_plan_are_gone_for_the_next(shop: Shop) -> None:
    """Runs of one process take their connections from one pool."""
    shop.add("ada", time_zone="Asia/Tokyo")
    shop.add("bob", time_zone="Europe/Berlin")
    quiet = shop.plan(make_recipe("quiet", policy={"quiet_hours": "09:00-11:00"}))
    for _ in range(3):
        plain = shop.plan(make_recipe("plain", policy={"again": "after 1d"}))
        assert {row["due_at"] for row in shop.rows(plain).values()} == {shop.engine.now}
    assert len({row["due_at"] for row in shop.rows(quiet).values()}) == 2
    with shop.store.read() as connection:
        counted = select(func.count()).select_from(messages)
        assert connection.execute(counted).scalar() == 8


def test_a_row_is_unique_in_the_database(shop: Shop) -> None:
    shop.add("ada")
    run = shop.plan()
    row = dict(shop.rows(run)["ada"])
    del row["id"], row["key"]
    with pytest.raises(IntegrityError), shop.store.begin() as connection:
        connection.execute(messages.insert().values(**row))


def test_the_plan_is_the_same_for_the_same_data(shop: Shop) -> None:
    shop.add(*(f"c{number}" for number in range(40)))
    recipe = make_recipe(experiment={"variants": {"a": {}, "b": {}}, "holdout": "20%"})
    first, second = shop.plan(recipe, seed=5), shop.plan(recipe, seed=6)
    drawn = [
        [(name, row["variant"], row["reason"]) for name, row in shop.rows(run).items()]
        for run in (first, second)
    ]
    assert drawn[0] == drawn[1]
    assert Counter(variant for _, variant, _ in drawn[0]).keys() == {"a", "b"}
