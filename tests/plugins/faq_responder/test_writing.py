"""What a language model writes is sent when the article says it, and only then."""

from __future__ import annotations

import pytest

from .desk import Desk

RECIPE = (
    "respond: {plugin: faq_responder, tone: warm and short}\n"
    "generate: {plugin: scribe, fields: {body: {max_words: 40}}}\n"
)
OWN_WORDS = "You can send back anything unworn within 30 days."


def test_well_founded_reply_is_sent_and_names_what_it_rests_on(desk: Desk) -> None:
    desk.scribe.write = lambda brief: (
        "Hello {first_name|there}, anything unworn can be sent back within 30 days. "
        "The label lies in your account: https://shop.example/account"
    )
    reply = desk.ask("How do I return shoes?", "C-1", recipe=RECIPE)
    assert reply.text == (
        "Hello Ada, anything unworn can be sent back within 30 days. The label lies in your "
        "account: https://shop.example/account\n\nSource: Sending something back"
    )
    assert reply.articles == ("returns",)
    assert reply.details["written_by"] == "scribe"


@pytest.mark.parametrize(
    "lie",
    [
        "You can send back anything unworn within 90 days.",
        "Returns are free, and we refund you double.",
        "Write to help@evil.example to return shoes.",
        "Sale items can be returned.",
        "Dear {last_name}, anything unworn can be sent back within 30 days.",
        "<b>Anything unworn can be sent back.</b>",
        "The moon is made of cheese.",
        "",
    ],
)
def test_what_the_article_does_not_say_is_replaced_by_its_own_words(desk: Desk, lie: str) -> None:
    desk.scribe.write = lambda brief: lie
    reply = desk.ask("How do I return shoes?", "C-1", recipe=RECIPE)
    assert reply.text is not None
    assert reply.text.startswith(OWN_WORDS)
    assert reply.details["written_by"] == "article"
    assert reply.details["unfounded"]


def test_model_sees_neither_name_nor_order_nor_articles_for_others(desk: Desk) -> None:
    desk.scribe.briefs.clear()
    desk.ask("How do I return shoes?", "C-2", recipe=RECIPE)
    (brief,) = desk.scribe.briefs
    told = " ".join((brief.question or "", *brief.passages, *map(str, brief.traits)))
    for secret in ("Kim", "Oyelaran", "kim@", "W-7002", "pick up your order in Vienna."):
        assert secret not in told
    assert (brief.voice, brief.language) == ("warm and short", "en")
    assert brief.fields["body"].max_words == 40


def test_records_and_hand_offs_are_not_written_by_a_model(desk: Desk) -> None:
    desk.scribe.briefs.clear()
    desk.ask("Where is my order?", "C-1", recipe=RECIPE)
    desk.ask("Let me talk to a person", "C-1", recipe=RECIPE)
    desk.ask("Do you repair umbrellas?", recipe=RECIPE)
    assert desk.scribe.briefs == []
