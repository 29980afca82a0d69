"""A model can spell the slots of its brief and nothing else between braces."""

from __future__ import annotations

import random

import pytest

from ballyhoo import find_slots
from ballyhoo.plugins.llm_copy.engines.slots import WrongSlot, follow_text
from ballyhoo.plugins.llm_copy.engines.vocabulary import Vocabulary

from ..small_models import make_byte_tokenizer, make_word_tokenizer

NAMES = frozenset({"price", "product.name", "product.brand"})


@pytest.fixture(scope="module", params=["bytes", "words"])
def vocabulary(request):
    tokenizer = make_byte_tokenizer() if request.param == "bytes" else make_word_tokenizer()
    return Vocabulary(tokenizer, len(tokenizer) + 5, device="cpu")


@pytest.mark.parametrize(
    ("text", "place"),
    [("only ", None), ("for {pri", "pri"), ("{price} or {", ""), ("{price}", None), ("", None)],
)
def test_a_text_is_followed_to_where_it_is(text, place):
    assert follow_text(text, NAMES, None) == place


@pytest.mark.parametrize(
    "text", ["{cost", "}", "{price}}", "{{price}}", "{pri}", "{ price}", "{price|x}"]
)
def test_other_braces_are_wrong(text):
    with pytest.raises(WrongSlot):
        follow_text(text, NAMES, None)


def test_whatever_is_chosen_among_what_is_allowed_makes_right_slots(vocabulary):
    chooser = random.Random(4)
    opened = 0
    for _ in range(200):
        ids, place = [], None
        while len(ids) < 30 or place is not None:
            allowed = (~vocabulary.mask(NAMES, place, may_end=False)).nonzero().flatten().tolist()
            braces = [id for id in allowed if "{" in vocabulary.texts[id]]
            id = chooser.choice(braces if braces and chooser.random() < 0.3 else allowed)
            ids.append(id)
            place = follow_text(vocabulary.texts[id], NAMES, place)
        found = list(find_slots(vocabulary.decode(ids)))
        assert {slot.name for slot in found} <= NAMES
        opened += len(found)
    assert opened > 200


def test_without_slots_no_brace_can_be_written(vocabulary):
    mask = vocabulary.mask(frozenset(), None, may_end=True)
    assert all(mask[id] for id in vocabulary.braces)


def test_special_and_control_tokens_and_what_is_none_are_never_written(vocabulary):
    mask = vocabulary.mask(NAMES, None, may_end=True)
    assert mask[vocabulary.tokenizer.bos_token_id]
    assert mask[-5:].all()
    assert not mask[vocabulary.tokenizer.eos_token_id]
    assert not any(
        not mask[id] and any(ord(one) < 32 and one != "\n" for one in text)
        for id, text in enumerate(vocabulary.texts)
    )


def test_a_field_that_may_not_end_yet_has_no_line_ends(vocabulary):
    ends = list(vocabulary.line_ends)
    assert vocabulary.tokenizer.eos_token_id in ends
    assert vocabulary.mask(NAMES, None, may_end=False)[ends].all()
    assert not vocabulary.mask(NAMES, None, may_end=True)[ends].all()


def test_a_text_is_encoded_as_it_is_behind_another(vocabulary):
    whole = vocabulary.encode("x\nBody:")
    assert vocabulary.encode("x\n") + vocabulary.encode_after("x\n", "Body:") == whole
