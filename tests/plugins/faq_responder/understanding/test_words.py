from __future__ import annotations

from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from ballyhoo.plugins.faq_responder.understanding.concepts import list_concepts
from ballyhoo.plugins.faq_responder.understanding.features import Features
from ballyhoo.plugins.faq_responder.understanding.words import (
    Cutter,
    choose_cutter,
    fold,
    list_part_features,
    list_word_features,
    split_words,
)


def test_chinese_is_cut_into_its_words() -> None:
    assert choose_cutter() == "jieba"
    assert split_words("我的订单什么时候发货", "jieba")[-1] == "发货"
    assert split_words("退货help", "pairs") == ["退货", "help"]
    assert split_words("注文はどこ", "jieba") == ["注文", "文は", "はど", "どこ"]


def test_words_at_a_distance_make_pairs() -> None:
    assert list_word_features(["a", "b", "c"]) == ["a", "b", "c", "a b", "b c", "a c"]
    assert {" re", "turn", "rn "} <= set(list_part_features("return"))


def test_a_thing_in_other_words_or_another_language_is_the_same_concept() -> None:
    for one in (["send", "back"], ["zurückschicken"], ["退货"]):
        assert list_concepts(["return"]) & list_concepts(one)
    assert not list_concepts(["elephant"])


@settings(deadline=None, max_examples=100)
@given(texts=st.lists(st.text(max_size=60), max_size=4))
def test_any_text_has_features(texts: list[str]) -> None:
    for cutter in get_args(Cutter):
        features = Features.fit(texts, cutter)
        counted = features.count(texts)
        assert counted.rows.shape == (len(texts), len(features))
        for place, text in enumerate(texts):
            names = {*list_word_features(split_words(fold(text), cutter))}
            assert counted.sizes[place] >= len(names)
            assert counted.rows[place].nnz == counted.sizes[place]
