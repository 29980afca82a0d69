"""The guard of every generated copy: the kit, and each of its rules."""

from __future__ import annotations

import pytest

from ballyhoo import Brief, Copy, FieldLimits, Provenance
from ballyhoo.plugins import copy_guard
from ballyhoo.testing import ReviewConformance, make_context


class TestGuardKeepsTheContract(ReviewConformance):
    @pytest.fixture
    def plugin(self):
        return copy_guard


class TestStrictGuardKeepsTheContract(ReviewConformance):
    @pytest.fixture
    def plugin(self):
        return copy_guard

    @pytest.fixture
    def options(self):
        return {"superlatives": "refuse", "banned": ["cheap", "Schnäppchen"]}


def object_to(text: str, field: str = "body", **options) -> list[tuple[str, str | None]]:
    brief = Brief(campaign="spring", language="en", fields={field: FieldLimits()})
    copy = Copy(fields={field: text}, provenance=Provenance(generator="test"))
    found = copy_guard.review(make_context(), copy_guard.GuardOptions(**options), brief, copy)
    assert all(one.field == field for one in found)
    return [(one.rule, one.excerpt) for one in found]


def rules(text: str, **options) -> list[str]:
    return [rule for rule, _ in object_to(text, **options)]


def test_plain_words_pass():
    assert rules("Your next trail is waiting; shall we go? It's dry, warm and quiet.") == []


@pytest.mark.parametrize(
    "text",
    [
        "now 20 off",
        "now ٢٠ off",
        "अब २० कम",
        "now ２０ off",
        "now 𝟐𝟎 off",
        "number ② of the year",
        "half is ½",
        "chapter Ⅳ",
        "一百 is fine, 100% is not",
        "a few % off",
        "a few ‰ off",
        "a few ％ off",
        "x²",
    ],
)
def test_number_of_any_script_is_refused(text):
    assert rules(text) == ["numbers"]
    assert rules(text, numbers="allow") == []


def test_number_word_is_not_a_digit():
    assert rules("twenty reasons, zwanzig Gründe") == []


@pytest.mark.parametrize(
    "text",
    [
        "see https://shop.example.org/sale",
        "see http://x",
        "see HTTPS://SHOP",
        "see www.shop",
        "write to noor@example.org",
        "at fernpfad.shop",
        "at fernpfad.de now",
    ],
)
def test_link_is_refused(text):
    assert rules(text) == ["links"]
    assert rules(text, links="allow") == []


def test_end_of_a_sentence_is_not_a_link():
    assert rules("We walk.Then we rest. Then on.") == []


@pytest.mark.parametrize(
    "text",
    [
        "a <b>bold</b> word",
        "a <br/> break",
        "fish &amp; chips",
        "see [here](there)",
        "so ```code```",
    ],
)
def test_markup_is_refused(text):
    assert rules(text) == ["markup"]
    assert rules(text, markup="allow") == []


@pytest.mark.parametrize("text", ["warm < dry", "fish & chips", "one > two", "[sic]", "so (so)"])
def test_lone_sign_is_not_markup(text):
    assert rules(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "the best shoe",
        "The PERFECT shoe",
        "der beste Schuh",
        "einzigartige Schuhe",
        "最好的鞋",
    ],
)
def test_superlative_is_refused_where_the_recipe_asks_for_it(text):
    assert rules(text) == []
    assert rules(text, superlatives="refuse") == ["superlatives"]


def test_part_of_a_word_is_no_superlative():
    assert rules("a bestseller of the northwest", superlatives="refuse") == []


def test_banned_word_is_found_whatever_its_case():
    banned = {"banned": ["cheap", "straße"]}
    assert object_to("So CHEAP, in der STRASSE", **banned) == [
        ("banned", "cheap"),
        ("banned", "straße"),
    ]
    assert object_to("dear", **banned) == []


@pytest.mark.parametrize(
    "text",
    [
        "Only {price} for {product.2.name}",
        "Hello {first_name|friend}, use {offer.code}",
        "{product.9.list_price}",
    ],
)
def test_slot_is_exempt(text):
    strict = {"superlatives": "refuse", "banned": ["offer", "price"]}
    assert rules(text, **strict) == []


def test_default_of_a_slot_is_not_exempt():
    assert rules("Hello {first_name|customer 7}") == ["numbers"]
    assert rules("{offer.code|https://x}") == ["links"]
    assert rules("{first_name|best}", superlatives="refuse") == ["superlatives"]


def test_words_on_both_sides_of_a_slot_do_not_become_one():
    assert rules("che{first_name}ap", banned=["cheap"]) == []


@pytest.mark.parametrize(
    "text", ["a { b", "a } b", "{}", "{First Name}", "{{ 7 * 7 }}", "{% raw %}"]
)
def test_brace_that_is_no_slot_is_refused_whatever_is_allowed(text):
    allowed = {"numbers": "allow", "links": "allow", "markup": "allow"}
    assert rules(text, **allowed) == ["slots"]


def test_every_field_is_read_and_named():
    brief = Brief(campaign="spring", language="en", fields={})
    copy = Copy(
        fields={"subject": "Now 5", "body": "fine", "footer": "<b>"},
        provenance=Provenance(generator="test"),
    )
    found = copy_guard.review(make_context(), copy_guard.GuardOptions(), brief, copy)
    assert [(one.field, one.rule) for one in found] == [
        ("subject", "numbers"),
        ("footer", "markup"),
    ]


def test_several_rules_object_each_for_itself():
    assert rules("<i>best</i> of 5 at www.shop", superlatives="refuse") == [
        "numbers",
        "links",
        "markup",
        "superlatives",
    ]


def test_excerpt_shows_the_words_objected_to():
    [(rule, excerpt)] = object_to("We have taken all of 30 euros off")
    assert rule == "numbers"
    assert "all of 30 euros" in excerpt
    assert object_to("go to www.shop.example now") == [("links", "www.shop.example")]
