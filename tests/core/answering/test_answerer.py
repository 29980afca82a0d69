"""Enquiries are answered once, kept with what they rest on, and tell nobody of somebody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from ballyhoo import Handoff, PluginError, Reply
from ballyhoo.core.answering.asked import Asked
from ballyhoo.core.store.rights import erase_customer, export_customer
from ballyhoo.core.store.rows import ArticleRow
from ballyhoo.core.store.tables import customers, enquiries, replies

from ..engine.shop import Shop
from .clerk import Clerk, add_articles, add_order, ask, make_answerer

SHIPPING = ArticleRow("shipping", "Shipping", "We ship within two days.", "en")


def test_question_that_comes_twice_is_answered_once(shop: Shop, clerk: Clerk) -> None:
    first = ask(shop, "When does it come?")
    clerk.answer = lambda one: Reply(text="No.", confidence=0.1)
    again = ask(shop, "When does it come?")
    assert (first.is_new, again.is_new) == (True, False)
    assert again.reply.text == first.reply.text == "Yes."
    assert len(clerk.asked) == 1


def test_question_that_broke_the_responder_is_kept_and_answered_when_it_comes_again(
    shop: Shop, clerk: Clerk
) -> None:
    def fail(_: object) -> Reply:
        raise RuntimeError("out of order")

    clerk.answer = fail
    with pytest.raises(PluginError):
        ask(shop)
    clerk.answer = lambda one: Reply(text="Yes.", confidence=0.9)
    answered = ask(shop)
    assert answered.is_new
    assert answered.reply.text == "Yes."
    with shop.store.read() as connection:
        assert len(connection.execute(select(enquiries.c.id)).all()) == 1


def test_reply_keeps_the_version_of_the_article_it_rests_on(shop: Shop, clerk: Clerk) -> None:
    add_articles(shop, SHIPPING)
    add_articles(shop, SHIPPING._replace(body="We ship within a day."))
    clerk.answer = lambda one: Reply(
        text="A day.", confidence=0.9, articles=("shipping",), language="en"
    )
    ask(shop)
    with shop.store.read() as connection:
        assert connection.scalar(select(replies.c.articles)) == [["shipping", "en", 2]]


def test_article_that_there_is_not_is_no_source(shop: Shop, clerk: Clerk) -> None:
    clerk.answer = lambda one: Reply(text="Yes.", confidence=0.9, articles=("made-up",))
    with pytest.raises(PluginError, match="no article"):
        ask(shop)


def test_article_for_others_is_not_told(shop: Shop, clerk: Clerk) -> None:
    shop.add("ada", country="DE")
    shop.add("kim", country="AT")
    add_articles(shop, SHIPPING._replace(audience="country = 'DE'"))
    clerk.answer = lambda one: Reply(text="Secret.", confidence=0.9, articles=("shipping",))
    assert ask(shop, key="1", customer_id=shop.find("ada")).reply.text == "Secret."
    for key, who in (("2", shop.find("kim")), ("3", None)):
        reply = ask(shop, key=key, customer_id=who).reply
        assert reply.text is None
        assert reply.handoff is not None
        assert reply.handoff.reason == "not_for_her"
    assert clerk.asked[0].audiences == {"country = 'DE'"}


def test_slots_are_filled_with_her_own_facts(shop: Shop, clerk: Clerk) -> None:
    shop.add("ada", language="de")
    add_order(shop, "ada", "W-1001")
    clerk.answer = lambda one: Reply(
        text="{first_name}: {order.number} ist {order.state}. {order.items} {not_ours} {",
        confidence=0.9,
        order=one.orders[0].number,
    )
    reply = ask(shop, customer_id=shop.find("ada")).reply
    assert reply.text == "Ada: W-1001 ist unterwegs. 2 × Tarn shoe {not_ours} {"


def test_order_of_somebody_else_cannot_be_named(shop: Shop, clerk: Clerk) -> None:
    shop.add("ada", "kim")
    add_order(shop, "ada", "W-1001")
    clerk.answer = lambda one: Reply(text="{order.state}", confidence=1, order="W-1001")
    for key, who in (("1", shop.find("kim")), ("2", None)):
        with pytest.raises(PluginError, match="none of the asking"):
            ask(shop, key=key, customer_id=who)
    assert all(not one.orders for one in clerk.asked)


def test_slot_without_a_value_is_a_hand_off(shop: Shop, clerk: Clerk) -> None:
    clerk.answer = lambda one: Reply(text="Dear {first_name}, yes.", confidence=0.9)
    reply = ask(shop).reply
    assert reply.text is None
    assert reply.handoff is not None
    assert reply.handoff.reason == "no_fact"


def test_draft_of_a_hand_off_is_filled_too(shop: Shop, clerk: Clerk) -> None:
    shop.add("ada")
    handoff = Handoff(reason="angry", summary="Wants it now.", draft="Dear {first_name},")
    clerk.answer = lambda one: Reply(text=None, confidence=0.2, handoff=handoff)
    reply = ask(shop, customer_id=shop.find("ada")).reply
    assert reply.handoff == replace(handoff, draft="Dear Ada,")


def test_conversation_is_known_and_nobody_elses(shop: Shop, clerk: Clerk) -> None:
    shop.add("ada", "kim")
    ada, kim = shop.find("ada"), shop.find("kim")
    ask(shop, "I am a stranger", key="1", conversation_id="c")
    shop.clock.advance(timedelta(minutes=1))
    ask(shop, "I am Ada", key="2", conversation_id="c", customer_id=ada)
    shop.clock.advance(timedelta(minutes=1))
    for key, who, known in (
        ("3", ada, ["I am a stranger", "I am Ada"]),
        ("4", kim, ["I am a stranger"]),
        ("5", None, ["I am a stranger"]),
    ):
        ask(shop, "And?", key=key, conversation_id="c", customer_id=who)
        seen = [turn.text for turn in clerk.asked[-1].earlier if turn.text != "And?"]
        assert seen == known
    assert clerk.asked[-1].earlier[0].reply == "Yes."


REASONS = {"customer": {"no_consent": 1}, "address": {"suppressed": 1}}


@pytest.mark.parametrize("by", REASONS)
def test_who_wants_no_more_messages_gets_none(shop: Shop, clerk: Clerk, by: str) -> None:
    shop.add("ada", "kim")
    clerk.answer = lambda one: Reply(text="Gone.", confidence=1, unsubscribes=True)
    told = {"customer_id": shop.find("ada")} if by == "customer" else {
        "address": "ada@Customers.example"
    }  # fmt: skip
    reply = ask(shop, "Unsubscribe me", **told).reply
    assert reply.unsubscribes
    assert clerk.asked[0].has_address
    assert shop.receipt(shop.plan()).skipped == REASONS[by]


def test_trying_out_keeps_nothing_and_unsubscribes_nobody(shop: Shop, clerk: Clerk) -> None:
    shop.add("ada")
    clerk.answer = lambda one: Reply(text="Gone.", confidence=1, unsubscribes=True)
    asked = Asked(
        text="Stop", key="x", source="ask", at=shop.clock.now(), customer_id=shop.find("ada")
    )
    (reply,) = make_answerer(shop).try_out([asked])
    assert reply.text == "Gone."
    with shop.store.read() as connection:
        assert connection.execute(select(enquiries.c.id)).all() == []
    assert shop.receipt(shop.plan()).skipped == {}


def test_export_shows_and_erasing_removes_what_was_asked_and_answered(
    shop: Shop, clerk: Clerk
) -> None:
    shop.add("ada")
    ask(shop, "My very own question", customer_id=shop.find("ada"))
    (shown,) = export_customer(shop.store, "ada")["enquiries"]
    assert shown["text"] == "My very own question"
    assert shown["reply"]["text"] == "Yes."
    erase_customer(shop.store, "ada")
    with shop.store.read() as connection:
        assert connection.scalar(select(enquiries.c.text)) is None
        assert connection.scalar(select(replies.c.text)) is None
        assert connection.scalar(select(customers.c.first_name)) is None
