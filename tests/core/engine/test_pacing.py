"""How many leave, and when: a rate, a rate of each domain, a warm-up ladder, and two who share."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any, ClassVar

import pytest

from ballyhoo import Message, Receipt
from ballyhoo.core.engine.delivering import Delivery
from ballyhoo.core.engine.runs import load_run
from ballyhoo.core.errors import EnvironmentMissing

from .shop import BEGIN, Shop, make_recipe, to_ms

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
TICK = timedelta(seconds=5)


def add(shop: Shop, count: int, domain: str = "customers.example", start: int = 0) -> list[str]:
    names = [f"c{number:04}" for number in range(start, start + count)]
    shop.add(*names, domain=domain)
    return names


def add_many(shop: Shop, count: int) -> None:
    shop.add(*(f"c{number:04}" for number in range(count)))


def watch(shop: Shop) -> list[tuple[Message, Any]]:
    """Return a list that fills with what leaves, and when."""
    left: list[tuple[Message, Any]] = []
    shop.channel.after_mark = lambda message: left.append((message, shop.clock.now()))
    return left


def run_for(shop: Shop, length: timedelta, step: timedelta, *runs: Any) -> None:
    """Let time pass, and do at each step what can be done, as a cron line would."""
    ends = shop.clock.now() + length
    while shop.clock.now() < ends:
        for run in runs:
            shop.deliver(run)
        shop.clock.advance(step)


def per(left: list[tuple[Message, Any]], length: timedelta) -> list[int]:
    counted = Counter((at - BEGIN) // length for _, at in left)
    return [counted[number] for number in range(max(counted) + 1)]


def test_so_many_leave_in_a_minute_and_no_more(shop: Shop) -> None:
    add_many(shop, 40)
    left = watch(shop)
    run = shop.plan(make_recipe(deliver={"rate": "12/min"}))
    run_for(shop, 2 * MINUTE, TICK, run)
    assert per(left, MINUTE) == [12, 12]


def test_a_rate_lets_its_burst_leave_at_once(shop: Shop) -> None:
    add_many(shop, 60)
    run = shop.plan(make_recipe(deliver={"rate": "600/min"}))
    found = shop.deliver(run)
    assert len(shop.channel.sent) == 10  # of one second
    assert found.next_at == to_ms(BEGIN) + 100


def test_a_run_that_stays_waits_for_its_rate(shop: Shop) -> None:
    add_many(shop, 25)
    run = shop.plan(make_recipe(deliver={"rate": "600/min"}))
    shop.engine.sleep = lambda seconds: shop.clock.advance(seconds=seconds) and None
    shop.deliver(run)
    assert len(shop.channel.sent) == 25
    # Ten at once, and one each tenth of a second; then it asks for one more.
    assert timedelta(seconds=1.5) <= shop.clock.now() - BEGIN <= timedelta(seconds=1.6)


def test_a_run_says_when_its_rate_lets_more_leave(shop: Shop) -> None:
    add_many(shop, 3)
    end = shop.go_on(shop.start(make_recipe(deliver={"rate": "1/h"})))
    assert len(shop.channel.sent) == 1
    assert (end.row.state, end.next_due_at) == ("running", to_ms(BEGIN + HOUR))


def test_the_rate_of_a_domain_holds_up_that_domain_alone(shop: Shop) -> None:
    add(shop, 20, "slow.example")
    add(shop, 3, "other.example", 20)
    left = watch(shop)
    run = shop.plan(make_recipe(deliver={"rate": {"per_domain": "12/min"}}))
    shop.deliver(run)
    assert len(left) == 2  # one of each: the burst of a slow rate
    run_for(shop, 2 * MINUTE, TICK, run)
    domains = [message.address.partition("@")[2] for message, at in left if at < BEGIN + MINUTE]
    assert Counter(domains) == {"slow.example": 12, "other.example": 3}
    assert shop.receipt(run).states == {"sent": 23}


def test_what_its_domain_holds_up_is_looked_at_about_once_until_it_may_leave(shop: Shop) -> None:
    add_many(shop, 20)
    run = shop.plan(make_recipe(deliver={"rate": {"per_domain": "12/min"}}))
    run_for(shop, 2 * MINUTE, TICK, run)
    assert shop.receipt(run).states == {"sent": 20}
    assert max(shop.channel.rendered.values()) <= 3


def test_what_its_domain_holds_up_takes_nothing_of_the_whole_rate(shop: Shop) -> None:
    add(shop, 10, "one.example")
    add(shop, 10, "two.example", 10)
    add(shop, 10, "three.example", 20)
    left = watch(shop)
    run = shop.plan(make_recipe(deliver={"rate": {"total": "12/min", "per_domain": "4/min"}}))
    run_for(shop, 2 * MINUTE, TICK, run)
    # Three domains of four each use up what the whole rate allows.
    assert sum(per(left, MINUTE)) >= 22


class TestAWarmUp:
    LADDER: ClassVar[dict[str, Any]] = {"warm_up": {"start": "10/d", "double_every": "1d"}}

    def test_doubles_day_by_day(self, shop: Shop) -> None:
        add_many(shop, 150)
        left = watch(shop)
        run = shop.plan(make_recipe(deliver=self.LADDER))
        run_for(shop, 4 * DAY, 8 * HOUR, run)
        assert per(left, DAY) == [10, 20, 40, 80]

    def test_says_when_the_next_day_begins(self, shop: Shop) -> None:
        add_many(shop, 12)
        run = shop.plan(make_recipe(deliver=self.LADDER))
        found = shop.deliver(run)
        assert len(shop.channel.sent) == 10
        assert found.next_at == to_ms(BEGIN + DAY)

    def test_is_one_ladder_for_all_runs_of_a_channel(self, shop: Shop) -> None:
        add_many(shop, 40)
        left = watch(shop)
        runs = [shop.plan(make_recipe(name, deliver=self.LADDER)) for name in ("one", "two")]
        run_for(shop, 2 * DAY, 6 * HOUR, *runs)
        assert per(left, DAY) == [10, 20]

    def test_holds_beside_a_rate(self, shop: Shop) -> None:
        add_many(shop, 40)
        left = watch(shop)
        run = shop.plan(make_recipe(deliver={**self.LADDER, "rate": "1/h"}))
        run_for(shop, 2 * DAY, HOUR, run)
        assert per(left, DAY) == [10, 20]
        assert max(per(left, HOUR)) == 1

    def test_does_not_count_who_was_not_written_to(self, shop: Shop) -> None:
        """She left the segment, her domain was held up, or said no at the last moment."""
        add_many(shop, 60)
        shop.add_products("tarn")
        recipe = make_recipe(
            segment={"where": "country = 'DE' AND orders = 0"}, deliver=self.LADDER
        )
        run = shop.plan(recipe)
        for number in range(12):
            shop.order(f"c{number:04}", "tarn")
        shop.suppress(*(f"c{number:04}@customers.example" for number in range(12, 17)))
        for _ in range(3):
            shop.deliver(run)
        assert len(shop.channel.sent) == 10

    def test_does_not_count_what_a_channel_gives_back(self, shop: Shop) -> None:
        """A server that is away for an hour does not use up the day."""
        add_many(shop, 40)
        run = shop.plan(make_recipe(deliver=self.LADDER))

        def lack(dispatch: Any) -> None:
            next(iter(dispatch))
            raise EnvironmentMissing("the server is away")

        shop.channel.delivers = lack
        for _ in range(4):
            assert shop.deliver(run).waits_for == "the server is away"
        shop.channel.delivers = None
        shop.deliver(run)
        assert len(shop.channel.sent) == 10


def test_the_whole_rate_is_not_used_up_by_who_is_not_written_to(shop: Shop) -> None:
    add_many(shop, 40)
    shop.add_products("tarn")
    segment = {"where": "country = 'DE' AND orders = 0"}
    run = shop.plan(make_recipe(segment=segment, deliver={"rate": "10/h"}))
    for number in range(12):
        shop.order(f"c{number:04}", "tarn")
    left = watch(shop)
    run_for(shop, HOUR, 6 * MINUTE, run)
    assert len(left) == 10


class TestTwoRuns:
    """They share the rate of their channel, and neither starves."""

    def plan_two(self, shop: Shop, rate: str) -> list[Any]:
        add_many(shop, 30)
        recipes = [make_recipe(name, deliver={"rate": rate}) for name in ("one", "two")]
        return [shop.plan(recipe) for recipe in recipes]

    @pytest.mark.parametrize(
        ("rate", "step", "most"),
        [("12/min", TICK, 24), ("240/min", timedelta(milliseconds=250), 27)],
    )
    def test_together_keep_to_the_rate_and_get_as_much_as_each_other(
        self, shop: Shop, rate: str, step: timedelta, most: int
    ) -> None:
        runs = self.plan_two(shop, rate)
        left = watch(shop)
        run_for(shop, 24 * step, step, *runs)
        counted = Counter(message.run_id for message, _ in left)
        assert most - 2 <= len(left) <= most
        assert abs(counted[runs[0].id] - counted[runs[1].id]) <= 4

    def test_a_run_alone_has_all_of_it(self, shop: Shop) -> None:
        """The other one is open, and does not ask."""
        one, two = self.plan_two(shop, "12/min")
        left = watch(shop)
        for run in (one, two):
            shop.deliver(run)
        run_for(shop, 2 * MINUTE, TICK, one)
        assert per(left, MINUTE)[1] == 12

    def test_runs_by_other_channels_take_nothing_of_it(self, shop: Shop) -> None:
        from .plugins import Capture

        shop.add_plugin("other", Capture(consent="email"))
        add_many(shop, 40)
        shop.plan(make_recipe("other", deliver={"plugin": "other"}))
        run = shop.plan(make_recipe(deliver={"rate": "600/min"}))
        shop.deliver(run)
        assert len(shop.channel.sent) == 10


def test_several_owners_share_a_rate(shop: Shop) -> None:
    add_many(shop, 20)
    left = watch(shop)
    run = shop.plan(make_recipe(deliver={"rate": "12/min"}))
    with shop.open_engine() as other:
        deliveries = [Delivery(one, load_run(one, run.id)) for one in (shop.engine, other)]
        for _ in range(12):
            for delivery in deliveries:
                delivery.deliver_due()
            shop.clock.advance(TICK)
    assert per(left, MINUTE) == [12]


def test_what_is_put_off_by_the_other_side_was_sent_as_far_as_the_rate_goes(shop: Shop) -> None:
    names = add(shop, 20)
    for name in names[:5]:
        shop.channel.answer(f"{name}@customers.example", Receipt.later("busy"))
    run = shop.plan(make_recipe(deliver={"rate": "10/h"}))
    run_for(shop, HOUR, 3 * MINUTE, run)
    tried = sum(row["attempts"] for row in shop.rows(run).values())
    assert tried == 10
