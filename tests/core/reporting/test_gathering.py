"""What a report says of a run is what came of it, on both databases."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from rich.console import Console
from sqlalchemy import update

from ballyhoo.core.costs import Costs
from ballyhoo.core.reporting.describing import describe_report
from ballyhoo.core.reporting.gathering import gather_report
from ballyhoo.core.reporting.page import render_page
from ballyhoo.core.reporting.report import Report
from ballyhoo.core.reporting.terminal import print_report
from ballyhoo.core.store.profiles import refresh_profiles
from ballyhoo.core.store.tables import messages

from ..engine.shop import Shop, make_recipe, to_ms

NAMES = tuple(f"person{number}" for number in range(60))
TWO = {"variants": {"warm": {}, "plain": {}}, "holdout": "30%"}
CLICKS = {"tracking": {"clicks": True}}


def report(shop: Shop, run: Any, **how: Any) -> Report:
    return gather_report(shop.store, run.id, now=to_ms(shop.clock.now()), **how)


def buy(shop: Shop, name: str, value: int = 1_000, currency: str = "EUR", **facts: Any) -> None:
    shop.happen(name, "purchase", sku="cork", value=value, currency=currency, **facts)


def begin(shop: Shop, **experiment: Any) -> Any:
    shop.add_products("cork")
    shop.add(*NAMES)
    run = shop.run(make_recipe(deliver=CLICKS, experiment={**TWO, **experiment}))
    shop.clock.advance(timedelta(hours=1))
    return run


def split(shop: Shop, run: Any) -> tuple[list[str], list[str]]:
    """Return who is written to and who is held out."""
    rows = shop.rows(run)
    held = [name for name, row in rows.items() if row["reason"] == "holdout"]
    return [name for name in rows if name not in held], held


def test_lift_is_of_all_who_were_drawn_with_what_they_bought_in_the_window(shop: Shop) -> None:
    run = begin(shop)
    treated, held = split(shop, run)
    for name in treated[:6]:
        buy(shop, name, 2_000)
    buy(shop, treated[0], 500)
    buy(shop, held[0], 1_000)
    shop.clock.advance(timedelta(days=8))
    buy(shop, held[1])  # too late
    found = report(shop, run)
    assert found.lift is not None
    assert (found.lift.treated.people, found.lift.treated.bought) == (len(treated), 6)
    assert (found.lift.held_out.people, found.lift.held_out.bought) == (len(held), 1)
    assert (found.lift.treated.spent, found.lift.held_out.spent) == (12_500, 1_000)
    assert found.heading.is_final
    assert "Miettinen-Nurminen" in found.lift.orders.method
    difference = 6 / len(treated) - 1 / len(held)
    assert found.lift.orders.estimate == pytest.approx(difference)
    assert found.receipt.adds_up


def test_who_is_left_out_after_the_draw_stays_in_her_arm(shop: Shop) -> None:
    shop.add_products("cork")
    shop.add(*NAMES)
    segment = {"where": "country = 'DE' AND orders = 0"}
    run = shop.plan(make_recipe(segment=segment, deliver=CLICKS, experiment=TWO))
    treated, held = split(shop, run)
    shop.clock.advance(timedelta(minutes=5))
    for name in (treated[0], held[0]):
        buy(shop, name)
    refresh_profiles(shop.store)
    shop.go_on(run)
    assert shop.fates(run)[treated[0]] == "skipped: left_segment"
    found = report(shop, run)
    assert found.lift is not None
    assert (found.lift.treated.people, found.lift.treated.bought) == (len(treated), 1)
    assert (found.lift.held_out.people, found.lift.held_out.bought) == (len(held), 1)
    assert found.sample is not None
    assert not found.sample.is_off


def test_whom_policy_stops_after_her_copy_was_made_stays_in_her_arm(shop: Shop) -> None:
    shop.add(*NAMES)
    run = shop.plan(make_recipe(generate={}, experiment=TWO))
    treated, _ = split(shop, run)
    shop.prepare(run)
    shop.unsubscribe(treated[0])
    shop.go_on(run)
    assert shop.fates(run)[treated[0]].startswith("skipped")
    found = report(shop, run)
    assert found.lift is not None
    assert found.lift.treated.people == len(treated)


def test_while_orders_may_come_the_interval_may_be_looked_at_every_day(shop: Shop) -> None:
    run = begin(shop, window="14d")
    treated, _ = split(shop, run)
    shop.clock.advance(timedelta(days=2))
    buy(shop, treated[0])
    found = report(shop, run)
    assert found.lift is not None
    assert not found.heading.is_final
    assert found.lift.orders.method == "always valid"
    assert found.words[0].startswith("Not enough data yet to say what the campaign changed.")
    assert found.comparison.winner is None


def test_without_a_holdout_nobody_is_told_of_a_lift(shop: Shop) -> None:
    run = begin(shop, holdout="0%")
    buy(shop, NAMES[0])
    found = report(shop, run)
    assert found.lift is None
    assert found.words[0].startswith("Nobody was held out")


def test_a_wrong_sample_ratio_is_said_first_and_no_winner_is_named(shop: Shop) -> None:
    run = begin(shop, holdout="20%")
    treated, _ = split(shop, run)
    with shop.store.begin() as connection:
        connection.execute(
            update(messages)
            .where(messages.c.run_id == run.id, messages.c.reason.is_(None))
            .values(variant="warm")
        )
    for name in treated:
        buy(shop, name)
    shop.clock.advance(timedelta(days=8))
    found = report(shop, run)
    assert found.sample is not None
    assert found.sample.is_off
    assert found.comparison.winner is None
    assert found.warnings[0].startswith("The sample ratio is wrong")
    assert found.warnings[0] in render_page(found).replace("&#39;", "'")


def test_variants_are_compared_by_the_metric_and_the_better_one_wins(shop: Shop) -> None:
    run = begin(shop, holdout="0%")
    rows = shop.rows(run)
    warm = [name for name, row in rows.items() if row["variant"] == "warm"]
    for name in warm:
        buy(shop, name)
    shop.clock.advance(timedelta(days=8))
    found = report(shop, run).comparison
    assert (found.metric, found.best, found.winner) == ("conversion", "warm", "warm")
    by_name = {one.name: one for one in found.results}
    assert by_name["warm"].bought == len(warm)
    assert by_name["warm"].belief is not None
    assert by_name["warm"].belief.chance > 0.99
    assert by_name["plain"].behind is not None
    assert by_name["plain"].behind.high < 0


def test_past_spending_narrows_the_interval_of_revenue_and_is_that_of_before(shop: Shop) -> None:
    shop.add_products("cork")
    shop.add(*NAMES)
    for place, name in enumerate(NAMES):
        buy(shop, name, 1_000 * (1 + place % 10))
    shop.happen(NAMES[3], "return", sku="cork", value=700, currency="EUR")
    refresh_profiles(shop.store)
    shop.clock.advance(timedelta(days=1))
    run = shop.run(make_recipe(deliver=CLICKS, experiment=TWO))
    shop.clock.advance(timedelta(hours=1))
    for place, name in enumerate(NAMES):
        if place % 3:
            buy(shop, name, 1_000 * (1 + place % 10) + 17 * (place % 7))
    for is_fresh in (False, True):  # what the profiles say must make no difference
        if is_fresh:
            refresh_profiles(shop.store)
        found = report(shop, run)
        assert found.lift is not None
        assert found.lift.revenue is not None
    shop.clock.advance(timedelta(days=8))
    found = report(shop, run)
    assert found.lift is not None
    assert found.lift.revenue is not None
    assert found.lift.revenue.is_known


def test_money_products_copy_and_delivery_are_told(shop: Shop) -> None:
    cork, moss = shop.add_products("cork", "moss")
    shop.add(*NAMES[:4])
    shop.add("far", domain="fars-own.example")
    shop.add(*(f"near{number}" for number in range(5)), domain="elsewhere.example")
    shop.recommender.products = [cork, moss]
    run = shop.run(
        make_recipe(recommend={"plugin": "shelf"}, generate={}, experiment={"holdout": "0%"})
    )
    shop.clock.advance(timedelta(hours=1))
    buy(shop, NAMES[0], 4_000)
    buy(shop, NAMES[1], 700, "JPY")
    found = report(shop, run, costs=Costs(thousand_messages="2.00 EUR"))
    assert found.money.revenue == {"EUR": 4_000, "JPY": 700}
    assert (found.money.converted, found.money.orders) == (2, 2)
    assert found.money.per_message == pytest.approx(0.2)
    assert found.money.per_conversion == pytest.approx(1.0)
    assert found.products is not None
    assert (found.products.recommended, found.products.buyers) == (10, 2)
    assert found.products.bought_recommended == 2
    assert [(one.title, one.recommended, one.bought) for one in found.products.results] == [
        ("Cork shoe", 10, 2), ("Moss shoe", 10, 0),
    ]  # fmt: skip
    [copy] = found.copies
    assert copy.fields["subject"] == "Hello {first_name|you}"
    assert (copy.texts, copy.accepted, copy.share) == (1, 1, 1.0)
    domains = {one.name: one.sent for one in found.delivery.domains}
    assert domains == {"elsewhere.example": 5, "2 others": 5}  # of few people it may be a name
    assert sum(sent for _, sent in found.delivery.hours) == 10


def test_nobody_is_named_in_whatever_is_shown(shop: Shop) -> None:
    run = begin(shop)
    buy(shop, NAMES[0])
    found = report(shop, run)
    console = Console(width=140, record=True, force_terminal=False)
    print_report(found, console)
    shown = (render_page(found), json.dumps(describe_report(found)), console.export_text())
    for one in shown:
        assert "letter" in one
        assert "customers.example" in one  # a domain is nobody
        for name in NAMES:
            assert name not in one.lower()


def test_a_run_without_anybody_has_a_report_too(shop: Shop) -> None:
    run = shop.run(make_recipe(experiment=TWO))
    found = report(shop, run)
    assert found.lift is None
    assert found.receipt.audience == 0
    assert "letter" in render_page(found)
    assert describe_report(found)["lift"] is None
