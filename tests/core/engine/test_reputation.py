"""A run whose messages bounce or annoy is paused, and its channel's ladder goes a step down."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from ballyhoo.core.engine.controlling import resume_run
from ballyhoo.core.engine.pacing import name_ladder
from ballyhoo.core.engine.sweeping import sweep
from ballyhoo.core.store.ledger.history import add_history
from ballyhoo.core.store.tables import messages, rates

from .shop import Shop, make_recipe

LADDER = {"warm_up": {"start": "200/d", "double_every": "1d"}}


def start(shop: Shop, count: int = 200, **blocks: Any) -> Any:
    """Start a run that has sent to some people, and has more to do tomorrow."""
    shop.add(*(f"c{number:03}" for number in range(count)))
    run = shop.run(make_recipe(**blocks))
    shop.add("late")
    with shop.store.begin() as connection:
        row = dict(shop.rows(run)["c000"])
        del row["id"], row["key"]
        row.update(state="ready", recipient=shop.find("late"), due_at=shop.engine.now + 86_400_000,
                   sent_at=None)  # fmt: skip
        connection.execute(messages.insert().values(**row))
    shop.move_back(run)
    return run


def report(shop: Shop, run: Any, kind: str, count: int, start: int = 0) -> None:
    """Let messages come back, or annoy, as an inbox tells it."""
    ids = [row["id"] for row in shop.rows(run).values() if row["state"] == "sent"]
    facts: list[tuple[int, dict[str, Any]]] = [(id, {}) for id in ids[start : start + count]]
    with shop.store.begin() as connection:
        add_history(connection, kind, shop.engine.now, facts)


def steps_down(shop: Shop) -> int:
    with shop.store.read() as connection:
        found = select(rates.c.steps_down).where(rates.c.key == name_ladder("capture"))
        return connection.execute(found).scalar() or 0


def test_some_bounces_are_no_problem(shop: Shop) -> None:
    run = start(shop)
    report(shop, run, "bounce", 4)
    sweep(shop.engine)
    assert shop.read(run).state == "waiting"


@pytest.mark.parametrize(
    ("kind", "count", "said"),
    [
        ("bounce", 12, "of 200 messages sent, 12 bounced (6.0%; at most 2%)"),
        ("complaint", 4, "of 200 messages sent, 4 brought a complaint (2.00%; at most 0.1%)"),
    ],
)
def test_too_many_pause_the_run_and_take_the_ladder_a_step_down(
    shop: Shop, kind: str, count: int, said: str
) -> None:
    run = start(shop, deliver=LADDER)
    report(shop, run, kind, count)
    sweep(shop.engine)
    row = shop.read(run)
    assert (row.state, row.reason) == ("paused", said)
    assert steps_down(shop) == 1
    for _ in range(3):
        sweep(shop.engine)
    assert steps_down(shop) == 1  # found once, and one step


def test_a_message_that_came_back_twice_came_back_once(shop: Shop) -> None:
    run = start(shop)
    for _ in range(5):
        report(shop, run, "bounce", 4)
    sweep(shop.engine)
    assert shop.read(run).state == "waiting"


def test_other_news_of_messages_do_not_count(shop: Shop) -> None:
    run = start(shop)
    for kind in ("open", "click", "attempt", "crash"):
        report(shop, run, kind, 150)
    sweep(shop.engine)
    assert shop.read(run).state == "waiting"


def test_a_run_that_a_person_lets_go_on_is_forgiven_what_was(shop: Shop) -> None:
    run = start(shop, deliver=LADDER)
    report(shop, run, "bounce", 12)
    sweep(shop.engine)
    resume_run(shop.store, shop.registry, run.id)
    sweep(shop.engine)
    assert shop.read(run).state == "waiting"
    assert steps_down(shop) == 1


def test_bounces_of_another_run_do_not_count_here(shop: Shop) -> None:
    other = shop.run(make_recipe("other"))
    run = start(shop)
    report(shop, other, "bounce", 50)
    sweep(shop.engine)
    assert shop.read(run).state == "waiting"


def test_a_run_that_is_through_stays_so(shop: Shop) -> None:
    shop.add(*(f"c{number:03}" for number in range(120)))
    run = shop.run()
    report(shop, run, "bounce", 60)
    sweep(shop.engine)
    assert shop.read(run).state == "finished"


def test_a_problem_is_seen_however_often_it_was_none_before(shop: Shop) -> None:
    run = start(shop)
    report(shop, run, "bounce", 4)
    for _ in range(3):
        sweep(shop.engine)
        assert shop.read(run).state == "waiting"
    report(shop, run, "bounce", 8, start=4)
    sweep(shop.engine)
    assert shop.read(run).state == "paused"
