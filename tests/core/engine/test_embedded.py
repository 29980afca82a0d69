"""A run in this process: planned, prepared and delivered at once, and left in good order."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from ballyhoo import Brief, Receipt
from ballyhoo.core.engine.controlling import pause_run, resume_run
from ballyhoo.core.engine.deciding import approve_held
from ballyhoo.core.engine.embedded import EmbeddedRunner, RunEnd, run_here
from ballyhoo.core.engine.sweeping import sweep
from ballyhoo.core.store.tables import runs as runs_table

from .shop import Shop, at, make_recipe, to_ms

ADA = "ada@customers.example"

EACH_ONE_HIS_OWN = {"diversity": 1_000_000}
"""Equal briefs would be written for once."""


def wait_for(what: Callable[[], bool]) -> None:
    """Wait until something holds; at most for a while."""
    ends = time.monotonic() + 20
    while not what():
        assert time.monotonic() < ends
        time.sleep(0.005)


class Background:
    """A run that another thread works on."""

    def __init__(self, shop: Shop, run: Any, **how: Any) -> None:
        self.runner: EmbeddedRunner | None = None
        self.end: RunEnd | None = None
        self.error: BaseException | None = None
        self.thread = threading.Thread(target=self._work, args=(shop, run), kwargs=how)
        self.thread.start()

    def _work(self, shop: Shop, run: Any, **how: Any) -> None:
        try:
            self.end = run_here(
                shop.engine, run.id, on_runner=lambda it: setattr(self, "runner", it), **how
            )
        except BaseException as error:
            self.error = error

    def join(self) -> RunEnd:
        self.thread.join(30)
        assert not self.thread.is_alive()
        if self.error is not None:
            raise self.error
        assert self.end is not None
        return self.end


def test_a_run_is_planned_prepared_and_sent(shop: Shop) -> None:
    shop.add("ada", "bob")
    shop.recommender.products = shop.add_products("tarn")
    run = shop.start(make_recipe(recommend={"plugin": "shelf"}, generate={}))
    assert shop.read(run).state == "planning"
    end = shop.go_on(run)
    assert (end.row.state, end.next_due_at, end.waits_for) == ("finished", None, None)
    assert end.row.finished_at == to_ms(shop.clock.now())
    assert shop.receipt(run).states == {"sent": 2}


def test_a_finished_run_stays_as_it_is(shop: Shop) -> None:
    shop.add("ada")
    run = shop.run()
    shop.add("bob")
    shop.clock.advance(days=1)
    end = shop.go_on(run)
    assert (end.row.state, len(shop.channel.sent)) == ("finished", 1)
    assert end.row.finished_at == to_ms(at(9))


@pytest.mark.parametrize("state", ["paused", "cancelled"])
def test_a_run_that_does_not_work_is_left_alone(shop: Shop, state: str) -> None:
    shop.add("ada")
    run = shop.plan(make_recipe(generate={}))
    shop.move(run, state)
    assert shop.go_on(run).row.state == state
    assert shop.scribe.briefs == []  # copy costs something, too
    assert shop.fates(run) == {"ada": "cancelled" if state == "cancelled" else "planned"}


def test_the_state_says_whether_something_can_be_done_now(shop: Shop) -> None:
    shop.add("ada")
    shop.add("bob", time_zone="Asia/Tokyo")
    run = shop.start(make_recipe(policy={"quiet_hours": "18:00-08:00"}))
    seen = []
    shop.channel.after_mark = lambda message: seen.append(shop.read(run).state)
    shop.go_on(run)
    assert (seen, shop.read(run).state) == (["running"], "waiting")
    shop.clock.set(at(23))
    sweep(shop.engine)
    assert shop.read(run).state == "running"
    shop.clock.set(at(23, day=3))
    assert shop.go_on(run).row.state == "finished"


def test_a_run_with_held_messages_waits_for_a_person(shop: Shop) -> None:
    shop.add("ada")
    run = shop.start(make_recipe(generate={"approval": "all"}))
    end = shop.go_on(run)
    assert (end.row.state, end.next_due_at) == ("waiting", None)
    assert end.waits_for == f"somebody's approval: 'ballyhoo approve {run.id}'"
    shop.clock.advance(days=3)
    assert shop.go_on(run).row.state == "waiting"
    approve_held(shop.store, run.id, now=shop.engine.now)
    assert shop.go_on(run).row.state == "finished"


def test_messages_leave_while_others_are_still_written(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ballyhoo.core.engine.preparing.GENERATED_ROWS", 5)
    shop.add(*(f"c{number:02}" for number in range(20)))
    sent_before: list[int] = []

    def write(brief: Brief) -> dict[str, str]:
        if len(shop.scribe.batches) > 1 and brief is shop.scribe.briefs[-1]:
            # The model works on the next batch; meanwhile the last one leaves.
            wait_for(lambda: len(shop.channel.sent) >= 5 * (len(shop.scribe.batches) - 1))
            sent_before.append(len(shop.channel.sent))
        return dict.fromkeys(brief.fields, "Hello.")

    shop.scribe.write = write
    run = shop.run(make_recipe(generate=EACH_ONE_HIS_OWN))
    assert sent_before == [5, 10, 15]
    assert shop.receipt(run).states == {"sent": 20}


def test_a_failure_while_copy_is_made_is_not_hidden(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.add("ada")
    run = shop.start(make_recipe(generate={}))

    def break_down(brief: Brief) -> dict[str, str]:
        raise SystemExit("the interpreter is asked to go")

    shop.scribe.write = break_down
    with pytest.raises(SystemExit):
        shop.go_on(run)
    assert shop.fates(run) == {"ada": "planned"}


def test_a_runner_that_is_stopped_gives_everything_back(shop: Shop) -> None:
    shop.add(*(f"c{number:03}" for number in range(150)))
    run = shop.start()
    asked, go_on = threading.Event(), threading.Event()

    def linger(message: Any) -> None:
        asked.set()
        assert go_on.wait(20)

    shop.channel.after_mark = linger
    background = Background(shop, run)
    assert asked.wait(20)
    assert background.runner is not None
    background.runner.stop()
    go_on.set()
    end = background.join()
    assert end.row.state == "running"
    states = shop.receipt(run).states
    assert set(states) == {"ready", "sent"}
    assert states["sent"] < 150  # what was claimed ahead is taken, and no more
    assert all(row["lease_token"] is None for row in shop.rows(run).values())
    shop.channel.after_mark = lambda message: None
    assert shop.go_on(run).row.state == "finished"
    assert len(set(shop.channel.addresses)) == 150


def test_a_runner_that_is_stopped_while_copy_is_made_finishes_that_batch(shop: Shop) -> None:
    shop.add("ada")
    run = shop.start(make_recipe(generate={}))
    begun, go_on = threading.Event(), threading.Event()

    def write(brief: Brief) -> dict[str, str]:
        begun.set()
        assert go_on.wait(20)
        return dict.fromkeys(brief.fields, "Hello.")

    shop.scribe.write = write
    background = Background(shop, run)
    assert begun.wait(20)
    assert background.runner is not None
    background.runner.stop()
    go_on.set()
    background.join()
    assert shop.fates(run) == {"ada": "ready"}


def test_a_runner_that_stays_goes_on_when_something_comes_due(shop: Shop) -> None:
    shop.engine.sleep = time.sleep
    shop.add("ada", time_zone="Asia/Tokyo")
    run = shop.start(make_recipe(policy={"quiet_hours": "18:00-08:00"}))
    background = Background(shop, run, waits=True)
    wait_for(lambda: shop.read(run).state == "waiting")
    shop.clock.set(at(23))
    assert background.join().row.state == "finished"


def test_a_runner_stays_for_a_short_while_without_being_asked(shop: Shop) -> None:
    shop.engine.sleep = time.sleep
    shop.add("ada")
    run = shop.start(not_before=to_ms(at(9)) + 4_000)
    background = Background(shop, run)
    wait_for(lambda: shop.read(run).state == "waiting")
    shop.clock.advance(seconds=4)
    assert background.join().row.state == "finished"


def test_a_paused_run_that_is_resumed_goes_on_for_who_runs_it_again(shop: Shop) -> None:
    shop.add("ada", "bob")
    run = shop.start()
    shop.channel.after_mark = lambda message: pause_run(shop.store, run.id, reason="a look")
    assert shop.go_on(run).row.state == "paused"
    shop.channel.after_mark = lambda message: None
    resume_run(shop.store, shop.registry, run.id)
    assert shop.go_on(run).row.state == "finished"
    assert shop.receipt(run).states == {"sent": 2}


def test_several_processes_work_on_one_run(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ballyhoo.core.engine.preparing.GENERATED_ROWS", 8)
    shop.add(*(f"c{number:03}" for number in range(100)))
    shop.engine.sleep = time.sleep
    run = shop.start(make_recipe(generate=EACH_ONE_HIS_OWN))
    ends: list[RunEnd] = []
    errors: list[BaseException] = []

    def work() -> None:
        try:
            with shop.open_engine(sleep=time.sleep) as engine:
                ends.append(run_here(engine, run.id))
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    assert {end.row.state for end in ends} == {"finished"}
    assert len(shop.channel.sent) == len(set(shop.channel.addresses)) == 100
    assert len(shop.scribe.briefs) == 100  # a bell that rings twice costs no second generation
    assert shop.receipt(run).adds_up


def test_what_another_process_left_behind_is_taken_back(shop: Shop) -> None:
    """Its lease ran out; on the ledger's own clock, whatever ours says."""
    shop.add("ada", "bob", "cyd")
    run = shop.plan()
    shop.tamper(run, "ada", state="claimed", lease_owner=999, lease_token="999-a", lease_until=1,
                attempts=1)  # fmt: skip
    shop.tamper(run, "bob", state="sending", lease_owner=999, lease_token="999-a", lease_until=1,
                attempts=1, sent_at=5)  # fmt: skip
    shop.go_on(run)
    assert shop.fates(run) == {"ada": "sent", "bob": "unknown", "cyd": "sent"}


def test_a_message_that_kills_whoever_has_it_fails_in_the_end(shop: Shop) -> None:
    shop.add("ada", "bob")
    run = shop.plan()
    for crashes in range(1, 5):
        shop.tamper(run, "ada", state="claimed", lease_owner=999, lease_token="999-a",
                    lease_until=1, attempts=1)  # fmt: skip
        sweep(shop.engine)
        assert shop.rows(run)["ada"]["crashes"] == crashes
    assert shop.fates(run)["ada"] == "failed: crashed"


def test_a_plan_that_somebody_died_over_is_made_by_the_next(shop: Shop) -> None:
    shop.add("ada")
    run = shop.start()
    with shop.store.begin() as connection:
        connection.execute(
            runs_table.update().values(lease_owner=999, lease_token="999-a", lease_until=1)
        )
    assert shop.go_on(run).row.state == "finished"


def test_higher_priority_goes_first_in_a_sweep(shop: Shop) -> None:
    shop.add("ada")
    low = shop.start(make_recipe("low"))
    high = shop.start(make_recipe("high", policy={"priority": 9}))
    assert [due.run_id for due in sweep(shop.engine)] == [high.id, low.id]


def test_a_run_that_only_waits_for_its_back_off_says_until_when(shop: Shop) -> None:
    shop.add("ada")
    shop.channel.answer(ADA, Receipt.later("busy", retry_after_seconds=3600))
    run = shop.start()
    end = shop.go_on(run)
    assert (end.row.state, end.next_due_at) == ("waiting", to_ms(at(10)))


def test_a_run_whose_copy_is_put_off_says_until_when(shop: Shop) -> None:
    shop.add("ada")

    def fail(brief: Brief) -> dict[str, str]:
        raise ConnectionError

    shop.scribe.write = fail
    run = shop.start(make_recipe(generate={}))
    end = shop.go_on(run)
    assert (end.row.state, end.next_due_at) == ("waiting", to_ms(at(9, 1)))
    assert shop.go_on(run).next_due_at == to_ms(at(9, 1))
