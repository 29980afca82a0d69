"""Questions about orders, suggestions and records are told by their words, in three languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballyhoo.plugins.faq_responder.markdown import strip_markdown
from ballyhoo.plugins.faq_responder.topics import (
    asks_for_order,
    asks_for_record,
    asks_for_suggestion,
    is_greeting,
    is_thanks,
)

ORDERS = [
    "Where is my order?", "where's my parcel", "Has my order shipped yet?", "order status",
    "When will my package arrive?", "I want to track my order 1234", "My parcel has not arrived",
    "Wo ist meine Bestellung?", "Wo bleibt mein Paket", "Wann kommt meine Bestellung an?",
    "Status meiner Bestellung", "我的订单在哪里?", "包裹什么时候到?", "查询物流", "快递还没到",
]  # fmt: skip
SUGGESTIONS = [
    "What would you suggest?", "Can you recommend something for rainy days?",
    "what should I buy", "Was können Sie mir empfehlen?", "Welche Schuhe empfehlen Sie?",
    "有什么推荐吗?", "给我推荐几双鞋", "推荐什么?",
]  # fmt: skip
OTHERS = [
    "Can I change the address of an order that I place tomorrow by phone?",
    "Do you ship to Norway?", "How do I return shoes?", "Welche Zahlungsarten gibt es?",
    "可以用支付宝吗?", "Do you sell gift cards?",
]  # fmt: skip


@pytest.mark.parametrize("text", ORDERS)
def test_order_is_asked_for(text: str) -> None:
    assert asks_for_order(text)
    assert not asks_for_suggestion(text)


@pytest.mark.parametrize("text", SUGGESTIONS)
def test_suggestion_is_asked_for(text: str) -> None:
    assert asks_for_suggestion(text)
    assert not asks_for_order(text)


@pytest.mark.parametrize("text", OTHERS)
def test_other_questions_are_about_neither(text: str) -> None:
    assert not asks_for_order(text)
    assert not asks_for_suggestion(text)
    assert not is_thanks(text)


def test_records_thanks_and_greetings() -> None:
    assert all(
        map(asks_for_record, ("How much is it?", "Was kostet das?", "多少钱?", "which sizes"))
    )
    assert all(map(is_thanks, ("Thanks!", "thank you so much.", "Vielen Dank!", "谢谢您!")))
    assert all(map(is_greeting, ("Hi", "Guten Tag!", "你好。")))
    assert not is_thanks("Thanks, and where is my order?")
    assert not is_greeting("Hello, where is my order?")


@given(st.text(max_size=400))
def test_no_text_is_too_odd(text: str) -> None:
    for tell in (asks_for_order, asks_for_suggestion, asks_for_record, is_thanks, is_greeting):
        assert tell(text) in (True, False)
    assert isinstance(strip_markdown(text), str)


def test_markdown_becomes_plain_text() -> None:
    text = (
        "# Returns\n\nUse **the label** in [your account](https://a.example/b), *please*.\n"
        "* one\n* two `code`\n\n> quoted\n\n![a picture](x.png)\n<b>bold</b> 2 * 3 * 4"
    )
    assert strip_markdown(text) == (
        "Returns\n\nUse the label in your account (https://a.example/b), please.\n"
        "- one\n- two code\n\nquoted\n\na picture\nbold 2 * 3 * 4"
    )


def test_lines_that_an_editor_wrapped_are_one_and_those_of_an_author_stay() -> None:
    text = (
        "You have thirty days from the day on which it arrived. Open *My orders*, choose\n"
        "what goes back, and\nprint the label.\n\n"
        "- an item of a list that is so long that the editor wrapped it\n  goes on here\n- next\n\n"
        "1 High Street\nSpringfield\n\n"
        "This line is long as well, but its author wanted it to end just here:  \nand here.\n\n"
        "```\na line of a program that is quite long, as lines of programs may be\nthe next\n```\n"
        "这是一个很长很长的句子，用来看中文的换行是不是被合并在一起，中间不加空格，\n下一行。"
    )
    assert strip_markdown(text) == (
        "You have thirty days from the day on which it arrived. Open My orders, choose "
        "what goes back, and\nprint the label.\n\n"
        "- an item of a list that is so long that the editor wrapped it goes on here\n- next\n\n"
        "1 High Street\nSpringfield\n\n"
        "This line is long as well, but its author wanted it to end just here:  \nand here.\n\n"
        "a line of a program that is quite long, as lines of programs may be\nthe next\n\n"
        "这是一个很长很长的句子，用来看中文的换行是不是被合并在一起，中间不加空格，下一行。"
    )
