"""Where a run stands, and what it waits for."""

from __future__ import annotations

from typing import Any

from ballyhoo import Receipt
from ballyhoo.core.engine.controlling import pause_run
from ballyhoo.core.engine.runs import Run
from ballyhoo.core.engine.status import RunStatus, read_status
from ballyhoo.core.errors import EnvironmentMissing
from ballyhoo.core.registry import Registry
from ballyhoo.core.store.ledger.owners import Owner

from .shop import Shop, at, make_recipe, to_ms

QUIET = {"quiet_hours": "21:00-08:00"}


def read(shop: Shop, run: Run, **how: Any) -> RunStatus:
    given = {"registry": shop.registry, "but": shop.engine.known_owner, **how}
    return read_status(shop.store, run.id, now=shop.engine.now, **given)


def list_waits(status: RunStatus) -> list[str]:
    return [wait.said for wait in status.waits]


def test_a_run_that_is_through_waits_for_nothing(shop: Shop) -> None:
    shop.add("ada")
    status = read(shop, shop.run())
    assert (status.row.state, status.waits, status.next_due_at) == ("finished", (), None)
    assert status.receipt.states == {"sent": 1}
    assert status.receipt.adds_up


def test_failed_messages_are_counted_by_reason(shop: Shop) -> None:
    shop.add("ada", "bo")
    shop.channel.answer("ada@customers.example", Receipt.failed("no such mailbox"))
    assert read(shop, shop.run()).receipt.failed == {"refused": 1}


def test_a_run_that_nobody_works_on_says_who_would(shop: Shop) -> None:
    shop.add("ada")
    run = shop.plan()
    assert list_waits(read(shop, run)) == [
        f"somebody to work on it: 'ballyhoo resume {run.id}' does"
    ]
    assert list_waits(read(shop, run, has_broker=True)) == [
        "somebody to work on it: 'ballyhoo worker' does"
    ]


def test_a_process_that_is_there_is_counted_until_it_leaves(shop: Shop) -> None:
    shop.add("ada")
    run = shop.plan()
    with shop.open_engine(queues="deliver") as other:
        status = read(shop, run)
        assert [(one.id, one.queues) for one in status.workers] == [(other.owner.id, "deliver")]
        assert status.waits == ()
    assert read(shop, run).workers == ()


def test_a_process_that_only_looks_is_no_worker(shop: Shop) -> None:
    run = shop.plan()
    with shop.open_engine(works=False) as other:
        assert other.known_owner is None
        assert read(shop, run).workers == ()


def test_whoever_has_something_of_a_run_works_on_it(shop: Shop) -> None:
    shop.add("ada")
    run = shop.plan()
    held: list[RunStatus] = []
    shop.channel.after_mark = lambda message: held.append(read(shop, run, but=None))
    shop.go_on(run)
    assert held[0].holders == {shop.engine.owner.id}
    assert held[0].receipt.states == {"sending": 1}


def test_quiet_hours_are_waited_for_until_they_end(shop: Shop) -> None:
    shop.add("ada", time_zone="UTC")
    shop.clock.set(at(23))
    status = read(shop, shop.run(make_recipe(policy=QUIET)))
    assert status.row.state == "waiting"
    assert list_waits(status) == ["the time at which the next message may leave"]
    assert status.waits[0].until == status.next_due_at == to_ms(at(8, day=3))


def test_the_moment_that_was_given_is_waited_for(shop: Shop) -> None:
    shop.add("ada")
    status = read(shop, shop.run(not_before=to_ms(at(18))))
    assert list_waits(status) == ["the moment that --at gave"]
    assert status.next_due_at == to_ms(at(18))


def test_an_approval_is_waited_for(shop: Shop) -> None:
    shop.add("ada")
    run = shop.run(make_recipe(generate={"approval": "all"}))
    [said] = list_waits(read(shop, run))
    assert said == f"somebody's approval of 1 message: 'ballyhoo approve {run.id} --show'"


def test_a_model_that_is_not_there_is_waited_for_in_its_own_words(shop: Shop) -> None:
    shop.add("ada")

    def write(brief: object) -> dict[str, str]:
        raise EnvironmentMissing("there is no graphics card here")

    shop.scribe.write = write
    status = read(shop, shop.run(make_recipe(generate={})))
    assert "there is no graphics card here" in list_waits(status)[0]
    assert status.waits[0].until == status.next_due_at
    assert status.next_due_at is not None
    assert status.next_due_at > shop.engine.now


def test_a_rate_is_waited_for(shop: Shop) -> None:
    shop.add("ada", "bo")
    status = read(shop, shop.run(make_recipe(deliver={"rate": "1/h"})))
    assert list_waits(status) == ["the rate of messages"]
    assert status.waits[0].until == to_ms(at(10))


def test_a_warm_up_is_waited_for(shop: Shop) -> None:
    shop.add("ada", "bo")
    ladder = {"warm_up": {"start": "1/day", "double_every": "1d"}}
    status = read(shop, shop.run(make_recipe(deliver=ladder)))
    assert list_waits(status) == ["the next step of the warm-up"]
    assert status.waits[0].until == to_ms(at(9, day=3))


def test_a_paused_run_says_why_and_waits_for_nothing_else(shop: Shop) -> None:
    shop.add("ada")
    run = shop.plan()
    pause_run(shop.store, run.id, reason="the offer is wrong")
    status = read(shop, run)
    assert (status.row.reason, status.waits) == ("the offer is wrong", ())


def test_a_run_that_is_not_planned_has_no_sum_yet(shop: Shop) -> None:
    status = read(shop, shop.start())
    assert (status.row.state, status.receipt.audience) == ("planning", None)
    assert status.receipt.adds_up is None


def test_the_status_is_there_without_the_plugins_of_the_run(shop: Shop) -> None:
    shop.add("ada", "bo")
    run = shop.run(make_recipe(deliver={"rate": "1/h"}))
    assert read(shop, run, registry=Registry()).receipt.states == {"ready": 1, "sent": 1}


def test_other_versions_of_plugins_are_named(shop: Shop) -> None:
    shop.add("ada")
    run = shop.plan()
    other = Registry()
    other.add("capture", shop.channel, version="2.0", origin="tests")
    [said] = list_waits(read(shop, run, registry=other))
    assert said.startswith("other versions of its plugins: capture 1.0 (not 2.0)")
    assert said.endswith("--accept-versions' goes on with those that are here")


def test_workers_of_other_versions_leave_a_run_alone(shop: Shop) -> None:
    shop.add("ada")
    run = shop.plan()
    upgraded = Owner(shop.store, plugins={"capture": "2.0"})
    with upgraded:
        [said] = list_waits(read(shop, run, has_broker=True))
        assert said.startswith("other versions of its plugins: capture 1.0 (not 2.0)")
        with Owner(shop.store, plugins={"capture": "1.0"}):
            assert list_waits(read(shop, run, has_broker=True)) == []
