"""What a model wrote is tidied, and cut where a sentence or a word ends, never within a slot."""

from __future__ import annotations

import pytest

from ballyhoo import FieldLimits
from ballyhoo.plugins.llm_copy.fields.cutting import cut_text, tidy_text
from ballyhoo.plugins.llm_copy.fields.lengths import expect_values, has_least, is_over
from ballyhoo.plugins.llm_copy.fields.plans import count_tokens, fit_plans, plan_fields
from ballyhoo.testing import sample_briefs

VALUES = {"product.name": "Tarn trail shoe", "first_name": "Maximiliane"}


def cut(text, *, is_finished=True, **limits):
    return cut_text(text, FieldLimits(**limits), VALUES, is_finished=is_finished)


@pytest.mark.parametrize(
    ("text", "tidy"),
    [
        ('  "New shoes"  ', "New shoes"),
        ("**Warm wool**", "Warm wool"),
        ("„Neue Schuhe“", "Neue Schuhe"),
        ('"One" and "two"', '"One" and "two"'),
        ("a\tb\x01 c\ufffd", "a b c"),
        ('"', '"'),
    ],
)
def test_texts_are_tidied(text, tidy):
    assert tidy_text(text) == tidy


def test_what_fits_stays_as_it_is():
    assert cut("Warm wool for long days", max_chars=40) == "Warm wool for long days"


def test_too_much_is_cut_at_the_end_of_a_sentence():
    text = "Warm wool for long days. And a lot more that nobody needs."
    assert cut(text, max_chars=40) == "Warm wool for long days."


def test_where_a_sentence_would_leave_too_little_a_word_ends_it():
    assert cut("New! Warm wool socks for long days, and more", max_chars=30) == (
        "New! Warm wool socks for long"
    )


def test_what_is_left_hanging_is_taken_off():
    assert cut("Warm wool, soft steps, and more", max_words=4) == "Warm wool, soft steps"


def test_words_are_counted_too():
    assert cut("one two three four", max_words=2) == "one two"


def test_a_slot_is_never_cut_and_counts_as_what_it_will_be():
    text = "For you: {product.name} and wool"
    assert cut(text, max_chars=28) == "For you: {product.name} and"
    assert cut(text, max_chars=22) == "For you"


def test_chinese_is_cut_at_a_sentence_or_a_character():
    assert cut("春天的新鞋。柔软的羊毛轻松的步伐", max_chars=10) == "春天的新鞋。"
    assert cut("柔软的羊毛轻松的步伐", max_chars=4) == "柔软的羊"


def test_what_the_model_did_not_end_loses_its_last_words():
    assert cut("Warm wool. Soft st", is_finished=False, max_chars=50) == "Warm wool."
    assert cut("Warm wool and soft st", is_finished=False) == "Warm wool and soft"


def test_what_cannot_be_cut_stays_for_the_core_to_refuse():
    assert cut("Donaudampfschiff", max_chars=5) == "Donaudampfschiff"


def test_the_least_counts_without_slots():
    limits = FieldLimits(min_words=2)
    assert not has_least("{product.name} warm", limits)
    assert has_least("{product.name} warm wool", limits)


def test_slots_that_alone_are_too_long_are_not_offered():
    brief = sample_briefs(1)[0]
    plans = plan_fields(brief)
    values = expect_values(brief)
    assert {plan.name for plan in plans} == set(brief.fields)
    for plan in plans:
        assert not any(is_over(f"{{{name}}}", plan.limits, values) for name in plan.slots)
    assert "full_name" not in plans[0].slots


def test_longer_fields_may_take_more_tokens():
    assert count_tokens(FieldLimits(max_chars=60), "en") < count_tokens(
        FieldLimits(max_chars=60), "zh"
    )
    assert count_tokens(FieldLimits(max_words=10), "de") < count_tokens(FieldLimits(), "de")
    assert count_tokens(FieldLimits(max_words=5, min_words=40), "en") >= 200


def test_fields_share_the_room_that_a_long_prompt_leaves():
    plans = plan_fields(sample_briefs(4)[3])
    room = sum(plan.most_tokens for plan in plans) // 2
    fitted = fit_plans(plans, room)
    assert sum(plan.most_tokens for plan in fitted) <= room
    assert fit_plans(plans, 2 * room + 2) == plans
    assert all(plan.most_tokens >= 8 for plan in fit_plans(plans, 0))
