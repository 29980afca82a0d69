"""The mark: what changed between claim and point of no return wins, a second before still."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from ballyhoo import Receipt
from ballyhoo.core.engine.delivering import Delivery
from ballyhoo.core.engine.runs import load_run
from ballyhoo.core.store.rights import erase_customer
from ballyhoo.core.store.rows import ConsentRow

from .plugins import Capture
from .shop import BEGIN, Shop, make_recipe, to_ms

ONE = {"cap": {"messages": 1, "per": "7d"}}
HOME = "ada@customers.example"


def take_back(shop: Shop, run: Any) -> None:
    consent = ConsentRow("email", False, to_ms(BEGIN))
    shop.add("ada", says="", consents=(consent,))


CHANGES: dict[str, tuple[Callable[[Shop, Any], object], str]] = {
    "unsubscribes": (lambda shop, run: shop.unsubscribe("ada"), "skipped: no_consent"),
    "complains": (lambda shop, run: shop.happen("ada", "complaint"), "skipped: suppressed"),
    "is suppressed": (lambda shop, run: shop.suppress(HOME), "skipped: suppressed"),
    "takes consent back": (take_back, "skipped: no_consent"),
    "is erased": (lambda shop, run: erase_customer(shop.store, "ada"), "skipped: no_address"),
    "is too late": (lambda shop, run: shop.clock.advance(hours=5), "expired"),
    "is paused": (lambda shop, run: shop.move(run, "paused"), "ready"),
    "is cancelled": (lambda shop, run: shop.move(run, "cancelled"), "cancelled"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_happens_between_claim_and_mark_wins(shop: Shop, what: str) -> None:
    change, fate = CHANGES[what]
    [ada] = shop.add("ada")
    run = shop.plan(make_recipe(policy={"expires": "5h"}))
    shop.channel.before_mark = lambda message: change(shop, run)
    shop.deliver(run)
    assert shop.channel.sent == []
    assert len(shop.channel.refused) == 1
    [row] = shop.rows(run).values()
    assert row["recipient"] == ada
    assert (f"{row['state']}: {row['reason']}" if row["reason"] else row["state"]) == fate
    assert row["lease_token"] is row["lease_owner"] is row["lease_until"] is None
    assert (row["attempts"], row["sent_at"], row["facts"]) == (0, None, None)
    assert shop.receipt(run).adds_up


def test_what_happens_after_the_mark_is_too_late(shop: Shop) -> None:
    shop.add("ada")
    run = shop.plan()
    shop.channel.after_mark = lambda message: shop.unsubscribe("ada")
    shop.deliver(run)
    assert shop.fates(run) == {"ada": "sent"}


def test_a_paused_run_goes_on_where_it_was(shop: Shop) -> None:
    shop.add("ada", "bob", "cyd")
    run = shop.plan()
    shop.channel.after_mark = lambda message: shop.move(run, "paused", reason="a test")
    shop.go_on(run)
    assert shop.receipt(run).states == {"ready": 2, "sent": 1}
    assert shop.read(run).state == "paused"
    shop.channel.after_mark = lambda message: None
    shop.move(run, "running", reason=None)
    shop.go_on(run)
    assert shop.receipt(run).states == {"sent": 3}
    assert len(set(shop.channel.addresses)) == 3


def test_a_mark_is_durable_when_it_is_granted(shop: Shop) -> None:
    shop.add("ada")
    run = shop.plan()
    seen: list[Any] = []
    shop.channel.after_mark = lambda message: seen.append(dict(shop.rows(run)["ada"]))
    shop.deliver(run)
    [row] = seen
    assert (row["state"], row["sent_at"]) == ("sending", to_ms(BEGIN))
    assert row["lease_owner"] == shop.engine.owner.id
    assert row["body_hash"]
    assert row["facts"]["dated_at"] == to_ms(BEGIN)


def test_a_mark_is_granted_once(shop: Shop) -> None:
    shop.add("ada")
    run = shop.plan()
    granted: list[bool] = []

    def deliver(dispatch: Any) -> None:
        for message in dispatch:
            granted.extend(dispatch.mark(message) for _ in range(3))
            dispatch.settle(message, Receipt.sent())

    shop.channel.delivers = deliver
    shop.deliver(run)
    assert granted == [True, False, False]
    assert shop.fates(run) == {"ada": "sent"}


def test_a_mark_that_several_threads_ask_for_is_granted_once(shop: Shop) -> None:
    shop.add(*(f"c{number}" for number in range(10)))
    run = shop.plan()
    granted: list[int] = []
    start = Barrier(4)

    def deliver(dispatch: Any) -> None:
        def ask(message: Any) -> bool:
            start.wait()
            return bool(dispatch.mark(message))

        with ThreadPoolExecutor(4) as pool:
            for message in dispatch:
                granted.append(sum(pool.map(ask, [message] * 4)))
                dispatch.settle(message, Receipt.sent())

    shop.channel.delivers = deliver
    shop.deliver(run)
    assert granted == [1] * 10
    assert shop.receipt(run).states == {"sent": 10}


def test_who_has_the_message_by_now_may_mark_it_and_nobody_else(shop: Shop) -> None:
    """Its owner stood still for so long that its claim ran out, and then wakes up."""
    shop.add("ada")
    run = shop.plan()

    def fall_asleep(message: Any) -> None:
        shop.tamper(run, "ada", lease_token="somebody else's")

    shop.channel.before_mark = fall_asleep
    shop.deliver(run)
    assert shop.channel.sent == []
    row = shop.rows(run)["ada"]
    assert (row["state"], row["lease_token"]) == ("claimed", "somebody else's")


@pytest.mark.parametrize(
    ("receipt", "fate"),
    [
        (Receipt.sent(), "skipped: capped"),
        (Receipt.unknown("lost"), "skipped: capped"),
        (Receipt.failed("no"), "sent"),
        (Receipt.later("not now"), "sent"),
    ],
    ids=["sent", "unknown", "failed", "later"],
)
def test_a_cap_counts_what_may_be_out_and_nothing_else(
    shop: Shop, receipt: Receipt, fate: str
) -> None:
    shop.add("ada")
    first = shop.plan(make_recipe("first"))
    second = shop.plan(make_recipe("second", policy=ONE))
    shop.channel.answer(HOME, receipt)
    shop.deliver(first)
    shop.deliver(second)
    assert shop.fates(second) == {"ada": fate}


def test_a_cap_counts_what_is_being_sent(shop: Shop) -> None:
    shop.add("ada")
    first = shop.plan(make_recipe("first"))
    second = shop.plan(make_recipe("second", policy=ONE))

    def send_another(message: Any) -> None:
        shop.channel.after_mark = lambda message: None
        shop.deliver(second)

    shop.channel.after_mark = send_another
    shop.deliver(first)
    assert (shop.fates(first), shop.fates(second)) == ({"ada": "sent"}, {"ada": "skipped: capped"})


@pytest.mark.parametrize(
    ("receipt", "fate"),
    [
        (Receipt.sent(), "skipped: again"),
        (Receipt.unknown("lost"), "skipped: again"),
        (Receipt.failed("no"), "sent"),
        (Receipt.later("not now"), "sent"),
    ],
    ids=["sent", "unknown", "failed", "later"],
)
def test_again_counts_what_may_be_out_over_runs_that_were_planned_together(
    shop: Shop, receipt: Receipt, fate: str
) -> None:
    shop.add("ada")
    first, second = shop.plan(), shop.plan()
    shop.channel.answer(HOME, receipt)
    shop.deliver(first)
    shop.deliver(second)
    assert shop.fates(second) == {"ada": fate}


def test_a_later_message_of_a_run_is_not_capped_by_its_own_first_attempt(shop: Shop) -> None:
    shop.add("ada")
    run = shop.plan(make_recipe(policy=ONE))
    shop.channel.answer(HOME, Receipt.later("greylisted"))
    shop.deliver(run)
    shop.clock.advance(hours=1)
    shop.deliver(run)
    assert shop.fates(run) == {"ada": "sent"}


class TestPriority:
    """The greater one has the last place under a cap, while its message is on the way."""

    def plan_two(self, shop: Shop, **policy: Any) -> tuple[Any, Any]:
        shop.add("ada")
        low = shop.plan(make_recipe("low", policy=ONE))
        high = shop.plan(make_recipe("high", policy={**ONE, "priority": 5, **policy}))
        return low, high

    def test_the_lower_one_yields(self, shop: Shop) -> None:
        low, high = self.plan_two(shop)
        shop.deliver(low)
        assert shop.fates(low) == {"ada": "skipped: capped"}
        shop.deliver(high)
        assert shop.fates(high) == {"ada": "sent"}

    def test_the_lower_one_yields_when_it_is_planned(self, shop: Shop) -> None:
        shop.add("ada")
        shop.plan(make_recipe("high", policy={**ONE, "priority": 5}))
        low = shop.plan(make_recipe("low", policy=ONE))
        assert shop.fates(low) == {"ada": "skipped: capped"}

    @pytest.mark.parametrize("state", ["paused", "cancelled", "finished"])
    def test_not_to_a_run_that_does_not_send(self, shop: Shop, state: str) -> None:
        low, high = self.plan_two(shop)
        shop.move(high, state)
        shop.deliver(low)
        assert shop.fates(low) == {"ada": "sent"}

    def test_not_to_an_equal(self, shop: Shop) -> None:
        low, _ = self.plan_two(shop, priority=0)
        shop.deliver(low)
        assert shop.fates(low) == {"ada": "sent"}

    def test_not_where_there_is_room_for_both(self, shop: Shop) -> None:
        shop.add("ada")
        two = {"cap": {"messages": 2, "per": "7d"}}
        low = shop.plan(make_recipe("low", policy=two))
        shop.plan(make_recipe("high", policy={**two, "priority": 5}))
        shop.deliver(low)
        assert shop.fates(low) == {"ada": "sent"}

    def test_not_to_a_message_that_is_not_on_the_way_any_more(self, shop: Shop) -> None:
        low, high = self.plan_two(shop)
        shop.channel.answer(HOME, Receipt.failed("no"))
        shop.deliver(high)
        shop.deliver(low)
        assert shop.fates(low) == {"ada": "sent"}

    def test_to_one_that_waits_for_copy(self, shop: Shop) -> None:
        shop.add("ada")
        low = shop.plan(make_recipe("low", policy=ONE))
        high = make_recipe("high", generate={}, policy={**ONE, "priority": 5})
        assert shop.fates(shop.plan(high)) == {"ada": "planned"}
        shop.deliver(low)
        assert shop.fates(low) == {"ada": "skipped: capped"}

    def test_it_is_kept_with_the_run(self, shop: Shop) -> None:
        _, high = self.plan_two(shop)
        assert shop.read(high).priority == 5


def test_two_runs_that_race_for_the_last_place_under_a_cap_send_one_message(shop: Shop) -> None:
    """Each thread is a process of its own for the ledger."""
    names = [f"c{number}" for number in range(120)]
    shop.add(*names)
    runs = [shop.plan(make_recipe(f"r{number}", policy=ONE)) for number in range(2)]
    channels = race(shop, runs, times=2)
    sent = [address for channel in channels for address in channel.addresses]
    assert len(sent) == len(set(sent)) == 120
    states = [shop.receipt(run) for run in runs]
    assert sum(one.states.get("sent", 0) for one in states) == 120
    assert sum(one.skipped.get("capped", 0) for one in states) == 120
    assert all(one.adds_up for one in states)


def test_several_owners_of_one_run_send_each_message_once(shop: Shop) -> None:
    shop.add(*(f"c{number}" for number in range(250)))
    run = shop.plan()
    channels = race(shop, [run], times=3)
    sent = [address for channel in channels for address in channel.addresses]
    assert len(sent) == len(set(sent)) == 250
    assert shop.receipt(run).states == {"sent": 250}


def race(shop: Shop, runs: list[Any], *, times: int) -> list[Capture]:
    """Deliver each run by several owners at the same moment."""
    start = Barrier(len(runs) * times)
    channel = shop.channel

    def work(run: Any) -> None:
        with shop.open_engine() as engine:
            delivery = Delivery(engine, load_run(engine, run.id))
            start.wait()
            delivery.deliver_due()

    with ThreadPoolExecutor(len(runs) * times) as pool:
        for done in [pool.submit(work, run) for run in runs for _ in range(times)]:
            done.result()
    return [channel]
