"""Why somebody is not written to, looked at when a run is planned; the first reason counts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ballyhoo.core.policy.objections import REASONS
from ballyhoo.core.policy.rules import is_listed
from ballyhoo.core.setting_tables import Safety
from ballyhoo.core.store.rights import erase_customer
from ballyhoo.core.store.rows import ConsentRow

from ..engine.plugins import Capture
from ..engine.shop import Shop, listed, make_recipe

CAP = {"cap": {"messages": 1, "per": "7d"}}


def test_without_an_address_there_is_nothing_to_write_to(shop: Shop) -> None:
    shop.add("ada", "bob")
    shop.add("cyd", email=None)
    assert shop.fates(shop.plan())["cyd"] == "skipped: no_address"


def test_a_channel_writes_to_its_own_field(shop: Shop) -> None:
    shop.add_plugin("texts", Capture("sms", "phone"))
    shop.add("ada", says="sms", phone="+447700900001")
    shop.add("bob", says="sms")
    fates = shop.fates(shop.plan(make_recipe(deliver={"plugin": "texts"})))
    assert fates == {"ada": "ready", "bob": "skipped: no_address"}


def test_an_address_that_was_erased_with_somebody_else_is_none(shop: Shop) -> None:
    """The row of the address stays, as the hash of a no; the address itself is gone."""
    shop.add("ada")
    run = shop.plan()
    erase_customer(shop.store, "ada")
    shop.go_on(run)
    assert list(shop.fates(run).values()) == ["skipped: no_address"]
    assert shop.channel.sent == []


@pytest.mark.parametrize(
    ("only_to", "who"),
    [
        (["ada@customers.example"], {"ada"}),
        (["ADA@customers.example "], {"ada"}),
        (["@customers.example"], {"ada", "bob"}),
        (["@example"], set()),
        (["@mers.example"], set()),
        (["a_a@customers.example", "@%"], set()),
        (["@rehearsal.example", "bob@customers.example"], {"bob", "cyd"}),
    ],
)
def test_only_to_keeps_everybody_else_out(shop: Shop, only_to: list[str], who: set[str]) -> None:
    shop.add("ada", "bob")
    shop.add("cyd", email="cyd@rehearsal.example")
    shop.set(safety=Safety(only_to=only_to))
    fates = shop.fates(shop.plan())
    assert {name for name, fate in fates.items() if fate == "ready"} == who
    assert {fate for name, fate in fates.items() if name not in who} <= {"skipped: only_to"}
    address_of = {name: f"{name}@customers.example" for name in ("ada", "bob")}
    address_of["cyd"] = "cyd@rehearsal.example"
    assert {name for name, address in address_of.items() if is_listed(only_to, address)} == who


def test_only_to_is_looked_at_again_before_a_message_leaves(shop: Shop) -> None:
    shop.add("ada", "bob")
    run = shop.plan()
    shop.set(safety=Safety(only_to=["bob@customers.example"]))
    shop.go_on(run)
    assert shop.fates(run) == {"ada": "skipped: only_to", "bob": "sent"}


def test_who_is_suppressed_is_not_written_to(shop: Shop) -> None:
    shop.add("ada", "bob")
    shop.suppress("ada@customers.example")
    shop.suppress("bob@customers.example", channel="sms")
    assert shop.fates(shop.plan()) == {"ada": "skipped: suppressed", "bob": "ready"}


def test_who_did_not_say_yes_to_this_channel_is_not_written_to(shop: Shop) -> None:
    shop.add("ada")
    shop.add("bob", says="")
    shop.add("cyd", consents=(ConsentRow("email", False, 5),))
    shop.add("dan", says="newsletter")
    shop.add("eve")
    shop.clock.advance(hours=1)
    shop.unsubscribe("eve")
    assert shop.fates(shop.plan()) == {
        "ada": "ready",
        "bob": "skipped: no_consent",
        "cyd": "skipped: no_consent",
        "dan": "skipped: no_consent",
        "eve": "skipped: no_consent",
    }


def test_a_channel_that_needs_no_consent_asks_for_none(shop: Shop) -> None:
    shop.add_plugin("post", Capture("post", "email", consent=None))
    shop.add("ada", says="")
    assert shop.fates(shop.plan(make_recipe(deliver={"plugin": "post"}))) == {"ada": "ready"}


def test_of_those_who_share_an_address_the_lowest_id_gets_the_message(shop: Shop) -> None:
    shop.add("zoe", "ada", "bob", email="home@customers.example")
    shop.add("cyd")
    assert shop.fates(shop.plan()) == {
        "zoe": "ready",
        "ada": "skipped: same_address",
        "bob": "skipped: same_address",
        "cyd": "ready",
    }


def test_who_shares_an_address_with_somebody_outside_of_the_audience_gets_hers(shop: Shop) -> None:
    shop.add("zoe", email="home@customers.example", country="FR")
    shop.add("ada", email="home@customers.example")
    assert shop.fates(shop.plan()) == {"ada": "ready"}


def test_nobody_gets_a_campaign_again(shop: Shop) -> None:
    shop.add("ada")
    shop.run()
    shop.add("bob")
    shop.clock.advance(days=3650)
    assert shop.fates(shop.run()) == {"ada": "skipped: again", "bob": "sent"}
    assert shop.fates(shop.run(make_recipe("another"))) == {"ada": "sent", "bob": "sent"}


def test_again_counts_for_the_person_whatever_her_address_is_now(shop: Shop) -> None:
    shop.add("ada")
    shop.run()
    shop.add("ada", email="new@customers.example")
    assert shop.fates(shop.run()) == {"ada": "skipped: again"}


def test_again_counts_for_the_address_whoever_has_it_now(shop: Shop) -> None:
    shop.add("ada", email="home@customers.example")
    shop.run()
    shop.add("ada", email="new@customers.example", country="FR")
    shop.add("bob", email="home@customers.example")
    assert shop.fates(shop.run()) == {"bob": "skipped: again"}


def test_again_after_a_time_lets_her_have_it_again_then(shop: Shop) -> None:
    shop.add("ada")
    recipe = make_recipe(policy={"again": "after 30d"})
    shop.run(recipe)
    shop.clock.advance(timedelta(days=30) - timedelta(milliseconds=1))
    assert shop.fates(shop.run(recipe)) == {"ada": "skipped: again"}
    shop.clock.advance(timedelta(milliseconds=1))
    assert shop.fates(shop.run(recipe)) == {"ada": "sent"}


def test_a_cap_counts_over_all_campaigns(shop: Shop) -> None:
    shop.add("ada")
    shop.run(make_recipe("one"))
    assert shop.fates(shop.plan(make_recipe("two", policy=CAP))) == {"ada": "skipped: capped"}
    twice = {"cap": {"messages": 2, "per": "7d"}}
    assert shop.fates(shop.plan(make_recipe("three", policy=twice))) == {"ada": "ready"}


def test_a_cap_forgets_what_was_longer_ago(shop: Shop) -> None:
    shop.add("ada")
    shop.run(make_recipe("one"))
    shop.clock.advance(timedelta(days=7) - timedelta(milliseconds=1))
    assert shop.fates(shop.plan(make_recipe("two", policy=CAP))) == {"ada": "skipped: capped"}
    shop.clock.advance(timedelta(milliseconds=1))
    assert shop.fates(shop.plan(make_recipe("three", policy=CAP))) == {"ada": "ready"}


def test_the_limit_is_of_those_who_would_get_a_message(shop: Shop) -> None:
    shop.add("ada", says="")
    shop.add("bob", "cyd", "dan")
    assert shop.fates(shop.plan(limit=2)) == {
        "ada": "skipped: no_consent",
        "bob": "ready",
        "cyd": "ready",
        "dan": "skipped: limit",
    }
    assert set(shop.fates(shop.plan(limit=0)).values()) == {"skipped: no_consent", "skipped: limit"}
    assert "skipped: limit" not in shop.fates(shop.plan(limit=3)).values()


def test_who_is_held_out_beyond_the_limit_is_beyond_the_limit(shop: Shop) -> None:
    """The holdout is drawn from the same list as those who are written to."""
    names = [f"c{number:03}" for number in range(200)]
    shop.add(*names)
    fates = shop.fates(shop.plan(make_recipe(experiment={"holdout": "25%"}), limit=60))
    last = max(name for name in names if fates[name] == "ready")
    before = [fates[name] for name in names if name <= last]
    assert {fates[name] for name in names if name > last} == {"skipped: limit"}
    assert before.count("ready") == 60
    assert 0 < before.count("skipped: holdout") == len(before) - 60


def test_the_first_reason_counts(shop: Shop) -> None:
    """Each person has everything against her that comes from her place on."""
    home, safe = "home@customers.example", "only@customers.example"
    shop.add("eve", "fay", email=home)
    shop.add("gil")
    shop.run(make_recipe("before", segment=listed("eve", "gil")))
    reasons = [
        "no_address", "only_to", "suppressed", "no_consent", "topic_declined", "on_pause",
        "same_address", "again", "own_frequency",
    ]  # fmt: skip
    assert list(REASONS)[: len(reasons)] == reasons
    assert list(REASONS).index("again") < list(REASONS).index("capped")
    assert list(REASONS).index("capped") < list(REASONS).index("holdout")
    shop.add("ada", email=None, says="")
    shop.add("bob", email=safe, says="")
    shop.add("cyd", says="")
    shop.add("dan", says="")
    shop.suppress(safe, "cyd@customers.example")
    shop.set(safety=Safety(only_to=["@customers.example"]))
    recipe = make_recipe("before", policy=CAP, experiment={"holdout": "50%"})
    assert shop.fates(shop.plan(recipe)) == {
        "eve": "skipped: again",
        "fay": "skipped: same_address",
        "gil": "skipped: again",
        "ada": "skipped: no_address",
        "bob": "skipped: suppressed",
        "cyd": "skipped: suppressed",
        "dan": "skipped: no_consent",
    }


@pytest.mark.parametrize("policy", [{}, CAP], ids=["without-a-cap", "with-a-cap"])
def test_who_shares_an_address_is_told_that_first_with_a_cap_or_without(
    shop: Shop, policy: dict[str, object]
) -> None:
    shop.add("ada", "bob", email="home@customers.example")
    shop.run(make_recipe(segment=listed("ada")))
    fates = shop.fates(shop.plan(make_recipe(policy=policy)))
    assert fates == {"ada": "skipped: again", "bob": "skipped: same_address"}


def test_who_is_capped_is_not_held_out(shop: Shop) -> None:
    """The holdout is drawn after policy, from the same list as the treated."""
    names = [f"c{number}" for number in range(80)]
    shop.add(*names)
    shop.run(make_recipe("one", segment=listed(*names[:40])))
    run = shop.plan(make_recipe("two", policy=CAP, experiment={"holdout": "50%"}))
    skipped = shop.receipt(run).skipped
    assert skipped["capped"] == 40
    assert 0 < skipped["holdout"] < 40


def test_every_reason_is_said_in_words() -> None:
    assert all(words and not words.endswith(".") for words in REASONS.values())


def test_an_address_that_moved_while_a_plan_was_made_is_written_to_once(shop: Shop) -> None:
    shop.add("ada", "bob", "cyd")
    run = shop.plan()
    shop.add("bob", email="ada@customers.example")
    shop.tamper(run, "bob", address_id=shop.rows(run)["ada"]["address_id"])
    shop.go_on(run)
    assert shop.fates(run) == {"ada": "sent", "bob": "skipped: same_address", "cyd": "sent"}
    assert shop.channel.addresses == ["ada@customers.example", "cyd@customers.example"]
