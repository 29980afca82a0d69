from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ballyhoo.plugins.faq_responder.understanding.temper import read_temper
from ballyhoo.testing import HOSTILE_TEXTS

LANGUAGES = st.sampled_from([None, "en", "de-AT", "zh-Hans", "fr", "", "x-y"])


@pytest.mark.parametrize(
    "text",
    [
        "STOP", "unsubscribe", "Unsubscribe me", "please unsubscribe me from everything",
        "Can you unsubscribe me, please?", "Stop sending me e-mails!", "take me off your list",
        "I no longer want to receive your newsletter", "I want to unsubscribe.",
        "Please remove me from this mailing list", "no more newsletters please",
        "bitte abmelden", "Melden Sie mich bitte vom Newsletter ab", "Keine Werbung mehr!",
        "Ich möchte keine E-Mails mehr bekommen", "取消订阅", "请帮我退订", "不要再给我发邮件了",
    ],
)  # fmt: skip
def test_who_wants_no_more_messages_is_understood(text: str) -> None:
    assert read_temper(text).wants_to_unsubscribe


@pytest.mark.parametrize(
    "text",
    [
        "How do I unsubscribe?", "how do I unsubscribe my mother?", "please unsubscribe my mother",
        "Don't unsubscribe me", "Why did you unsubscribe me?", "Do not stop sending me e-mails",
        "If I unsubscribe, do I lose my points?", "stop the delivery of my order",
        "I cannot find where to unsubscribe", "My son wants to unsubscribe",
        "Wie kann ich mich abmelden?", "Ich möchte meine Mutter vom Newsletter abmelden",
        "Wurde ich vom Newsletter abgemeldet?", "怎么取消订阅？", "我朋友想退订", "我没有取消订阅",
        "How do I subscribe to the newsletter?", "",
    ],
)  # fmt: skip
def test_who_asks_about_it_or_for_somebody_else_is_not_unsubscribed(text: str) -> None:
    assert not read_temper(text).wants_to_unsubscribe


@pytest.mark.parametrize(
    ("text", "anger"),
    [
        ("Where is my order?", 0), ("I am not angry, just curious", 0), ("I'm disappointed", 1),
        ("This is unacceptable", 1), ("I am furious!", 2), ("You are scammers", 2),
        ("I am very angry!!!", 2), ("how do I report a scam call?", 0),
        ("somebody stole my card", 0),
        ("Ich bin nicht sauer", 0), ("Ich bin wirklich enttäuscht", 1), ("Ihr seid Betrüger", 2),
        ("我不生气", 0), ("我很失望", 1), ("你们是骗子", 2),
        ("I AM DISAPPOINTED BY YOUR SERVICE AND YOUR SHOP", 2),
    ],
)  # fmt: skip
def test_anger_is_told_from_calm(text: str, anger: int) -> None:
    assert read_temper(text).anger == anger


@pytest.mark.parametrize(
    ("text", "is_legal", "wants_person", "urgency"),
    [
        ("My lawyer will write to you", True, False, 0),
        ("I will start a chargeback", True, False, 0),
        ("Shoes for the tennis court", False, False, 0),
        ("Ich gehe zum Anwalt", True, False, 0), ("Ein leckeres Gericht", False, False, 0),
        ("我要找律师", True, False, 0), ("Let me talk to a person", False, True, 0),
        ("I don't want to talk to a human", False, False, 0),
        ("Do I have to talk to a person to return it?", False, False, 0),
        ("One shirt per person", False, False, 0), ("转人工客服", False, True, 0),
        ("Ich möchte mit einem Menschen sprechen", False, True, 0),
        ("I need this urgently", False, False, 1), ("It is not urgent", False, False, 0),
        ("Es eilt, bitte sofort", False, False, 1), ("很急，请马上处理", False, False, 1),
    ],
)  # fmt: skip
def test_law_haste_and_the_wish_for_a_person_are_found(
    text: str, is_legal: bool, wants_person: bool, urgency: int
) -> None:
    found = read_temper(text)
    assert (found.is_legal, found.wants_person, found.urgency) == (is_legal, wants_person, urgency)


@settings(deadline=None, max_examples=200)
@given(text=st.text(max_size=200) | st.sampled_from(HOSTILE_TEXTS), language=LANGUAGES)
def test_any_text_has_a_temper(text: str, language: str | None) -> None:
    found = read_temper(text, language)
    assert found.anger in (0, 1, 2)
    assert found.urgency in (0, 1)


@pytest.mark.parametrize(
    "part",
    ["stop sending ", "my mother ", "不要给我", "not ", "a@", "I want to ", "Melden Sie mich "],
)
def test_long_texts_take_no_long_time(part: str) -> None:
    started = time.process_time()
    read_temper(part * 20_000)
    assert time.process_time() - started < 2
