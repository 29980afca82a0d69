"""A written reply is held to its passages: what they do not say is refused, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballyhoo.plugins.faq_responder.grounding import find_unfounded

RETURNS = (
    "Sending something back\nYou can return unworn shoes within 30 days. The label is in your "
    "account at https://shop.example/account. Returns from Austria cost 4.90 EUR. Sale items "
    "cannot be returned. Once they arrive we refund the price within 5 working days."
)
VERSAND = (
    "Versand\nWir liefern nach Deutschland und Österreich. Ein Paket braucht zwei bis vier Tage. "
    "Ab 50 Euro ist der Versand kostenlos. In die Schweiz liefern wir nicht."
)
CHINESE = "退货\n未穿过的鞋子可以在30天内退货。退货标签在您的账户里。特价商品不能退货。"


def check(text: str, passage: str = RETURNS, language: str = "en", slots: tuple[str, ...] = ()):
    return find_unfounded(text, [passage], slots=slots, language=language)


@pytest.mark.parametrize(
    ("text", "passage", "language"),
    [
        ("You can return unworn shoes within 30 days.", RETURNS, "en"),
        ("Of course! Unworn shoes can be returned within 30 days. The label is in your account: "
         "https://shop.example/account", RETURNS, "en"),
        ("We refund the price within 5 working days once your return arrives.", RETURNS, "en"),
        ("I am sorry, sale items cannot be returned.", RETURNS, "en"),
        ("Ab 50 Euro ist der Versand kostenlos.", VERSAND, "de"),
        ("Leider liefern wir nicht in die Schweiz.", VERSAND, "de"),
        ("未穿过的鞋子可以在30天内退货。", CHINESE, "zh"),
    ],
)  # fmt: skip
def test_what_the_passage_says_may_be_said(text: str, passage: str, language: str) -> None:
    assert check(text, passage, language) == []


@pytest.mark.parametrize(
    ("text", "passage", "language"),
    [
        ("You can return unworn shoes within 60 days.", RETURNS, "en"),
        ("You can return unworn shoes within thirty days.", RETURNS, "en"),
        ("Returns from Austria cost 2.90 EUR.", RETURNS, "en"),
        ("The label is in your account at https://evil.example/account.", RETURNS, "en"),
        ("Write to help@evil.example to return shoes.", RETURNS, "en"),
        ("Sale items can be returned.", RETURNS, "en"),
        ("You cannot return unworn shoes.", RETURNS, "en"),
        ("Returns from Austria are free.", RETURNS, "en"),
        ("You get a discount on your next shoes.", RETURNS, "en"),
        ("Our founder was born in Vienna and loves mountains.", RETURNS, "en"),
        ("<b>You can return unworn shoes</b>", RETURNS, "en"),
        ("[Return](https://shop.example/account) unworn shoes.", RETURNS, "en"),
        ("Dear {last_name}, return unworn shoes.", RETURNS, "en"),
        ("Return {unworn shoes", RETURNS, "en"),
        ("", RETURNS, "en"),
        ("未穿过的鞋子可以退货。", RETURNS, "en"),
        ("Wir liefern in die Schweiz.", VERSAND, "de"),
        ("Ein Paket braucht fünf Tage.", VERSAND, "de"),
        ("Wir erstatten den Versand.", VERSAND, "de"),
        ("特价商品可以退货。", CHINESE, "zh"),
        ("鞋子可以在60天内退货。", CHINESE, "zh"),
        ("退货全部免费。", CHINESE, "zh"),
    ],
)  # fmt: skip
def test_what_the_passage_does_not_say_is_refused(text: str, passage: str, language: str) -> None:
    assert check(text, passage, language)


def test_slot_that_was_given_may_be_used() -> None:
    text = "Hello {first_name|there}, you can return unworn shoes within 30 days."
    assert check(text, slots=("first_name",)) == []
    assert check(text) == ["the slot {first_name}"]


@given(st.text(max_size=300), st.text(max_size=300))
def test_no_text_is_too_odd(text: str, passage: str) -> None:
    assert isinstance(check(text, passage), list)


def test_every_sentence_of_a_passage_may_be_said_as_it_is() -> None:
    for sentence in RETURNS.split("\n", 1)[1].split(". "):
        assert check(sentence.rstrip(".") + ".") == [], sentence
