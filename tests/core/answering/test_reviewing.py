"""A review finds what nobody answered, what does not help, and questions worth having."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballyhoo import DataError, Handoff, Reply
from ballyhoo.core.answering.article_file import write_suggestions
from ballyhoo.core.answering.handoffs import close_handoffs, list_open
from ballyhoo.core.answering.keeping import judge_reply
from ballyhoo.core.answering.likeness import find_groups
from ballyhoo.core.answering.reviewing import Review, review_enquiries
from ballyhoo.core.importing.importer import Import
from ballyhoo.core.store.reading import StoredView
from ballyhoo.core.store.rows import ArticleRow

from ..engine.shop import Shop
from .clerk import Clerk, add_articles, ask

SHIPPING = ArticleRow("shipping", "Shipping", "We ship: within \"two\" days.\n\n- fast", "en",
                      ("How long does it take?",), "delivery_time")  # fmt: skip
ANSWER = Reply(text="Two days.", confidence=0.9, articles=("shipping",), language="en")


def hand_over(reason: str, *candidates: str) -> Reply:
    handoff = Handoff(reason=reason, summary="-", candidates=candidates)
    return Reply(text=None, confidence=0.1, handoff=handoff)


def ask_all(shop: Shop, clerk: Clerk, reply: Reply, *texts: str, **told: Any) -> list[int]:
    clerk.answer = lambda one: reply
    ids = []
    for text in texts:
        shop.clock.advance(timedelta(minutes=1))
        answered = ask(shop, text, key=f"{text}|{shop.clock.now()}", **told)
        assert answered.enquiry_id is not None
        ids.append(answered.enquiry_id)
    return ids


def review(shop: Shop) -> Review:
    now = shop.clock.now()
    return review_enquiries(shop.store, since=now - timedelta(days=30), now=now)


def test_questions_that_ask_for_the_same_stand_together(shop: Shop, clerk: Clerk) -> None:
    ask_all(
        shop, clerk, hand_over("low_confidence", "shipping"),
        "Do you repair boots?", "Can you repair my boots?", "Do you repair old boots",
        "Is there a shop in Oslo?",
    )  # fmt: skip
    ask_all(shop, clerk, hand_over("angry"), "This is a scandal")
    found = review(shop)
    assert [group.count for group in found.unanswered] == [3, 1]
    assert found.unanswered[0].candidates == ("shipping",)
    assert "Is there a shop in Oslo?" in found.unanswered[1].questions
    assert (found.asked, found.handed_off, found.open) == (5, 5, 5)


def test_article_that_people_ask_on_after_does_not_help(shop: Shop, clerk: Clerk) -> None:
    add_articles(shop, SHIPPING)
    for number in range(3):
        ask_all(shop, clerk, ANSWER, "How long?", "But how long?", conversation_id=f"c{number}")
    (found,) = review(shop).unhelpful
    assert (found.article, found.told, found.asked_again) == ("shipping", 6, 3)


def test_article_that_helps_is_not_named(shop: Shop, clerk: Clerk) -> None:
    add_articles(shop, SHIPPING)
    for one in ask_all(shop, clerk, ANSWER, "How long?", "When?", "What time?", "Which day?"):
        with shop.store.begin() as connection:
            assert judge_reply(connection, one, is_helpful=True, now=1)
    assert review(shop).unhelpful == ()


def test_confirmed_question_is_suggested_and_accepted_through_a_file(
    shop: Shop, clerk: Clerk, tmp_path: Path
) -> None:
    add_articles(shop, SHIPPING)
    asked = ask_all(shop, clerk, ANSWER, 'How many "days" until my boots?', "How long does it take")
    with shop.store.begin() as connection:
        for one in asked:
            judge_reply(connection, one, is_helpful=True, now=1)
    (waiting,) = ask_all(shop, clerk, hand_over("low_confidence"), "Is it there by Friday?")
    assert close_handoffs(
        shop.store, [waiting], intent="delivery_time", now=shop.clock.now()
    ) == 1  # fmt: skip
    found = review(shop)
    assert {(one.question, one.because) for one in found.suggested} == {
        ('How many "days" until my boots?', "helped"),
        ("Is it there by Friday?", "labelled"),
    }
    assert found.open == 0
    path = tmp_path / "suggested.yaml"
    assert write_suggestions(shop.store, found.suggested, path) == 1
    report = Import(shop.store, "articles", path).run()
    assert (report.updated, report.rejected) == (1, 0)
    view = StoredView(shop.store, shop.clock)
    (article,) = view.articles()
    assert article.body == SHIPPING.body
    assert article.questions == (
        "How long does it take?", 'How many "days" until my boots?', "Is it there by Friday?",
    )  # fmt: skip
    assert [(one.text, one.intent) for one in view.labelled_enquiries()] == [
        ("Is it there by Friday?", "delivery_time")
    ]


def test_hand_offs_wait_until_they_are_closed(shop: Shop, clerk: Clerk) -> None:
    first, second = ask_all(shop, clerk, hand_over("legal"), "My lawyer", "My other lawyer")
    (answered,) = ask_all(shop, clerk, Reply(
        text="Yes.", confidence=1.0), "Open?")  # fmt: skip
    assert [one.enquiry for one in list_open(shop.store, most=9)] == [first, second]
    with pytest.raises(DataError, match=f"no person has to answer {answered}"):
        close_handoffs(shop.store, [first, answered], intent=None, now=shop.clock.now())
    assert close_handoffs(shop.store, [first], intent=None, now=shop.clock.now()) == 1
    assert close_handoffs(shop.store, [first], intent=None, now=shop.clock.now()) == 0
    assert [one.enquiry for one in list_open(shop.store, most=9)] == [second]


@given(st.lists(st.text(max_size=30), max_size=12))
def test_every_text_is_in_one_group(texts: list[str]) -> None:
    groups = find_groups(texts)
    assert sorted(place for group in groups for place in group) == list(range(len(texts)))


def test_chinese_questions_stand_together_too() -> None:
    texts = ["靴子能修吗?", "Do you sell gift cards?", "请问靴子可以修吗?"]
    assert find_groups(texts) == [[0, 2], [1]]
