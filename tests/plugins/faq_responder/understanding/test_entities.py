from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ballyhoo.plugins.faq_responder.understanding.entities import find_entities
from ballyhoo.testing import HOSTILE_TEXTS

TITLES = ("Trail Runner 2", "Zelt", "徒步鞋")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Where is order 12345?", [("order", "12345")]),
        ("#1234 is late", [("order", "1234")]),
        ("order no. wx-99812", [("order", "WX-99812")]),
        ("Bestellung Nr. AB-1234 vom 03.04.", [("order", "AB-1234"), ("date", "--04-03")]),
        ("订单号：20230401889，4月3日下单",
         [("order", "20230401889"), ("date", "--04-03")]),
        ("订单AB12345到哪了", [("order", "AB12345")]),
        ("I want to order 1000 shirts", []), ("order 3 shirts", []),
        ("Call me: 0176 1234567", []), ("Call +49 170 1234567", []), ("80331 München", []),
        ("paid $1,234.50 on April 3, 2026", [("amount", "1234.50 USD"), ("date", "2026-04-03")]),
        ("12,50 € am 3. April 2026", [("amount", "12.50 EUR"), ("date", "2026-04-03")]),
        ("花了300元", [("amount", "300 CNY")]), ("2026年4月3日", [("date", "2026-04-03")]),
        ("2026-02-30", []), ("03/04/2026", []), ("31.04.", []),
        ("mail Jo.Doe@Example.com.", [("email", "jo.doe@example.com")]),
        ("is the trail  runner 2 in stock", [("product", "Trail Runner 2")]),
        ("Zeltplatz", []), ("这双徒步鞋", [("product", "徒步鞋")]),
    ],
)  # fmt: skip
def test_what_a_question_names_is_found(text: str, found: list[tuple[str, str]]) -> None:
    entities = find_entities(text, TITLES)
    assert [(one.kind, one.value) for one in entities] == found
    assert all(text[one.start : one.end] == one.text for one in entities)


@settings(deadline=None, max_examples=200)
@given(
    text=st.text(max_size=200)
    | st.sampled_from(HOSTILE_TEXTS)
    | st.text(alphabet="0123456789.,-/ #€$月日年orderAB@", max_size=80),
    titles=st.lists(st.text(max_size=10), max_size=3),
)
def test_any_text_has_entities_in_order_that_do_not_overlap(text: str, titles: list[str]) -> None:
    end = 0
    for one in find_entities(text, titles):
        assert end <= one.start < one.end <= len(text)
        assert text[one.start : one.end] == one.text
        end = one.end


@pytest.mark.parametrize("part", ["1.", "a-", "a@a.", "order ", "#1-", "1 ", "€1,", "1月"])
def test_long_texts_take_no_long_time(part: str) -> None:
    started = time.process_time()
    find_entities(part * 20_000)
    assert time.process_time() - started < 2
