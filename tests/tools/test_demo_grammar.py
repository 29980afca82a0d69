"""The grammar that the demo model learns from: true, within limits, the same for the same seed."""

from __future__ import annotations

import re
from itertools import islice
from random import Random

import pytest
from demo_grammar.copywriter import fits
from demo_grammar.kind import load_kinds, load_words
from demo_grammar.phrase import PART, load_phrases
from demo_grammar.record import Record, make_record, make_records
from demo_grammar.situation import LIMITS, draw_situation
from measure_demo_model import find_false_facts, is_in_language, passes_guard

from ballyhoo import Copy, Provenance, find_slots
from ballyhoo.core.copywriting import check_copy

COPIES = 2_000


@pytest.fixture(scope="module")
def records() -> list[Record]:
    return list(islice(make_records(3), COPIES))


def test_the_same_seed_writes_the_same_texts() -> None:
    first, again, other = (
        [one.prompt + one.answer for one in islice(make_records(seed), 50)] for seed in (4, 4, 5)
    )
    assert first == again
    assert not set(first) & set(other)


def test_every_field_is_written_with_slots_that_the_brief_allows(records: list[Record]) -> None:
    for record in records:
        copy = Copy(fields=record.copy, provenance=Provenance(generator="grammar"))
        assert check_copy(record.situation.brief, copy) == [], record.answer


def test_texts_fit_with_their_slots_filled(records: list[Record]) -> None:
    for record in records:
        for name, text in record.copy.items():
            assert fits(record.situation, name, text), text


def test_nothing_is_said_of_a_product_that_the_prompt_does_not_say(records: list[Record]) -> None:
    assert [one.answer for one in records if find_false_facts(one, one.copy)] == []


def test_texts_are_in_the_language_of_the_brief(records: list[Record]) -> None:
    wrong = [
        one.answer
        for one in records
        if not is_in_language(" ".join(one.copy.values()), one.situation.brief.language)
    ]
    assert len(wrong) < COPIES * 0.002  # a name that stands alone is in no language


def test_the_guard_lets_the_grammars_copy_pass(records: list[Record]) -> None:
    refused = [one.answer for one in records if not passes_guard(one.situation.brief, one.copy)]
    assert len(refused) < COPIES * 0.01, refused[:5]


def test_no_text_is_left_with_a_part_that_was_not_put_in(records: list[Record]) -> None:
    for record in records:
        for text in record.copy.values():
            assert not re.search(r"[<>\[\]_]|  |\.\.", re.sub(r"\{[a-z_.]+\}", "x", text)), text
            assert not text[0].islower(), text


def test_what_an_offer_has_is_said_together() -> None:
    random = Random(8)
    whole = 0
    for _ in range(1_000):
        situation = draw_situation(random, fields=("body",))
        slots = {one for one in situation.brief.slots if one.startswith("offer.")}
        if len(slots) == 3 and situation.theme != "price_drop":
            body = make_record(situation, random).copy["body"]
            used = {one.name for one in find_slots(body) if one.name.startswith("offer.")}
            assert used == slots, body
            whole += 1
    assert whole > 20


def test_both_languages_say_the_same_things() -> None:
    for part, english in load_phrases("en").items():
        german = load_phrases("de")[part]
        assert {(one.occasion, one.voice) for one in english} == {
            (one.occasion, one.voice) for one in german
        }, part


def test_every_part_that_a_phrase_names_is_there() -> None:
    of_kinds = {"fact", "made", "season", "for_season", "bare_season"}
    for language in ("en", "de"):
        phrases = load_phrases(language)
        for kind in load_kinds():
            known = of_kinds | set(kind.says[language]) | set(phrases)
            for lines in phrases.values():
                for one in lines:
                    named = {name for name, _ in PART.findall(one.text)}
                    assert named <= known, (kind.name, one.text)


def test_there_are_many_kinds_fields_and_phrases() -> None:
    assert len(load_kinds()) >= 16
    assert len({word for kind in load_kinds() for word in kind.words["de"]}) > 60
    assert set(LIMITS) >= {"subject", "preheader", "headline", "body", "push", "sms", "blurb"}
    for language in ("en", "de"):
        assert sum(map(len, load_phrases(language).values())) > 400


def test_every_english_value_of_an_attribute_has_a_german_word() -> None:
    german = load_words()["german"]
    values = {value for kind in load_kinds() for many in kind.facts.values() for value in many}
    assert values - set(german) == set()
