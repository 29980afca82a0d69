from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest

from ballyhoo import FieldLimits, SecretReference
from ballyhoo.core.recipe.models import Recipe
from ballyhoo.core.recipe.values import Again, Rate, TimesOfDay

GOOD = sorted((Path(__file__).parent / "good").glob("*.yaml"))
TRAIL = (Path(__file__).parent / "good/spring_trail.yaml").read_text(encoding="utf-8")
TEN_A_SECOND, ONE_A_SECOND = Rate(600, timedelta(minutes=1)), Rate(1, timedelta(seconds=1))


def load(check, name: str):
    checked = check((Path(__file__).parent / f"good/{name}.yaml").read_bytes())
    assert checked.mistakes == ()
    return checked.campaign


def rates_of(bound) -> tuple[Rate | None, Rate | None]:
    rate = bound.recipe.deliver.rate
    return rate.total, rate.per_domain


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_a_good_recipe_has_no_mistakes(path: Path, check) -> None:
    assert check(path.read_bytes()).mistakes == ()


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_line_ends_and_a_byte_order_mark_change_nothing(path: Path, check) -> None:
    content = path.read_bytes()
    campaign = check(content).campaign
    windows = check(b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n")).campaign
    assert windows.variants == campaign.variants


def test_the_recipe_of_the_design_is_read_whole(check) -> None:
    campaign = load(check, "spring_trail")
    assert campaign.name == "spring-trail"
    assert list(campaign.variants) == ["warm", "terse"]
    assert campaign.plugins == [
        "sql_segment", "cf_recommender", "llm_copy", "email_channel", "copy_guard",
    ]  # fmt: skip
    terse = campaign.variants["terse"]
    recipe, stages = terse.recipe, terse.stages
    assert "bought(category => 'shoes', days => 730)" in stages["segment"].options.where
    recommend = stages["recommend"].options
    assert (recommend.top, recommend.filters.in_stock) == (3, True)
    assert (recommend.filters.not_bought_days, recommend.filters.category) == (
        180, ["shoes", "socks"],
    )  # fmt: skip
    assert stages["generate"].options.voice == "terse"
    assert campaign.variants["warm"].stages["generate"].options.voice == "warm"
    assert stages["generate"].options.model == "ballyhoo/demo"
    generate = recipe.generate
    assert generate.fields == {
        "subject": FieldLimits(max_chars=60),
        "preheader": FieldLimits(max_chars=90),
        "body": FieldLimits(max_words=80),
    }
    (offer,) = generate.offer
    assert (offer.code, offer.discount, offer.ends, offer.where) == (
        "SPRING20", "20%", date(2026, 4, 30), None,
    )  # fmt: skip
    assert generate.traits == ["favourite_category", "days_since_last_order"]
    assert set(generate.fallback) == {"subject", "preheader", "body"}
    assert generate.attempts == 3
    experiment = recipe.experiment
    assert (experiment.holdout, experiment.metric, experiment.window) == (
        Decimal("0.05"), "click", timedelta(days=14),
    )  # fmt: skip
    assert (experiment.allocate, experiment.waves.number, experiment.shares) == (
        "thompson",
        5,
        None,
    )
    (guard,) = terse.reviewers
    assert (guard.plugin, guard.options.superlatives) == ("copy_guard", "refuse")
    deliver = stages["deliver"].options
    assert deliver.sender == "Ballyhoo Outdoor <news@example.com>"
    assert deliver.template.name == "spring.html.j2"
    assert "{{ fields.subject }}" in deliver.template.text
    assert rates_of(terse) == (Rate(600, timedelta(minutes=1)), None)
    assert (recipe.deliver.tracking.clicks, recipe.deliver.tracking.opens) == (True, False)
    policy = recipe.policy
    assert policy.quiet_hours == TimesOfDay(time(21), time(8))
    assert (policy.cap.messages, policy.cap.per) == (2, timedelta(days=7))
    assert (policy.again, policy.on_unknown) == (Again(None), "hold")


@pytest.mark.parametrize(
    ("written", "rates"),
    [
        ("600/min", (TEN_A_SECOND, None)),
        ("{total: 600/min}", (TEN_A_SECOND, None)),
        ("{per_domain: 1/s}", (None, ONE_A_SECOND)),
        (
            "{total: 600/min, per_domain: 1/s}",
            (TEN_A_SECOND, ONE_A_SECOND),
        ),
    ],
)
def test_rate_may_be_of_all_messages_or_of_each_domain(
    check, written: str, rates: tuple[Rate | None, Rate | None]
) -> None:
    content = TRAIL.replace("600/min", written)
    assert content.count(written) == 1
    campaign = check(content.encode()).campaign
    assert {rates_of(one) for one in campaign.variants.values()} == {rates}


def test_variant_adds_to_the_rates_of_the_recipe(check) -> None:
    content = TRAIL.replace("600/min", "{total: 600/min}")
    changed = "{warm: {deliver: {rate: {per_domain: 1/s}}}, terse: {deliver: {rate: 1/s}}}"
    content = content.replace(
        "{warm: {generate: {voice: warm}}, terse: {generate: {voice: terse}}}", changed
    )
    variants = check(content.encode()).campaign.variants
    assert rates_of(variants["warm"]) == (TEN_A_SECOND, ONE_A_SECOND)
    assert rates_of(variants["terse"]) == (ONE_A_SECOND, None)


def test_nobody_is_written_to_again_unless_the_recipe_says_so(check) -> None:
    again = "  again: never\n"
    content = TRAIL
    assert again in content
    campaign = check(content.replace(again, "").encode()).campaign
    assert {one.recipe.policy.again for one in campaign.variants.values()} == {Again(None)}
    assert Recipe().policy.again == Again(None)


def test_options_of_every_kind_arrive_as_what_they_are(check) -> None:
    options = load(check, "every_kind_of_option").variants[None].stages["recommend"].options
    assert options.strategy.name == "POPULAR"
    assert (options.price_from, options.weights.clicks) == (Decimal("19.90"), Decimal("0.25"))
    assert options.per_category == {"shoes": 3, "2026": 16}
    assert options.only == ["shoes", "socks"]
    assert (options.window.since, options.window.until) == (date(2026, 2, 28), None)
    assert options.refreshed == datetime(2026, 4, 30, 9, tzinfo=timezone(timedelta(hours=2)))
    assert options.nightly == time(3, 15)
    assert options.api_key == SecretReference("SHOP_KEY")
    assert options.layout.name == "autumn.html.j2"
    assert options.pinned.name == "vips.csv"
    assert (options.weekdays, options.pause, options.loose) == ((1, 7), "never", True)


def test_a_price_keeps_its_cents(check) -> None:
    campaign = load(check, "every_kind_of_option")
    options = campaign.variants[None].stages["recommend"].options
    assert str(options.weights.clicks) == "0.25"


def test_a_recipe_may_be_json_with_escaped_characters(check) -> None:
    deliver = load(check, "written_by_a_program").variants[None].recipe.deliver
    assert deliver.fields == {
        "subject": "Up the hill \N{SNOW CAPPED MOUNTAIN}",
        "body": "Line one\nline two\ttabbed",
    }


def test_a_stage_with_an_empty_block_takes_every_default(check) -> None:
    stages = load(check, "offers_and_languages").variants["control"].stages
    assert (stages["recommend"].plugin, stages["recommend"].options.top) == ("cf_recommender", 3)


def test_a_variant_can_take_a_stage_away(check) -> None:
    quick = load(check, "offers_and_languages").variants["quick"]
    assert "recommend" not in quick.stages
    assert quick.recipe.recommend is None


def test_a_variant_with_another_plugin_keeps_the_keys_of_the_core(check) -> None:
    repeated = load(check, "offers_and_languages").variants["repeated"]
    assert repeated.stages["generate"].plugin == "repeater"
    assert repeated.stages["generate"].options is None
    assert repeated.recipe.generate.attempts == 10
    assert len(repeated.recipe.generate.offer) == 2


def test_the_guard_reads_first_and_each_reviewer_is_there(check) -> None:
    control = load(check, "offers_and_languages").variants["control"]
    assert [reviewer.plugin for reviewer in control.reviewers] == ["copy_guard", "tone"]
    assert control.reviewers[1].options.level == "formal"


def test_a_campaign_without_generate_needs_no_reviewer(check) -> None:
    assert load(check, "flash_sale_by_sms").variants[None].reviewers == ()


def test_a_recipe_for_answers_needs_neither_name_nor_segment(check) -> None:
    campaign = load(check, "answers")
    assert (campaign.name, campaign.plugins) == ("", ["shop_answers"])


def test_text_that_looks_like_a_date_stays_as_it_was_written(check) -> None:
    text = (Path(__file__).parent / "good/flash_sale_by_sms.yaml").read_text()
    checked = check(text.replace("sender: BALLYHOO", "sender: 2026-2-3"))
    assert checked.campaign.variants[None].stages["deliver"].options.sender == "2026-2-3"
