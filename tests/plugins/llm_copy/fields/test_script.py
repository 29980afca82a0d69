"""A row writes its fields line by line: what is fed, where a field ends, and what stands in it."""

from __future__ import annotations

from ballyhoo import FieldLimits
from ballyhoo.plugins.llm_copy.engines.vocabulary import Vocabulary
from ballyhoo.plugins.llm_copy.fields.plans import FieldPlan
from ballyhoo.plugins.llm_copy.fields.script import Script

from ..small_models import make_byte_tokenizer

TOKENIZER = make_byte_tokenizer()
VOCABULARY = Vocabulary(TOKENIZER, len(TOKENIZER), device="cpu")


def make(*limits, slots=("price",), most_tokens=40):
    names = ("subject", "body")[: len(limits)]
    return Script(
        VOCABULARY,
        prompt=[5],
        plans=[
            FieldPlan(name=name, limits=one, most_tokens=most_tokens, slots=frozenset(slots))
            for name, one in zip(names, limits, strict=True)
        ],
        labels=[VOCABULARY.encode("Subject:"), VOCABULARY.encode("Body:")][: len(limits)],
        line_break=VOCABULARY.encode("\n"),
        seed=1,
    )


def feed(script, text):
    """Give a row the tokens of a text, none of which it forbids; return what it fed, in words."""
    fed: list[int] | None = []
    for token in VOCABULARY.encode(text):
        assert not script.blocked[token]
        answer = script.take(token)
        if answer is None:
            return None
        fed += answer
    return VOCABULARY.decode(fed)


def test_the_next_label_is_fed_where_a_line_ends():
    script = make(FieldLimits(), FieldLimits())
    assert feed(script, " New shoes\n") == " New shoes\nBody:"
    assert feed(script, " Warm wool.\n") is None
    assert script.fields == {"subject": "New shoes", "body": "Warm wool."}


def test_an_end_of_text_ends_a_field_like_a_line():
    script = make(FieldLimits(), FieldLimits())
    feed(script, " New shoes")
    fed = script.take(TOKENIZER.eos_token_id)
    assert VOCABULARY.decode(fed) == "\nBody:"
    assert TOKENIZER.eos_token_id not in fed


def test_a_field_that_is_over_its_limit_ends_there():
    script = make(FieldLimits(max_words=2), FieldLimits())
    fed = feed(script, " Warm wool for long days and many more of them")
    assert "\nBody:" in fed
    assert script.fields["subject"] == "Warm wool"


def test_a_field_ends_with_its_tokens():
    script = make(FieldLimits(), most_tokens=6)
    assert feed(script, " Warm wool for long days and more") is None
    assert len(script.fields["subject"]) < 25


def test_a_field_that_is_empty_or_too_short_cannot_end():
    script = make(FieldLimits(min_words=3))
    (line_break,) = VOCABULARY.encode("\n")
    assert script.blocked[line_break]
    feed(script, " Warm wool")
    assert script.blocked[line_break]
    feed(script, " socks")
    assert not script.blocked[line_break]


def test_within_a_slot_only_its_name_can_follow():
    script = make(FieldLimits(), slots=("price",))
    feed(script, " only {pri")
    open_ones = [id for id in range(len(TOKENIZER)) if not script.blocked[id]]
    assert {VOCABULARY.texts[id][:1] for id in open_ones} == {"c"}


def test_a_slot_is_closed_before_the_tokens_run_out():
    script = make(FieldLimits(), most_tokens=3)
    assert feed(script, " {price}") is None
    assert script.fields["subject"] == "{price}"


def test_a_row_that_begins_anew_has_written_nothing():
    script = make(FieldLimits(), FieldLimits())
    feed(script, " New shoes\n")
    script.rewind()
    assert script.fields == {}
    assert feed(script, " Old shoes\n") == " Old shoes\nBody:"


def test_no_text_is_longer_than_was_said():
    script = make(FieldLimits(), FieldLimits(), most_tokens=10)
    fed, token = 0, VOCABULARY.encode(" x")[0]
    while (answer := script.take(token)) is not None:
        fed += len(answer)
    assert fed <= script.most_tokens
