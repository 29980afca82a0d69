"""What holds for whatever text: no error, no digit passes, no disguise helps, time is bounded."""

from __future__ import annotations

import string
import unicodedata

from hypothesis import example, given, settings
from hypothesis import strategies as st

from ballyhoo.plugins.copy_guard.reading import read
from ballyhoo.testing import HOSTILE_TEXTS

from .shop import SHOE, judge, make_brief

DIGITS = st.characters(categories=("Nd", "Nl", "No"))
SIGNS = st.sampled_from(["\u200b", "\u2060", "\u00ad", "\ufeff", "\u202e", "\ufe0f", "\U000e0041"])
LANGUAGES = st.sampled_from(["en", "de", "zh", "fr", "tlh", "", "x-y"])
PARTS = st.sampled_from(
    [
        "{",
        "}",
        "{first_name}",
        "{price|",
        "half ",
        "八",
        "折",
        "<b",
        "http:",
        ".com",
        "%",
        "\n",
        "a b c d",
    ]
)
TEXTS = st.lists(st.text(max_size=12) | PARTS | st.sampled_from(HOSTILE_TEXTS), max_size=8)


@settings(deadline=None, max_examples=150)
@given(texts=TEXTS, language=LANGUAGES)
def test_guard_never_raises(texts, language):
    body = "".join(texts)
    found = judge(make_brief(language, SHOE), subject=body[::-1], body=body)
    assert all(one.field in ("subject", "body", None) and one.message for one in found)


@settings(deadline=None, max_examples=150)
@given(before=st.text(max_size=12), digit=DIGITS, after=st.text(max_size=12))
@example(before="", digit="\N{ROMAN NUMERAL FIFTY}", after="")
@example(before="", digit="\N{SMALL ROMAN NUMERAL ONE THOUSAND}", after="")
def test_digit_of_any_script_outside_of_slots_is_refused(before, digit, after):
    assert judge(make_brief(), body=f"{before}{digit}{after}")


@settings(deadline=None, max_examples=100)
@given(
    word=st.sampled_from(
        ["twenty percent", "zwanzig", "half price", "fernpfad.com", "八折", "五月"]
    ),
    signs=st.lists(st.tuples(st.integers(0, 14), SIGNS), max_size=4),
    is_wide=st.booleans(),
    is_loud=st.booleans(),
)
def test_hidden_signs_and_wide_letters_do_not_make_a_lie_pass(word, signs, is_wide, is_loud):
    told = word.upper() if is_loud else word
    if is_wide:
        told = "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in told)
    for at, sign in signs:
        told = told[:at] + sign + told[at:]
    rules = {
        one.rule for one in judge(make_brief(), {"characters": "allow"}, body=f"so {told} now")
    }
    assert rules & {"numbers", "links", "dates"}


@settings(max_examples=200)
@given(st.text(max_size=60))
def test_reading_keeps_places(text):
    reading = read(text)
    lengths = {len(reading.cased), len(reading.plain), len(reading.bare), len(reading.starts)}
    assert len(lengths) == 1
    assert list(reading.starts) == sorted(reading.starts)
    assert all(0 <= a < b <= len(text) for a, b in zip(reading.starts, reading.ends, strict=True))
    assert not any(unicodedata.category(one) == "Cf" for one in reading.cased)


@settings(max_examples=100)
@given(st.text(alphabet=string.printable, max_size=60))
def test_plain_ascii_is_read_as_it_is(text):
    shown = "".join(one for one in text if one not in "\x0b\x0c")
    assert read(text).cased == shown


def test_long_texts_of_any_pattern_are_judged_to_their_end():
    # Where a rule took time with the square of the text, this would not come to an end.
    pieces = [
        "a ", "a.", "half-", "www", "(((", "[a](", "<a ", "{price} ", "八折", "&amp", "..",
        "one for ",
        "t w ", "__a", "**", "a@", "save " , "#", "\n", "zwei", "ein und ", "ii ",
    ]  # fmt: skip
    for piece in pieces:
        text = piece * (30_000 // len(piece))
        assert isinstance(judge(make_brief(), {"language": "allow"}, body=text), list)
