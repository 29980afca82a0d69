"""The guard as a plugin: the kit, what it looks at, what it answers, how a recipe tells it."""

from __future__ import annotations

import subprocess
import sys

import pytest
from pydantic import ValidationError

from ballyhoo import FieldLimits
from ballyhoo.plugins import copy_guard
from ballyhoo.plugins.copy_guard import GuardOptions
from ballyhoo.plugins.copy_guard.rules import RULES
from ballyhoo.testing import ReviewConformance

from .shop import SHOE, judge, make_brief, rules


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
        return {
            "banned": ["cheap", "Schnäppchen"],
            "competitors": ["Waldlauf"],
            "allowed_claims": ["our best shoe"],
            "readability": {"en": [30, 110], "de": [10, 110]},
        }


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Your next trail is waiting; shall we go? It's dry, warm and quiet."),
        ("en", "Hello {first_name|there}, {product.name} is {price}. Feel free to look."),
        ("de", "Dein nächster Weg wartet; gehen wir? Für {price} gehört er dir."),
        ("zh", "一起出发吧,{product.name}十分百搭,一路陪着你。"),
    ],
)
def test_plain_words_pass(language, text):
    assert rules(text, language, SHOE) == set()


def test_each_rule_is_an_option_of_its_name():
    assert set(RULES) <= set(GuardOptions.model_fields)
    switches = [name for name in RULES if GuardOptions.model_fields[name].default == "refuse"]
    assert len(switches) == 17


LIES = {
    "numbers": "twenty of them",
    "prices": "paid in euros",
    "discounts": "a bargain",
    "dates": "until Sunday",
    "slot_sense": "save {price}",
    "links": "see www.shop",
    "markup": "a <b>bold</b> word",
    "characters": "wa\u00adter",
    "scarcity": "last chance",
    "promises": "a free gift",
    "features": "made of silk",
    "claims": "it cures",
    "superlatives": "the finest",
    "language": "Hallo, das ist ein deutscher Text, den niemand bestellt hat.",
    "repetition": "come and look. Then walk. come and look and. come and look and.",
    "echo": "Subject: hello",
}


@pytest.mark.parametrize("rule", LIES)
def test_each_rule_can_be_turned_off(rule):
    assert rule in {one.rule for one in judge(make_brief(), body=LIES[rule])}
    assert rule not in {one.rule for one in judge(make_brief(), {rule: "allow"}, body=LIES[rule])}


def test_every_field_is_read_and_named():
    found = judge(make_brief(), subject="Now 5", body="fine", footer="<b>")
    assert {(one.field, one.rule) for one in found} == {
        ("subject", "numbers"),
        ("footer", "markup"),
    }


def test_a_rule_objects_once_to_a_field():
    found = judge(make_brief(), body="one of 5, of 6, of 7", subject="8")
    assert [(one.rule, one.field) for one in found] == [("numbers", "body"), ("numbers", "subject")]


def test_what_is_refused_is_quoted_as_it_was():
    [one] = judge(make_brief(), {"characters": "allow"}, body="we took ｔｗｅｎｔｙ of them")
    assert one.excerpt == "ｔｗｅｎｔｙ"
    assert "ｔｗｅｎｔｙ" in one.message


def test_slot_is_exempt_and_its_default_is_not():
    assert rules("Only {price} for {product.2.name}", "en", offer=None) == {"slot_sense"}
    assert rules("{product.9.list_price}") == set()
    assert rules("Hello {first_name|customer 7}") == {"numbers"}
    assert rules("{first_name|https://x}") == {"links"}


def test_default_that_completes_a_word_is_read_with_it():
    assert "numbers" in rules("ha{first_name|lf} of it")
    assert rules("che{first_name}ap", banned=["cheap"]) == set()


@pytest.mark.parametrize(
    "text", ["a { b", "a } b", "{}", "{First Name}", "{{ 7 * 7 }}", "{% raw %}"]
)
def test_brace_that_is_no_slot_is_refused_whatever_is_allowed(text):
    assert rules(text, numbers="allow", markup="allow") == {"slots"}


def test_field_that_is_too_long_to_read_is_refused():
    assert rules("word " * 20_001) == {"slots"}


def test_copy_without_fields_has_nothing_to_object_to():
    assert judge(make_brief()) == []


def test_limits_of_tone_are_no_words_of_the_copy():
    brief = make_brief(fields={"body": FieldLimits(tone="calm and concrete")})
    assert {one.rule for one in judge(brief, body="We stay calm and concrete.")} == {"echo"}


@pytest.mark.parametrize(
    "options",
    [
        {"numbers": "warn"},
        {"readability": {"fr": [1, 2]}},
        {"readability": {"en": [60]}},
        {"readability": {"en": [60, 10]}},
        {"banned": [" "]},
        {"low_stock": -1},
        {"nmbers": "allow"},
    ],
)
def test_options_that_make_no_sense_are_refused(options):
    with pytest.raises(ValidationError):
        GuardOptions(**options)


def test_importing_the_plugin_reads_no_rule():
    code = (
        "import sys, ballyhoo.plugins.copy_guard as g; "
        "print([m for m in sys.modules if 'copy_guard.' in m or 'langid' in m or m == 'numpy'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['ballyhoo.plugins.copy_guard.options']"
