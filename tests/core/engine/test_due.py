"""When a message may leave: quiet hours and windows by her own clock, a start, and an end."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from ballyhoo.core.policy.hours import find_due
from ballyhoo.core.recipe.values import parse_times_of_day

from .shop import BEGIN, Shop, at, make_recipe, to_ms

ZONES = ("Europe/Berlin", "Asia/Tokyo", "America/New_York", "Pacific/Chatham", None, "Mars/Olympus")


def add_zones(shop: Shop) -> dict[str, str | None]:
    names = {f"c{number}": zone for number, zone in enumerate(ZONES)}
    for name, zone in names.items():
        shop.add(name, time_zone=zone)
    return names


def dues(shop: Shop, run: Any) -> dict[str, int]:
    return {name: row["due_at"] for name, row in shop.rows(run).items()}


@pytest.mark.parametrize("hour", [0, 3, 9, 15, 21])
@pytest.mark.parametrize(
    "policy",
    [
        {"quiet_hours": "21:00-08:00"},
        {"window": "09:00-11:30"},
        {"window": "22:00-04:00"},
        {"quiet_hours": "12:00-13:00", "window": "08:00-20:00"},
    ],
    ids=["quiet", "window", "window-over-night", "both"],
)
def test_each_message_is_due_when_her_own_clock_allows_it(
    shop: Shop, policy: dict[str, str], hour: int
) -> None:
    shop.clock.set(at(hour, day=3))
    shop.set(time_zone="Australia/Sydney")
    names = add_zones(shop)
    run = shop.plan(make_recipe(policy=policy))
    assert dues(shop, run) == {
        name: to_ms(
            find_due(
                at(hour, day=3),
                zone,
                parse_times_of_day(policy["quiet_hours"]) if "quiet_hours" in policy else None,
                parse_times_of_day(policy["window"]) if "window" in policy else None,
                default_zone="Australia/Sydney",
            )
        )
        for name, zone in names.items()
    }


def test_without_hours_everything_is_due_at_once(shop: Shop) -> None:
    add_zones(shop)
    run = shop.plan()
    assert set(dues(shop, run).values()) == {to_ms(BEGIN)}


def test_variants_may_have_hours_of_their_own(shop: Shop) -> None:
    shop.add(*(f"c{number}" for number in range(20)), time_zone="Europe/Berlin")
    early, late = {"window": "08:00-10:00"}, {"window": "17:00-19:00"}
    run = shop.plan(
        make_recipe(experiment={"variants": {"early": {"policy": early}, "late": {"policy": late}}})
    )
    due = {row["variant"]: row["due_at"] for row in shop.rows(run).values()}
    # It is ten o'clock in Berlin, so the early window is over for today.
    assert due == {"early": to_ms(at(7, day=3)), "late": to_ms(at(16))}
    shop.clock.set(at(16))
    end = shop.go_on(run)
    assert end.next_due_at == to_ms(at(7, day=3))
    sent = {row["variant"] for row in shop.rows(run).values() if row["state"] == "sent"}
    assert sent == {"late"}


def test_a_run_that_must_wait_says_until_when_and_goes_on_then(shop: Shop) -> None:
    shop.add("ada", time_zone="Asia/Tokyo")
    shop.add("bob", time_zone="Europe/Berlin")
    run = shop.start(make_recipe(policy={"quiet_hours": "18:00-08:00"}))
    end = shop.go_on(run)  # 18:00 in Tokyo
    assert shop.channel.addresses == ["bob@customers.example"]
    assert (end.row.state, end.next_due_at) == ("waiting", to_ms(at(23)))
    assert end.waits_for == "the time at which messages may leave"
    shop.clock.set(at(22, 59))
    assert shop.go_on(run).row.state == "waiting"
    shop.clock.set(at(23))
    assert shop.go_on(run).row.state == "finished"
    assert shop.receipt(run).states == {"sent": 2}


def test_hours_are_looked_at_again_when_a_message_is_claimed(shop: Shop) -> None:
    """She moved, or the process stood still since the plan was made."""
    shop.add("ada", time_zone="Europe/Berlin")
    run = shop.plan(make_recipe(policy={"quiet_hours": "18:00-08:00"}))
    shop.add("ada", time_zone="Asia/Tokyo")
    end = shop.go_on(run)
    assert (shop.channel.sent, end.next_due_at) == ([], to_ms(at(23)))
    row = shop.rows(run)["ada"]
    assert (row["state"], row["due_at"], row["attempts"]) == ("ready", to_ms(at(23)), 0)
    shop.add("ada", time_zone="America/New_York")
    shop.clock.set(at(23))  # 18:00 there
    assert shop.go_on(run).next_due_at == to_ms(at(13, day=3))


def test_a_clock_that_jumps_into_quiet_hours_lets_nothing_leave(shop: Shop) -> None:
    shop.add("ada", "bob")
    run = shop.plan(make_recipe(policy={"quiet_hours": "18:00-08:00"}))
    shop.clock.set(at(18))
    end = shop.go_on(run)
    assert (shop.channel.sent, end.next_due_at) == ([], to_ms(at(8, day=3)))


def test_not_before_is_not_before(shop: Shop) -> None:
    shop.add("ada")
    run = shop.run(not_before=to_ms(at(20)))
    assert shop.rows(run)["ada"]["due_at"] == to_ms(at(20))
    assert (shop.channel.sent, shop.read(run).state) == ([], "waiting")
    shop.clock.set(at(20))
    assert shop.go_on(run).row.state == "finished"


def test_hours_count_from_the_start_that_was_asked_for(shop: Shop) -> None:
    shop.add("ada")
    recipe = make_recipe(policy={"quiet_hours": "18:00-08:00"})
    run = shop.plan(recipe, not_before=to_ms(at(20)))
    assert shop.rows(run)["ada"]["due_at"] == to_ms(at(8, day=3))


def test_a_start_that_is_over_means_now(shop: Shop) -> None:
    shop.add("ada")
    run = shop.plan(not_before=to_ms(at(1)))
    assert shop.rows(run)["ada"]["due_at"] == to_ms(BEGIN)


def test_what_is_too_late_expires(shop: Shop) -> None:
    shop.add("ada")
    run = shop.plan(make_recipe(policy={"expires": "3d"}))
    assert shop.rows(run)["ada"]["expires_at"] == to_ms(BEGIN + timedelta(days=3))
    shop.clock.advance(days=3)
    end = shop.go_on(run)
    assert (shop.fates(run), shop.channel.sent) == ({"ada": "expired"}, [])
    assert end.row.state == "finished"
    assert shop.receipt(run).adds_up


@pytest.mark.parametrize(
    ("expires", "moment"),
    [
        ("3d", BEGIN + timedelta(days=3)),
        ("2026-03-04T18:00:00+02:00", datetime.fromisoformat("2026-03-04T16:00:00+00:00")),
    ],
)
def test_a_message_expires_at_a_moment_or_after_a_time(
    shop: Shop, expires: str, moment: datetime
) -> None:
    shop.add("ada")
    run = shop.plan(make_recipe(policy={"expires": expires}))
    assert shop.rows(run)["ada"]["expires_at"] == to_ms(moment)


def test_a_time_to_expire_counts_from_the_start_that_was_asked_for(shop: Shop) -> None:
    shop.add("ada")
    run = shop.plan(make_recipe(policy={"expires": "1h"}), not_before=to_ms(at(20)))
    assert shop.rows(run)["ada"]["expires_at"] == to_ms(at(21))


def test_a_millisecond_before_it_is_not_too_late(shop: Shop) -> None:
    shop.add("ada")
    run = shop.plan(make_recipe(policy={"expires": "1h"}))
    shop.clock.advance(timedelta(hours=1) - timedelta(milliseconds=1))
    shop.go_on(run)
    assert shop.fates(run) == {"ada": "sent"}


def test_what_waits_for_a_person_or_a_plugin_expires_too(shop: Shop) -> None:
    shop.add("ada", "bob")
    policy = {"expires": "2h"}
    held = shop.run(make_recipe("held", generate={"approval": "all"}, policy=policy))
    assert shop.read(held).state == "waiting"

    def fail(brief: object) -> dict[str, str]:
        raise ConnectionError

    shop.scribe.write = fail
    stuck = shop.run(make_recipe("stuck", generate={}, policy=policy))
    assert set(shop.fates(stuck).values()) == {"planned"}
    shop.clock.advance(hours=2)
    for run in (held, stuck):
        assert shop.go_on(run).row.state == "finished"
        assert set(shop.fates(run).values()) == {"expired"}
        assert shop.receipt(run).adds_up
