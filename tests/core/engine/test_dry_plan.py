"""A plan without a run: it counts what a run would come to, and leaves no trace."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from ballyhoo import Receipt
from ballyhoo.core.engine.dry_plan import PlannedCampaign, plan_dry
from ballyhoo.core.errors import EnvironmentMissing, PluginError
from ballyhoo.core.store.tables import batches, messages, owners, runs

from .shop import Shop, at, make_recipe, to_ms

EXPERIMENT = {"variants": {"warm": {}, "plain": {}}, "holdout": "20%"}
NAMES = [f"c{number}" for number in range(40)]


def plan(shop: Shop, recipe: str | None = None, **how: Any) -> PlannedCampaign:
    campaign = shop.load(make_recipe() if recipe is None else recipe)
    return plan_dry(shop.engine, campaign, **how)


def count_rows(shop: Shop) -> dict[str, int]:
    with shop.store.read() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (runs, batches, messages, owners)
        }


def test_a_plan_counts_what_its_run_comes_to(shop: Shop) -> None:
    shop.add(*NAMES)
    shop.add("no", says="")
    shop.add("nowhere", email=None)
    shop.suppress("c3@customers.example")
    recipe = make_recipe(experiment=EXPERIMENT)
    planned = plan(shop, recipe)
    run = shop.plan(recipe)
    receipt = shop.receipt(run)
    assert planned.audience == receipt.audience == 42
    assert dict(planned.variants) == receipt.variants
    assert {**planned.skipped, "holdout": planned.holdout} == receipt.skipped
    assert planned.skipped == {"no_address": 1, "no_consent": 1, "suppressed": 1}
    assert planned.holdout > 0
    assert planned.audience == (planned.holdout + planned.messages + sum(planned.skipped.values()))


@pytest.mark.parametrize("limit", [1, 7, 39, 400])
def test_a_limit_is_counted_as_a_run_applies_it(shop: Shop, limit: int) -> None:
    shop.add(*NAMES)
    recipe = make_recipe(experiment=EXPERIMENT)
    planned = plan(shop, recipe, limit=limit)
    receipt = shop.receipt(shop.plan(recipe, limit=limit))
    skipped = {**planned.skipped, "holdout": planned.holdout}
    assert {name: count for name, count in skipped.items() if count} == receipt.skipped
    assert dict(planned.variants) == {"warm": 0, "plain": 0, **receipt.variants}


def test_a_plan_leaves_no_trace_in_the_ledger(shop: Shop) -> None:
    shop.add(*NAMES[:5])
    before = count_rows(shop)
    plan(shop, make_recipe(generate={}), samples=2)
    assert count_rows(shop) == before
    assert shop.channel.sent == []


def test_who_got_the_campaign_before_is_counted_as_skipped(shop: Shop) -> None:
    shop.add("ada", "bo")
    shop.run(limit=1)
    planned = plan(shop)
    assert (planned.messages, planned.skipped) == (1, {"again": 1})


def test_samples_are_the_bytes_that_the_channel_would_send(shop: Shop) -> None:
    shop.add("ada")
    [made] = plan(shop, samples=2).samples.values()
    [sample] = made.samples
    assert sample.fields["subject"] == "Hello Ada"
    assert '"to": "ada@customers.example"' in sample.text
    assert sample.by is None
    shop.run()
    [sent] = shop.channel.sent
    assert sent.fields == sample.fields


def test_samples_are_written_and_reviewed_like_messages(shop: Shop) -> None:
    shop.add("ada")
    shop.add_products("trail")
    shop.recommender.products = shop.add_products("trail")
    shop.scribe.write = lambda brief: {
        "subject": "Hello {first_name}",
        "body": "Only 9 EUR" if brief.attempt == 1 else "Look at {product.name}.",
    }
    planned = plan(shop, make_recipe(generate={}, recommend={"plugin": "shelf"}), samples=1)
    [sample] = planned.samples[None].samples
    assert sample.fields == {"subject": "Hello Ada", "body": "Look at Trail shoe."}
    assert [one["attempt"] for one in sample.content.refused] == [1]
    assert sample.by is not None
    assert sample.by.generator == "scribe"
    assert planned.estimate.written == 1
    assert planned.estimate.models == ("none",)
    assert planned.estimate.tokens is not None


def test_a_sample_says_why_she_would_get_none(shop: Shop) -> None:
    shop.add("ada", first_name=None)
    planned = plan(
        shop, make_recipe(deliver={"fields": {"subject": "{first_name}", "body": "x"}}), samples=1
    )
    [sample] = planned.samples[None].samples
    assert (sample.reason, sample.text) == ("unfilled_slot", "")


def test_samples_are_shown_in_quiet_hours_too(shop: Shop) -> None:
    shop.add("ada", time_zone="UTC")
    shop.clock.set(at(23))
    planned = plan(shop, make_recipe(policy={"quiet_hours": "21:00-08:00"}), samples=1)
    assert planned.samples[None].samples[0].fields["subject"] == "Hello Ada"
    assert planned.estimate.starts_at == to_ms(at(8, day=3))


def test_the_moments_of_the_first_and_the_last_zone_are_estimated(shop: Shop) -> None:
    shop.add("ada", time_zone="Asia/Tokyo")
    shop.add("bo", time_zone="America/New_York")
    planned = plan(shop, make_recipe(policy={"window": "18:00-20:00"}))
    assert planned.estimate.starts_at == to_ms(at(9))
    assert planned.estimate.last_due_at == to_ms(at(23))


def test_each_variant_has_samples_of_its_own(shop: Shop) -> None:
    shop.add(*NAMES)
    planned = plan(shop, make_recipe(experiment=EXPERIMENT), samples=2)
    assert {name: len(made.samples) for name, made in planned.samples.items()} == {
        "warm": 2,
        "plain": 2,
    }


def test_samples_are_of_those_under_the_limit(shop: Shop) -> None:
    ids = shop.add(*NAMES)
    planned = plan(shop, samples=2, limit=3)
    assert {one.customer for one in planned.samples[None].samples} <= set(ids[:3])


def test_a_duration_rests_on_the_rate(shop: Shop) -> None:
    shop.add(*NAMES)
    estimate = plan(shop, make_recipe(deliver={"rate": "10/min"})).estimate
    assert estimate.rests_on[0].said == "the rate 10/min"
    assert estimate.seconds == pytest.approx(240)


def test_a_duration_rests_on_the_ladder_of_a_warm_up(shop: Shop) -> None:
    shop.add(*NAMES)
    ladder = {"warm_up": {"start": "10/day", "double_every": "1d"}}
    estimate = plan(shop, make_recipe(deliver=ladder)).estimate
    assert estimate.rests_on[0].said == "the warm-up that begins with 10/d"
    assert estimate.seconds == pytest.approx(2 * 86_400)


def test_what_left_of_the_ladder_today_is_counted(shop: Shop) -> None:
    shop.add(*NAMES[:10])
    ladder = {"warm_up": {"start": "10/day", "double_every": "1d"}}
    shop.run(make_recipe("other", deliver=ladder))
    assert len(shop.channel.sent) == 10
    estimate = plan(shop, make_recipe(deliver=ladder)).estimate
    assert estimate.seconds == pytest.approx(86_400)


def test_a_duration_that_is_a_guess_says_so(shop: Shop) -> None:
    shop.add("ada")
    [bound] = plan(shop).estimate.rests_on
    assert "a guess" in bound.said


def test_a_duration_rests_on_how_fast_an_earlier_run_was(shop: Shop) -> None:
    shop.add(*[f"c{number}" for number in range(120)])
    shop.channel.after_mark = lambda message: shop.clock.advance(seconds=0.25)
    run = shop.run(make_recipe("other"))
    assert shop.read(run).state == "finished"
    [bound] = plan(shop).estimate.rests_on
    assert bound.said.endswith(f"that capture sent in run {run.id}")
    assert bound.seconds == pytest.approx(30, rel=0.25)


def test_a_generator_that_fails_leaves_the_counts(shop: Shop) -> None:
    shop.add("ada")

    def refuse(brief: object) -> dict[str, str]:
        raise EnvironmentMissing("the model is not there")

    shop.scribe.write = refuse
    planned = plan(shop, make_recipe(generate={}), samples=1)
    assert planned.messages == 1
    assert isinstance(planned.problem, EnvironmentMissing)
    shop.scribe.write = lambda brief: 1 / 0  # type: ignore[return-value]
    assert isinstance(plan(shop, make_recipe(generate={}), samples=1).problem, PluginError)


def test_an_audience_of_nobody_is_a_plan_too(shop: Shop) -> None:
    planned = plan(shop, samples=2)
    assert (planned.audience, planned.messages, planned.samples) == (0, 0, {})
    assert planned.estimate.starts_at is None


def test_an_answer_that_is_unknown_does_not_hide_a_message(shop: Shop) -> None:
    shop.add("ada")
    shop.channel.answer("ada@customers.example", Receipt.unknown("lost"))
    shop.run()
    assert plan(shop).skipped == {"again": 1}
