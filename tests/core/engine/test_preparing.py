"""A batch is prepared by one owner at a time; what goes wrong costs its attempt, not the run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from ballyhoo import Brief, Copy, Provenance, hookimpl
from ballyhoo.core.engine.content import load_content
from ballyhoo.core.engine.preparing import WAIT_MS, prepare_next
from ballyhoo.core.engine.runs import load_run
from ballyhoo.core.errors import DataError, EnvironmentMissing
from ballyhoo.core.store.ledger.batches import finish_batch, split_batch, take_batch
from ballyhoo.core.store.ledger.delays import put_off_batch
from ballyhoo.core.store.ledger.leases import LeaseLost
from ballyhoo.core.store.rights import erase_customer
from ballyhoo.core.store.rows import dump_json
from ballyhoo.core.store.tables import batches

from .plugins import Critic, ScribeOptions
from .shop import Shop, make_recipe

HAND = {"subject": "New for you", "body": "Come and look."}


def fail_for(shop: Shop, *names: str, error: Callable[[], Exception] = ValueError) -> None:
    """Let the scribe fail for the briefs of some people, who are known by their number."""
    numbers = {name: number for number, name in enumerate(names)}

    def write(brief: Brief) -> dict[str, str]:
        if brief.traits.get("badge") in numbers:
            raise error()
        return dict.fromkeys(brief.fields, "Hello.")

    shop.scribe.write = write


def add_badges(shop: Shop, *names: str) -> None:
    for name in names:
        shop.add(name, traits=dump_json({"badge": name}))


def read_batches(shop: Shop) -> list[Any]:
    with shop.store.read() as connection:
        return list(connection.execute(select(batches).order_by(batches.c.id)).all())


def test_a_batch_is_prepared_and_its_messages_are_ready(shop: Shop) -> None:
    shop.add("ada", "bob")
    run = shop.plan(make_recipe(generate={}))
    [prepared] = shop.prepare(run)
    assert (prepared.states, prepared.waits_for) == ({"ready": 2}, None)
    for row in shop.rows(run).values():
        content = load_content(row["content"])
        assert content.copy is not None
        assert content.copy.provenance.generator == "scribe"
        assert content.reviewers == ("copy_guard",)
        assert row["batch_id"] == prepared.batch
    assert prepare_next(shop.engine, run) is None


def test_batches_are_of_one_variant_and_of_no_more_than_a_model_writes_at_once(
    shop: Shop,
) -> None:
    for number in range(150):
        shop.add(f"c{number}", traits=dump_json({"shelf": number}))
    variants = {"a": {"generate": {"voice": "warm"}}, "b": {"generate": {"voice": "dry"}}}
    generate = {"traits": ["shelf"]}
    run = shop.plan(make_recipe(generate=generate, experiment={"variants": variants}))
    found = shop.prepare(run)
    assert sum(sum(one.states.values()) for one in found) == 150
    assert max(len(batch) for batch in shop.scribe.batches) == 64
    assert all(len({brief.variant for brief in batch}) == 1 for batch in shop.scribe.batches)
    assert {row.variant for row in read_batches(shop)} == {"a", "b"}
    assert Counter(brief.variant for brief in shop.scribe.briefs) == shop.receipt(run).variants


def test_products_alone_are_chosen_in_larger_batches(shop: Shop) -> None:
    shop.add(*(f"c{number}" for number in range(150)))
    shop.recommender.products = shop.add_products("tarn")
    run = shop.plan(make_recipe(recommend={"plugin": "shelf"}))
    assert [one.states for one in shop.prepare(run)] == [{"ready": 150}]


def test_results_of_who_lost_the_batch_are_refused(shop: Shop) -> None:
    """It stood still for so long that somebody else prepared it."""
    shop.add("ada")
    run = shop.plan(make_recipe(generate={}))

    def fall_asleep(brief: Brief) -> dict[str, str]:
        with shop.store.begin() as connection:
            connection.execute(batches.update().values(lease_until=1))
        shop.scribe.write = write_always("The second.")
        with shop.open_engine() as other:
            second = prepare_next(other, load_run(other, run.id))
            assert second is not None
            assert second.states == {"ready": 1}
        return dict.fromkeys(brief.fields, "The first.")

    shop.scribe.write = fall_asleep
    first = prepare_next(shop.engine, run)
    assert first is not None
    assert (first.states, first.waits_for) == ({}, None)
    assert shop.rows(run)["ada"]["content"]["fields"]["subject"] == "The second."


@pytest.mark.parametrize("move", ["finish", "put_off", "split"])
def test_every_move_of_a_batch_is_fenced_by_its_token(shop: Shop, move: str) -> None:
    shop.add("ada")
    run = shop.plan(make_recipe(generate={}))
    batch = take_batch(shop.store, run.id, shop.engine.owner, now=0, size=lambda variant: 9)
    assert batch is not None
    stale = replace(batch, token="somebody else's")
    moves = {
        "finish": lambda it: finish_batch(it, stale, [(batch.rows[0].id, "ready", None, 0, {})]),
        "put_off": lambda it: put_off_batch(it, stale, now=0, due_at=0, said="x", is_counted=True),
        "split": lambda it: split_batch(it, stale),
    }
    with pytest.raises(LeaseLost), shop.store.begin() as connection:
        moves[move](connection)
    assert shop.fates(run) == {"ada": "planned"}
    [row] = read_batches(shop)
    assert (row.state, row.lease_token) == ("open", batch.token)


def test_a_batch_is_not_taken_twice(shop: Shop) -> None:
    shop.add("ada", "bob")
    run = shop.plan(make_recipe(generate={}))
    taken = [
        take_batch(shop.store, run.id, shop.engine.owner, now=0, size=lambda variant: 1)
        for _ in range(3)
    ]
    assert [one and len(one.rows) for one in taken] == [1, 1, None]
    assert taken[0] is not None
    assert taken[1] is not None
    assert taken[0].rows[0].id != taken[1].rows[0].id


def test_a_generator_that_raises_is_tried_again_later_and_later(shop: Shop) -> None:
    shop.add("ada", "bob")
    run = shop.plan(make_recipe(generate={}))
    fail_for(shop)
    shop.scribe.write = _raise(RuntimeError("a kernel panic at ada@customers.example"))
    waits = []
    for _ in range(3):
        [prepared] = shop.prepare(run)
        assert (
            prepared.waits_for == "the plugin 'scribe' raised RuntimeError in its hook 'generate'"
        )
        [row] = read_batches(shop)
        assert row.last_error == prepared.waits_for
        waits.append(row.due_at - shop.engine.now)
        shop.clock.advance(seconds=waits[-1] / 1000 - 0.001)
        assert prepare_next(shop.engine, run) is None
        shop.clock.advance(seconds=0.001)
    assert waits == [WAIT_MS, 2 * WAIT_MS, 4 * WAIT_MS]
    shop.scribe.write = write_always("At last.")
    shop.prepare(run)
    assert shop.fates(run) == {"ada": "ready", "bob": "ready"}


def test_one_who_breaks_the_generator_is_found_and_the_others_get_theirs(shop: Shop) -> None:
    names = [f"c{number}" for number in range(6)]
    add_badges(shop, *names)
    run = shop.plan(make_recipe(generate={"traits": ["badge"]}))
    fail_for(shop, "c3")
    for _ in range(12):
        shop.prepare(run)
        shop.clock.advance(hours=1)
    fates = shop.fates(run)
    assert fates.pop("c3") == "failed: plugin_failed"
    assert set(fates.values()) == {"ready"}
    shop.go_on(run)
    assert shop.receipt(run).states == {"failed": 1, "sent": 5}
    assert shop.read(run).state == "finished"


def test_what_is_not_there_is_waited_for_and_is_nobodys_fault(shop: Shop) -> None:
    shop.add("ada", "bob")
    run = shop.start(make_recipe(generate={}))
    shop.scribe.write = _raise(EnvironmentMissing("the machine with the model does not answer"))
    for _ in range(8):
        end = shop.go_on(run)
        assert end.row.state == "waiting"
        assert end.waits_for == "the machine with the model does not answer"
        shop.clock.advance(hours=1)
    [row] = read_batches(shop)
    assert row.attempts == 0
    assert row.failing_since is not None
    shop.scribe.write = write_always("At last.")
    assert shop.go_on(run).row.state == "finished"
    assert shop.receipt(run).states == {"sent": 2}


@pytest.mark.parametrize(
    "error", [EnvironmentMissing("no model"), ValueError("oops")], ids=["missing", "raises"]
)
def test_a_stage_that_waits_too_long_turns_to_the_fallback(shop: Shop, error: Exception) -> None:
    shop.add("ada")
    generate = {"fallback": HAND}
    run = shop.start(make_recipe(generate=generate, policy={"give_up": "2min"}))
    shop.scribe.write = _raise(error)
    assert shop.go_on(run).row.state == "waiting"
    shop.clock.advance(seconds=119)
    assert shop.go_on(run).row.state == "waiting"
    shop.clock.advance(minutes=4)
    assert shop.go_on(run).row.state == "finished"
    assert [message.fields for message in shop.channel.sent] == [HAND]


def test_the_fallback_is_in_her_language_and_who_has_none_fails(shop: Shop) -> None:
    shop.add("ada", language="de-AT")
    shop.add("bob", language="en")
    shop.add("cyd", language="fr")
    shop.add("dan")
    by_language = {"de": {**HAND, "subject": "Neu"}, "en": HAND}
    recipe = make_recipe(generate={"fallback": by_language}, policy={"give_up": "1min"})
    run = shop.start(recipe)
    shop.scribe.write = _raise(EnvironmentMissing("no model"))
    shop.go_on(run)
    shop.clock.advance(minutes=1)
    shop.go_on(run)
    assert shop.fates(run) == {
        "ada": "sent",
        "bob": "sent",
        "cyd": "failed: gave_up",
        "dan": "sent",
    }
    assert [message.fields["subject"] for message in shop.channel.sent] == [
        "Neu",
        "New for you",
        "New for you",
    ]


def test_without_a_fallback_a_stage_that_waits_too_long_fails(shop: Shop) -> None:
    shop.add("ada")
    run = shop.start(make_recipe(generate={}, policy={"give_up": "1min"}))
    shop.scribe.write = _raise(EnvironmentMissing("no model"))
    shop.go_on(run)
    shop.clock.advance(minutes=1)
    shop.go_on(run)
    assert shop.fates(run) == {"ada": "failed: gave_up"}
    assert shop.read(run).state == "finished"


def test_a_fallback_keeps_the_products_that_could_be_had(shop: Shop) -> None:
    shop.add("ada")
    shop.recommender.products = shop.add_products("tarn")
    fallback = {"subject": "{product.name} for {offer.discount} less", "body": "{price}"}
    run = shop.start(
        make_recipe(
            recommend={"plugin": "shelf"},
            generate={"fallback": fallback, "offer": {"discount": "20%"}},
            policy={"give_up": "1min"},
        )
    )
    shop.scribe.write = _raise(EnvironmentMissing("no model"))
    shop.go_on(run)
    shop.clock.advance(minutes=1)
    shop.go_on(run)
    assert shop.fates(run) == {"ada": "sent"}
    assert shop.channel.sent[0].fields == {
        "subject": "Tarn shoe for 20% less",
        "body": "€119.00",
    }


def test_a_fallback_waits_for_approval_where_copy_does(shop: Shop) -> None:
    shop.add("ada")
    generate = {"fallback": HAND, "approval": "all"}
    run = shop.start(make_recipe(generate=generate, policy={"give_up": "1min"}))
    shop.scribe.write = _raise(EnvironmentMissing("no model"))
    shop.go_on(run)
    shop.clock.advance(minutes=1)
    shop.go_on(run)
    assert shop.fates(run) == {"ada": "held"}


def test_what_a_person_is_to_look_at_is_held(shop: Shop) -> None:
    shop.add("ada", "bob")
    run = shop.start(make_recipe(generate={"approval": "all"}))
    end = shop.go_on(run)
    assert (end.row.state, shop.receipt(run).states) == ("waiting", {"held": 2})
    assert end.waits_for is not None
    assert "approve" in end.waits_for
    assert shop.channel.sent == []


def test_a_refused_copy_without_a_fallback_skips_her_and_keeps_what_was_refused(
    shop: Shop,
) -> None:
    shop.add_plugin("critic", Critic("forbidden"))
    shop.add("ada")
    shop.scribe.write = write_always("A forbidden word.", "Another forbidden word.")
    run = shop.run(make_recipe(generate={"attempts": 2}, review={"critic": {}}))
    assert shop.fates(run) == {"ada": "skipped: refused_copy"}
    content = shop.rows(run)["ada"]["content"]
    assert "fields" not in content
    assert [(one["attempt"], one["fields"]["subject"]) for one in content["refused"]] == [
        (1, "A forbidden word."),
        (2, "Another forbidden word."),
    ]
    assert content["refused"][0]["objections"] == [
        {"rule": "word", "field": name, "message": "says 'forbidden'"}
        for name in ("subject", "body")
    ]
    assert [brief.seed for brief in shop.scribe.briefs][1] == shop.scribe.briefs[0].seed + 1


def test_a_refused_copy_with_a_fallback_is_the_fallback(shop: Shop) -> None:
    shop.add("ada")
    shop.scribe.write = write_always("Only 5 left!")
    run = shop.run(make_recipe(generate={"fallback": HAND, "attempts": 1}))
    assert shop.fates(run) == {"ada": "sent"}
    assert shop.channel.sent[0].fields == HAND
    content = shop.rows(run)["ada"]["content"]
    assert content["by"] == {"generator": "fallback"}
    assert len(content["refused"]) == 1


def test_who_was_refused_first_and_passed_then_keeps_both(shop: Shop) -> None:
    shop.add("ada")
    shop.scribe.write = write_always("Only 5 left!", "A quiet word.")
    run = shop.run(make_recipe(generate={}))
    content = shop.rows(run)["ada"]["content"]
    assert content["fields"]["subject"] == "A quiet word."
    assert [one["attempt"] for one in content["refused"]] == [1]
    assert len(shop.channel.sent) == 1


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b", "a\x1bb"], ids=["null", "half", "escape"])
def test_characters_that_nothing_can_carry_are_objected_to(shop: Shop, text: str) -> None:
    shop.add("ada")
    shop.scribe.write = write_always(text, "Hello.")
    run = shop.run(make_recipe(generate={}))
    assert shop.fates(run) == {"ada": "sent"}
    [refused] = shop.rows(run)["ada"]["content"]["refused"]
    assert {one["rule"] for one in refused["objections"]} == {"characters"}


def test_an_answer_with_something_wrong_in_it_costs_its_attempt_and_not_the_run(
    shop: Shop,
) -> None:
    class Strange:
        @hookimpl
        def generate(self, options: ScribeOptions, briefs: list[Brief]) -> list[Copy]:
            by = Provenance(generator="strange", seed=object())  # type: ignore[arg-type]
            return [Copy(fields={"subject": "s", "body": "b"}, provenance=by) for _ in briefs]

    shop.add_plugin("strange", Strange())
    shop.add("ada")
    run = shop.start(make_recipe(generate={"plugin": "strange"}))
    end = shop.go_on(run)
    assert end.waits_for is not None
    assert "TypeError" in end.waits_for
    assert shop.fates(run) == {"ada": "planned"}
    for _ in range(8):
        shop.clock.advance(hours=1)
        shop.go_on(run)
    assert shop.fates(run) == {"ada": "failed: plugin_failed"}


def test_a_recommender_that_breaks_its_contract_costs_its_attempt(shop: Shop) -> None:
    shop.add("ada")
    shop.recommender.choose = _raise(DataError("nothing was trained on"))
    run = shop.start(make_recipe(recommend={"plugin": "shelf"}))
    assert shop.go_on(run).waits_for == "nothing was trained on"
    shop.recommender.choose = lambda customer: []
    shop.clock.advance(hours=1)
    assert shop.go_on(run).row.state == "finished"


def test_products_that_nobody_knows_are_left_out(shop: Shop) -> None:
    shop.add("ada")
    [tarn] = shop.add_products("tarn")
    shop.recommender.products = [999_999, tarn]
    run = shop.run(make_recipe(recommend={"plugin": "shelf"}))
    assert [one["id"] for one in shop.rows(run)["ada"]["content"]["products"]] == [tarn]
    assert shop.fates(run) == {"ada": "sent"}


def test_who_is_erased_before_her_batch_is_prepared_is_skipped(shop: Shop) -> None:
    shop.add("ada", "bob")
    run = shop.plan(make_recipe(generate={}))
    erase_customer(shop.store, "ada")
    shop.prepare(run)
    assert len(shop.scribe.briefs) == 1
    assert list(shop.fates(run).values()) == ["skipped: no_address", "ready"]


def test_who_is_erased_while_her_copy_is_written_leaves_nothing_of_hers(shop: Shop) -> None:
    shop.add("ada", "bob")
    run = shop.plan(make_recipe(generate={}))

    def write(brief: Brief) -> dict[str, str]:
        if len(shop.scribe.batches) == 1 and brief is shop.scribe.briefs[-1]:
            erase_customer(shop.store, "ada")
        return dict.fromkeys(brief.fields, "Something about her.")

    shop.scribe.write = write
    [prepared] = shop.prepare(run)
    assert prepared.states == {"ready": 1}
    [ada, bob] = shop.rows(run).values()
    assert (ada["state"], ada["reason"], ada["content"]) == ("skipped", "no_address", None)
    assert bob["state"] == "ready"
    shop.go_on(run)
    assert shop.read(run).state == "finished"


def test_who_was_cancelled_while_her_copy_was_written_stays_cancelled(shop: Shop) -> None:
    shop.add("ada", "bob")
    run = shop.plan(make_recipe(generate={}))

    def write(brief: Brief) -> dict[str, str]:
        shop.tamper(run, "ada", state="cancelled")
        return dict.fromkeys(brief.fields, "Hello.")

    shop.scribe.write = write
    [prepared] = shop.prepare(run)
    assert prepared.states == {"ready": 1}
    assert shop.fates(run) == {"ada": "cancelled", "bob": "ready"}


def write_always(*texts: str) -> Callable[[Brief], dict[str, str]]:
    """Write a text into every field, at each attempt the next one."""
    return lambda brief: dict.fromkeys(brief.fields, texts[min(brief.attempt, len(texts)) - 1])


def _raise(error: Exception) -> Callable[..., Any]:
    def fail(*_: Any) -> Any:
        raise error

    return fail
