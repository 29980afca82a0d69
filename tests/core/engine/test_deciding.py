"""What a person decides about messages: failed, unknown, held."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from ballyhoo import Receipt
from ballyhoo.core.engine.controlling import cancel_run, pause_run
from ballyhoo.core.engine.deciding import (
    Decided,
    approve_held,
    resolve_unknown,
    retry_failed,
    show_held,
)
from ballyhoo.core.engine.embedded import run_here
from ballyhoo.core.engine.runs import Run
from ballyhoo.core.errors import BallyhooError, DataError
from ballyhoo.core.store.ledger.runs import move_run
from ballyhoo.core.store.tables import audit

from .plugins import Critic
from .shop import Shop, make_recipe

LOST = Receipt.unknown("the connection was lost after the dot")
GONE = Receipt.failed("no such mailbox", code=550)


def address(name: str) -> str:
    return f"{name}@customers.example"


def retry(shop: Shop, run: Run) -> Decided:
    return retry_failed(shop.store, run.id, now=shop.engine.now)


def resolve(shop: Shop, run: Run, resolution: Any) -> Decided:
    return resolve_unknown(shop.store, run.id, resolution, now=shop.engine.now)


def approve(shop: Shop, run: Run, *skip: str) -> Decided:
    ids = [shop.find(name) for name in skip]
    return approve_held(shop.store, run.id, now=shop.engine.now, skip=ids)


def run_with_loose_ends(shop: Shop) -> Run:
    shop.add("ada", "bo", "cy")
    shop.channel.answer(address("bo"), GONE)
    shop.channel.answer(address("cy"), LOST)
    run = shop.run()
    assert shop.fates(run) == {"ada": "sent", "bo": "failed: refused", "cy": "unknown"}
    return run


def list_details(shop: Shop) -> list[tuple[str, Any]]:
    with shop.store.read() as connection:
        rows = connection.execute(select(audit.c.action, audit.c.details).order_by(audit.c.id))
        return [(row.action, row.details) for row in rows]


def test_retry_touches_failed_messages_and_no_others(shop: Shop) -> None:
    run = run_with_loose_ends(shop)
    decided = retry(shop, run)
    assert (decided.messages, decided.row.state) == (1, "running")
    assert shop.fates(run) == {"ada": "sent", "bo": "ready", "cy": "unknown"}
    assert decided.row.finished_at is None
    assert shop.go_on(run).row.state == "finished"
    assert shop.fates(run) == {"ada": "sent", "bo": "sent", "cy": "unknown"}
    assert shop.channel.addresses == [address("ada"), address("bo")]
    assert list_details(shop) == [("run.retry", {"messages": 1})]


def test_a_retried_message_begins_to_count_its_attempts_anew(shop: Shop) -> None:
    shop.add("ada")
    run = shop.plan()
    shop.tamper(run, "ada", state="failed", reason="crashed", crashes=4, attempts=10)
    with shop.store.begin() as connection:
        assert move_run(connection, run.id, ["running"], "finished")
    retry(shop, run)
    row = shop.rows(run)["ada"]
    assert (row["state"], row["reason"]) == ("ready", None)
    assert (row["crashes"], row["attempts"], row["last_error"]) == (0, 0, None)
    shop.go_on(run)
    assert shop.fates(run) == {"ada": "sent"}


def test_what_failed_before_there_was_a_copy_is_prepared_anew(shop: Shop) -> None:
    shop.add("ada", "bo")

    def write(brief: Any) -> dict[str, str]:
        raise ZeroDivisionError

    written = shop.scribe.write
    shop.scribe.write = write
    run = shop.run(make_recipe(generate={}))
    for _ in range(12):
        shop.clock.advance(hours=1)
        shop.go_on(run)
    assert shop.fates(run) == {"ada": "failed: plugin_failed", "bo": "failed: plugin_failed"}
    shop.scribe.write = written
    assert retry(shop, run).messages == 2
    assert shop.fates(run) == {"ada": "planned", "bo": "planned"}
    assert shop.go_on(run).row.state == "finished"
    assert [dict(one.fields)["subject"] for one in shop.channel.sent] == ["Hello Ada", "Hello Bo"]


def test_a_message_without_its_copy_is_never_sent(shop: Shop) -> None:
    shop.add("ada")
    run = shop.plan(make_recipe(generate={}))
    shop.tamper(run, "ada", state="ready", content=None)
    shop.go_on(run)
    assert shop.fates(run) == {"ada": "skipped: refused_copy"}
    assert shop.channel.sent == []


def test_a_retried_message_keeps_its_key(shop: Shop) -> None:
    shop.add("ada")
    seen: list[str] = []
    shop.channel.before_mark = lambda message: seen.append(message.key)
    shop.channel.answer(address("ada"), GONE)
    run = shop.run()
    retry(shop, run)
    shop.go_on(run)
    assert len(seen) == 2
    assert len(set(seen)) == 1


def test_policy_is_asked_again_when_a_message_is_retried(shop: Shop) -> None:
    shop.add("ada")
    shop.channel.answer(address("ada"), GONE)
    run = shop.run()
    shop.unsubscribe("ada")
    retry(shop, run)
    shop.go_on(run)
    assert shop.fates(run) == {"ada": "skipped: no_consent"}


def test_nothing_to_retry_changes_nothing(shop: Shop) -> None:
    shop.add("ada")
    run = shop.run()
    decided = retry(shop, run)
    assert (decided.messages, decided.row.state) == (0, "finished")
    assert list_details(shop) == []


def test_a_cancelled_run_is_not_retried(shop: Shop) -> None:
    run = run_with_loose_ends(shop)
    open_run = shop.plan(make_recipe("other"))
    cancel_run(shop.store, open_run.id, now=shop.engine.now)
    with pytest.raises(BallyhooError, match="is cancelled; it cannot be retried"):
        retry(shop, open_run)
    assert shop.read(run).state == "finished"


def test_unknown_messages_that_count_as_sent_are_not_sent_again(shop: Shop) -> None:
    run = run_with_loose_ends(shop)
    assert resolve(shop, run, "sent").messages == 1
    assert shop.fates(run) == {"ada": "sent", "bo": "failed: refused", "cy": "sent"}
    assert shop.read(run).state == "finished"
    assert len(shop.channel.sent) == 1
    assert list_details(shop) == [("run.resolve", {"messages": 1, "resolution": "sent"})]


def test_unknown_messages_are_sent_again_under_the_same_key(shop: Shop) -> None:
    seen: list[str] = []
    shop.channel.after_mark = lambda message: seen.append(message.key)
    run = run_with_loose_ends(shop)
    assert resolve(shop, run, "resend").row.state == "running"
    assert shop.go_on(run).row.state == "finished"
    assert shop.fates(run)["cy"] == "sent"
    assert seen[-1] in seen[:-1]


def test_an_unknown_message_that_is_not_sent_again_after_all_is_as_unknown_as_before(
    shop: Shop,
) -> None:
    run = run_with_loose_ends(shop)
    marked_at = shop.rows(run)["cy"]["sent_at"]
    resolve(shop, run, "resend")
    shop.unsubscribe("cy")
    shop.go_on(run)
    row = shop.rows(run)["cy"]
    assert (row["state"], row["sent_at"]) == ("unknown", marked_at)


def test_of_a_cancelled_run_unknown_messages_count_as_sent_but_are_not_resent(shop: Shop) -> None:
    shop.add("ada", "bo")
    shop.channel.answer(address("ada"), LOST)
    run = shop.plan(make_recipe(deliver={"rate": "1/h"}))
    shop.go_on(run)
    cancel_run(shop.store, run.id, now=shop.engine.now)
    assert shop.fates(run) == {"ada": "unknown", "bo": "cancelled"}
    with pytest.raises(BallyhooError, match="is cancelled; it cannot be resent"):
        resolve(shop, run, "resend")
    assert resolve(shop, run, "sent").messages == 1
    assert shop.fates(run) == {"ada": "sent", "bo": "cancelled"}


def test_approved_messages_leave_and_those_named_do_not(shop: Shop) -> None:
    shop.add("ada", "bo", "cy")
    run = shop.run(make_recipe(generate={"approval": "all"}))
    assert shop.read(run).state == "waiting"
    assert shop.channel.sent == []
    decided = approve(shop, run, "bo")
    assert (decided.messages, decided.skipped) == (2, 1)
    assert shop.go_on(run).row.state == "finished"
    assert shop.fates(run) == {"ada": "sent", "bo": "skipped: not_approved", "cy": "sent"}
    assert list_details(shop) == [("run.approve", {"messages": 3, "skipped": [shop.find("bo")]})]


def test_nothing_is_approved_when_somebody_to_be_skipped_has_no_held_message(shop: Shop) -> None:
    shop.add("ada")
    shop.add("no", country="FR")
    run = shop.run(make_recipe(generate={"approval": "all"}))
    with pytest.raises(DataError, match=f"holds no message for customer {shop.find('no')}"):
        approve(shop, run, "ada", "no")
    assert shop.fates(run) == {"ada": "held"}


def test_what_waits_for_approval_can_be_looked_at(shop: Shop) -> None:
    shop.add("ada", "bo", "cy")
    run = shop.run(make_recipe(generate={"approval": "all"}))
    held = show_held(shop.store, run.id, most=2)
    assert held.count == 3
    assert [one.customer for one in held.messages] == [shop.find("ada"), shop.find("bo")]
    assert held.messages[0].fields["subject"] == "Hello {first_name|you}"


def test_refused_copy_waits_for_a_person_where_the_recipe_says_so(shop: Shop) -> None:
    shop.add("ada", "bo")
    shop.add_plugin("critic", Critic("forbidden"))
    tries = iter(("forbidden once", "forbidden twice", ""))
    shop.scribe.write = lambda brief: dict.fromkeys(brief.fields, next(tries))
    recipe = make_recipe(generate={"refused": "hold"}, review={"critic": {}})
    run = shop.run(recipe)
    assert shop.fates(run) == {"ada": "held", "bo": "held"}
    held = show_held(shop.store, run.id).messages[0]
    assert held.fields["body"] == "forbidden twice"
    assert "body: says 'forbidden'" in held.objections
    approve(shop, run, "bo")
    shop.go_on(run)
    assert shop.fates(run) == {"ada": "sent", "bo": "skipped: not_approved"}
    assert shop.channel.sent[0].fields["body"] == "forbidden twice"


def test_copy_that_could_not_be_sent_waits_for_nobody(shop: Shop) -> None:
    shop.add("ada")
    shop.scribe.write = lambda brief: dict.fromkeys(brief.fields, "Hello {no_such_slot}")
    run = shop.run(make_recipe(generate={"refused": "hold"}))
    assert shop.fates(run) == {"ada": "skipped: refused_copy"}


def test_a_paused_run_is_approved_and_still_waits_to_be_resumed(shop: Shop) -> None:
    shop.add("ada")
    run = shop.run(make_recipe(generate={"approval": "all"}))
    pause_run(shop.store, run.id)
    assert approve(shop, run).messages == 1
    assert run_here(shop.engine, run.id).row.state == "paused"
    assert shop.fates(run) == {"ada": "ready"}


def test_a_run_that_is_through_is_not_approved(shop: Shop) -> None:
    shop.add("ada")
    run = shop.run()
    with pytest.raises(BallyhooError, match="is finished; it cannot be approved"):
        approve(shop, run)
