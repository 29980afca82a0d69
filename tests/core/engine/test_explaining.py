"""What became of somebody in a run: every decision, in order."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from ballyhoo import Receipt
from ballyhoo.core.assignment import draw_fraction
from ballyhoo.core.engine.deciding import resolve_unknown, retry_failed
from ballyhoo.core.engine.explaining import Explanation, explain_message
from ballyhoo.core.engine.runs import Run
from ballyhoo.core.errors import DataError
from ballyhoo.core.store.tables import customers

from .shop import Shop, at, listed, make_recipe, to_ms

KEY = b"an assignment key of tests"


def explain(shop: Shop, run: Run, name: str) -> Explanation:
    return explain_message(shop.engine, run.id, name)


def tell(explained: Explanation) -> dict[str, list[str]]:
    """Return what was said, by what it is about, its parts after it."""
    told: dict[str, list[str]] = {}
    for one in explained.decisions:
        told.setdefault(one.what, []).extend([one.said, *one.parts])
    return told


def test_somebody_who_got_it_went_through_every_decision(shop: Shop) -> None:
    shop.add("ada")
    run = shop.run(make_recipe(experiment={"variants": {"warm": {}, "plain": {}}}))
    explained = explain(shop, run, "ada")
    told = tell(explained)
    assert list(told) == ["segment", "policy", "variant", "copy", "state"]
    assert told["policy"] == ["nothing spoke against it"]
    assert told["state"][0] == "sent: the channel took it"
    assert "subject: Hello {first_name|you}" in told["copy"]
    assert [(one.condition, one.holds) for one in explained.conditions] == [
        ("country = 'DE'", True)
    ]


def test_the_draws_are_those_of_the_assignment_key(shop: Shop) -> None:
    shop.add(*[f"c{number}" for number in range(20)])
    experiment = {"variants": {"warm": {}, "plain": {}}, "holdout": "30%"}
    run = shop.run(make_recipe(experiment=experiment))
    fates = shop.fates(run)
    for name, fate in fates.items():
        told = tell(explain(shop, run, name))
        id = shop.find(name)
        drawn = draw_fraction(KEY, "holdout", "letter", id)
        is_held = fate == "skipped: holdout"
        assert told["holdout"] == [
            "she is held out" if is_held else "she is not held out",
            f"drawn {drawn:.4f}; left out is who is from 0 to 0.3",
        ]
        assert is_held == (drawn < 0.3)
        assert f"drawn {draw_fraction(KEY, 'variant', 'letter', id):.4f}" in told["variant"][1]
    assert "skipped: holdout" in fates.values()


@pytest.mark.parametrize(
    ("name", "reason", "now"),
    [
        ("no", "no_consent", "no_consent"),
        ("nowhere", "no_address", "no_address"),
        ("blocked", "suppressed", "suppressed"),
    ],
)
def test_somebody_policy_spoke_against_is_told_why(
    shop: Shop, name: str, reason: str, now: str
) -> None:
    shop.add("no", says="")
    shop.add("nowhere", email=None)
    shop.add("blocked")
    shop.suppress("blocked@customers.example")
    told = tell(explain(shop, shop.run(), name))
    assert told["policy"][0].startswith(f"{reason}: ")
    assert f"by what is known now: {now}: " in " ".join(told["policy"][1:])
    assert told["state"][0].startswith(f"skipped({reason}): ")
    assert "copy" not in told


def test_what_changed_since_is_told_beside_what_was_decided(shop: Shop) -> None:
    shop.add("no", says="")
    run = shop.run()
    shop.add("no")
    told = tell(explain(shop, run, "no"))
    assert told["policy"] == [
        "no_consent: no consent to this channel",
        "by what is known now nothing speaks against it",
    ]


def test_somebody_outside_of_the_segment_is_told_which_condition_fails(shop: Shop) -> None:
    shop.add("ada")
    shop.add("fi", country="FR")
    explained = explain(shop, shop.run(), "fi")
    assert explained.message is None
    assert "there is no message for her" in explained.decisions[0].said
    assert explained.decisions[1].said == "by what is known now she is not in it"
    assert [(one.holds, one.values) for one in explained.conditions] == [(False, {"country": "FR"})]


def test_somebody_who_left_the_segment_since_is_told_so(shop: Shop) -> None:
    [id] = shop.add("ada")
    run = shop.plan()
    with shop.store.begin() as connection:
        connection.execute(update(customers).where(customers.c.id == id).values(country="FR"))
    shop.go_on(run)
    told = tell(explain(shop, run, "ada"))
    assert told["segment"][1] == "by what is known now she is not in it"
    assert told["state"][0] == "skipped(left_segment): no longer in the segment"


def test_a_list_of_customers_is_a_segment_too(shop: Shop) -> None:
    shop.add("ada", "bo")
    run = shop.run(make_recipe(segment=listed("ada")))
    assert tell(explain(shop, run, "ada"))["segment"][1] == "by what is known now she is in it"
    assert tell(explain(shop, run, "bo"))["segment"][1] == "by what is known now she is not in it"


def test_refused_attempts_are_told_with_what_was_objected(shop: Shop) -> None:
    shop.add("ada")
    shop.recommender.products = shop.add_products("trail")
    shop.scribe.write = lambda brief: {
        "subject": "Hello {first_name}",
        "body": "Only 9 EUR" if brief.attempt == 1 else "Look at {product.name}.",
    }
    offer = {"code": "SPRING5", "discount": "5%"}
    run = shop.run(make_recipe(generate={"offer": offer}, recommend={"plugin": "shelf"}))
    told = tell(explain(shop, run, "ada"))
    assert told["products"] == ["1 chosen for her", "Trail shoe, is popular in shoes"]
    assert told["offer"] == ["code SPRING5, discount 5%"]
    assert told["copy"][0] == "attempt 1 was refused"
    assert "it said, body: Only 9 EUR" in told["copy"]
    assert "written by scribe with none, passed by copy_guard" in told["copy"]


def test_attempts_answers_and_what_a_person_decided_stand_in_order(shop: Shop) -> None:
    shop.add("ada")
    shop.channel.answer(
        "ada@customers.example",
        Receipt.later("421 busy", code=421),
        Receipt.failed("no such mailbox", code=550),
        Receipt.unknown("the connection was lost"),
    )
    run = shop.run()
    shop.clock.advance(hours=1)
    shop.go_on(run)
    shop.clock.advance(hours=1)
    retry_failed(shop.store, run.id, now=shop.engine.now)
    shop.go_on(run)
    shop.clock.advance(hours=1)
    resolve_unknown(shop.store, run.id, "sent", now=shop.engine.now)
    happened = [
        one
        for one in explain(shop, run, "ada").decisions
        if one.what in ("attempt", "retried", "resolved")
    ]
    assert [one.said for one in happened] == [
        "attempt 1 was put off: 421 busy",
        "attempt 2 failed: 550 no such mailbox",
        "somebody let it be tried again",
        "attempt 1 has no known answer: the connection was lost",
        "it was decided: sent",
    ]
    assert happened[1].at == to_ms(at(10))


def test_a_message_that_waits_is_told_what_for(shop: Shop) -> None:
    shop.add("ada", time_zone="Europe/Berlin")
    shop.clock.set(at(23))
    run = shop.run(make_recipe(policy={"quiet_hours": "21:00-08:00"}))
    explained = explain(shop, run, "ada")
    assert explained.time_zone == "Europe/Berlin"
    assert explained.message is not None
    assert explained.message.due_at == to_ms(at(7, day=3))
    assert tell(explained)["state"] == ["ready: ready to leave"]


def test_a_batch_that_was_put_off_says_why(shop: Shop) -> None:
    shop.add("ada")

    def write(brief: object) -> dict[str, str]:
        raise ZeroDivisionError

    shop.scribe.write = write
    told = tell(explain(shop, shop.run(make_recipe(generate={})), "ada"))
    assert "scribe" in told["waits"][0]
    assert told["state"][0].startswith("planned: ")


def test_a_run_that_is_not_planned_says_so(shop: Shop) -> None:
    shop.add("ada")
    assert "was not planned yet" in explain(shop, shop.start(), "ada").decisions[0].said


def test_a_plugin_that_is_gone_leaves_what_is_stored(shop: Shop) -> None:
    shop.add("ada")
    run = shop.run()
    del shop.registry._records["capture"]
    explained = explain(shop, run, "ada")
    assert explained.problem is not None
    assert "cannot be read here" in explained.problem
    assert tell(explained)["state"][0] == "sent: the channel took it"


def test_nobody_and_no_run_are_bad_input(shop: Shop) -> None:
    shop.add("ada")
    run = shop.run()
    with pytest.raises(DataError, match="there is no such customer"):
        explain(shop, run, "zoe@customers.example")
    with pytest.raises(DataError, match="there is no run 99"):
        explain_message(shop.engine, 99, "ada")


def test_no_explanation_holds_an_address_or_a_name(shop: Shop) -> None:
    shop.add("ada")
    shop.channel.answer(
        "ada@customers.example", Receipt.failed("ada@customers.example is not known here")
    )
    explained: Any = explain(shop, shop.run(), "ada")
    assert "customers.example" not in repr(explained.decisions)
    assert "Ada" not in repr(explained.decisions)
