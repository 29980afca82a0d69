"""What a person does to a run as a whole."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from sqlalchemy import insert, select

from ballyhoo import FieldLimits, Message
from ballyhoo.core.engine import controlling
from ballyhoo.core.engine.controlling import cancel_run, pause_run, resume_run
from ballyhoo.core.engine.deciding import retry_failed
from ballyhoo.core.engine.embedded import EmbeddedRunner
from ballyhoo.core.engine.planning import plan_run
from ballyhoo.core.engine.runs import Run, VersionsDiffer, load_run
from ballyhoo.core.engine.sweeping import sweep
from ballyhoo.core.errors import BallyhooError, DataError, EnvironmentMissing
from ballyhoo.core.store.ledger.bulk_moves import move_messages
from ballyhoo.core.store.ledger.leases import LeaseLost
from ballyhoo.core.store.ledger.states import is_state
from ballyhoo.core.store.tables import audit, message_events, messages

from .shop import Shop, make_recipe

NAMES = [f"c{number}" for number in range(12)]


class UpgradedShop(Shop):
    """The same shop after its plugins were upgraded."""

    def add_plugin(self, name: str, plugin: Any, *, version: str = "2.0") -> None:
        super().add_plugin(name, plugin, version=version)


def list_audit(shop: Shop) -> list[tuple[str, str]]:
    with shop.store.read() as connection:
        rows = connection.execute(select(audit.c.action, audit.c.subject).order_by(audit.c.id))
        return [(row.action, row.subject) for row in rows]


def cancel(shop: Shop, run: Run) -> controlling.Cancelled:
    return cancel_run(shop.store, run.id, now=shop.engine.now)


def test_nothing_of_a_paused_run_leaves_until_it_is_resumed(shop: Shop) -> None:
    shop.add(*NAMES)
    run = shop.plan()
    row = pause_run(shop.store, run.id, reason="a typo in the letter")
    assert (row.state, row.reason) == ("paused", "a typo in the letter")
    assert shop.go_on(run).row.state == "paused"
    assert shop.channel.sent == []
    row = resume_run(shop.store, shop.registry, run.id)
    assert (row.state, row.reason) == ("running", None)
    assert shop.go_on(run).row.state == "finished"
    assert len(shop.channel.sent) == 12
    assert list_audit(shop) == [("run.pause", str(run.id)), ("run.resume", str(run.id))]


def test_a_pause_in_the_middle_stops_the_channel(shop: Shop) -> None:
    shop.add(*NAMES)
    run = shop.plan()

    def pause_at_the_fifth(message: Message) -> None:
        if len(shop.channel.sent) == 4 and shop.read(run).state == "running":
            pause_run(shop.store, run.id)

    shop.channel.before_mark = pause_at_the_fifth
    end = shop.go_on(run)
    assert end.row.state == "paused"
    assert len(shop.channel.sent) == 4
    receipt = shop.receipt(run)
    assert receipt.states == {"ready": 8, "sent": 4}
    assert receipt.adds_up


def test_a_pause_says_who_paused_when_no_reason_is_given(shop: Shop) -> None:
    run = shop.plan()
    assert "paused it" in (pause_run(shop.store, run.id).reason or "")


def test_a_run_that_was_paused_before_its_plan_is_planned_when_it_is_resumed(shop: Shop) -> None:
    shop.add(*NAMES)
    run = shop.start()
    pause_run(shop.store, run.id)
    assert plan_run(shop.engine, run) is False
    assert resume_run(shop.store, shop.registry, run.id).state == "planning"
    assert shop.go_on(run).row.state == "finished"
    assert shop.receipt(run).states == {"sent": 12}


@pytest.mark.parametrize("action", ["pause", "cancel"])
def test_a_plan_in_the_making_is_given_up(shop: Shop, action: str) -> None:
    shop.add(*NAMES)
    run = shop.start()
    done = []

    def stop(what: str, at: int, total: int | None) -> None:
        if what == "plan" and not done:
            done.append(at)
            if action == "pause":
                pause_run(shop.store, run.id)
            else:
                cancel(shop, run)

    shop.engine.progress = stop
    with pytest.raises(LeaseLost):
        plan_run(shop.engine, run)
    receipt = shop.receipt(run)
    assert receipt.audience is None
    if action == "cancel":
        assert set(receipt.states) <= {"cancelled"}
        assert shop.go_on(run).row.state == "cancelled"
    assert shop.channel.sent == []


def test_a_cancelled_run_keeps_nothing_that_could_leave(shop: Shop) -> None:
    shop.add(*NAMES)
    run = shop.start(make_recipe(generate={}))
    plan_run(shop.engine, run)
    done = cancel(shop, run)
    assert (done.messages, done.is_in_flight) == (12, False)
    receipt = shop.receipt(run)
    assert (receipt.states, receipt.adds_up) == ({"cancelled": 12}, True)
    assert shop.go_on(run).row.state == "cancelled"
    assert shop.channel.sent == []
    assert shop.read(run).finished_at is not None
    assert list_audit(shop) == [("run.cancel", str(run.id))]


def test_what_is_claimed_is_refused_at_its_mark(shop: Shop) -> None:
    shop.add(*NAMES)
    run = shop.plan()

    def cancel_once(message: Message) -> None:
        if len(shop.channel.sent) == 3 and shop.read(run).state == "running":
            assert cancel(shop, run).is_in_flight

    shop.channel.before_mark = cancel_once
    shop.go_on(run)
    assert len(shop.channel.sent) == 3
    assert shop.receipt(run).states == {"sent": 3, "cancelled": 9}


def test_what_a_worker_gives_back_to_a_cancelled_run_is_cancelled_by_a_sweep(shop: Shop) -> None:
    shop.add(*NAMES)
    run = shop.plan()
    cancel(shop, run)
    shop.tamper(run, "c1", state="ready")
    shop.tamper(run, "c2", state="planned")
    sweep(shop.engine)
    assert shop.receipt(run).states == {"cancelled": 12}


def test_held_messages_are_cancelled_too(shop: Shop) -> None:
    shop.add(*NAMES)
    run = shop.run(make_recipe(generate={"approval": "all"}))
    assert shop.receipt(run).states == {"held": 12}
    assert cancel(shop, run).messages == 12


@pytest.mark.parametrize("state", ["finished", "cancelled"])
@pytest.mark.parametrize("action", ["pause", "resume", "cancel"])
def test_a_run_that_is_through_stays_as_it_is(shop: Shop, state: str, action: str) -> None:
    shop.add("ada")
    run = shop.run()
    if state == "cancelled":
        run = shop.plan(make_recipe("other"))
        cancel(shop, run)
    actions = {
        "pause": lambda: pause_run(shop.store, run.id),
        "resume": lambda: resume_run(shop.store, shop.registry, run.id),
        "cancel": lambda: cancel(shop, run),
    }
    with pytest.raises(BallyhooError, match=f"run {run.id} of '.*' is {state}"):
        actions[action]()
    assert shop.read(run).state == state


def test_a_run_that_is_not_there_is_bad_input(shop: Shop) -> None:
    with pytest.raises(DataError, match="there is no run 99"):
        pause_run(shop.store, 99)


def test_other_versions_of_plugins_go_on_only_when_they_are_accepted(shop: Shop) -> None:
    shop.add("ada")
    run = shop.plan()
    newer = UpgradedShop(shop.store, shop.folder)
    with pytest.raises(VersionsDiffer, match=r"capture 1.0 \(here 2.0\)") as error:
        resume_run(shop.store, newer.registry, run.id)
    assert error.value.exit_code == 3
    with newer.open_engine() as engine:
        newer.engine = engine
        with pytest.raises(VersionsDiffer):
            load_run(engine, run.id)
        resume_run(shop.store, newer.registry, run.id, accepts_versions=True)
        newer.go_on(run)
    assert newer.channel.addresses == ["ada@customers.example"]
    assert list_audit(shop) == [("run.resume", str(run.id))]


def test_versions_are_not_accepted_that_cannot_read_the_recipe(shop: Shop) -> None:
    shop.add("ada")
    run = shop.plan()
    newer = UpgradedShop(shop.store, shop.folder)
    newer.channel.declared["required_fields"] = ("subject", "body", "postscript")
    newer.channel.declared["fields"] = {
        name: FieldLimits() for name in ("subject", "body", "postscript")
    }
    with pytest.raises(EnvironmentMissing, match="cannot be read here"):
        resume_run(shop.store, newer.registry, run.id, accepts_versions=True)
    with pytest.raises(VersionsDiffer):
        resume_run(shop.store, newer.registry, run.id)


def test_two_processes_that_plan_one_run_plan_it_once(shop: Shop) -> None:
    """The second one waits until the first is through, and then helps with the sending."""
    shop.add(*NAMES)
    run = shop.start()
    is_planning, may_go_on = threading.Event(), threading.Event()

    def hold(what: str, at: int, total: int | None) -> None:
        is_planning.set()
        assert may_go_on.wait(20)

    with shop.open_engine(sleep=time.sleep) as first, shop.open_engine(sleep=time.sleep) as second:
        first.progress = hold
        ends = []
        one = threading.Thread(target=lambda: ends.append(EmbeddedRunner(first, run.id).work()))
        one.start()
        assert is_planning.wait(20)
        other = threading.Thread(target=lambda: ends.append(EmbeddedRunner(second, run.id).work()))
        other.start()
        may_go_on.set()
        one.join(30)
        other.join(30)
    assert [end.row.state for end in ends] == ["finished", "finished"]
    assert sorted(shop.channel.addresses) == sorted(f"{one}@customers.example" for one in NAMES)


def test_many_messages_move_in_short_transactions(shop: Shop) -> None:
    run = shop.plan()
    rows = [
        {
            "run_id": run.id,
            "recipient": number,
            "channel": "email",
            "state": "ready",
            "created_at": 0,
        }
        for number in range(-20, 7_000)
    ]
    with shop.store.begin() as connection:
        connection.execute(insert(messages), rows)
    lasted: list[float] = []
    began = time.perf_counter()

    def note(connection: object) -> None:
        nonlocal began
        lasted.append(time.perf_counter() - began)
        began = time.perf_counter()

    moved = move_messages(
        shop.store, run.id, is_state("ready"), {"state": "failed"},
        also=note, history=("noted", 1, {"as": "x"}),
    )  # fmt: skip
    assert moved == 7_020
    assert len(lasted) >= 3
    with shop.store.read() as connection:
        noted = connection.execute(select(message_events.c.kind)).scalars().all()
    assert noted == ["noted"] * 7_020
    assert retry_failed(shop.store, run.id, now=5).messages == 7_020
