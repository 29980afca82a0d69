from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from ballyhoo import Article
from ballyhoo.plugins.faq_responder.retrieving.units import cut_articles, cut_body


def test_short_paragraphs_stay_together_and_long_ones_are_cut_at_sentences() -> None:
    assert cut_body("# Returns\n\nWithin 30 days.\n\n\nFree of charge.") == [
        "# Returns\n\nWithin 30 days.\n\nFree of charge."
    ]
    long = " ".join(f"Sentence number {number} says something." for number in range(40))
    passages = cut_body(long)
    assert len(passages) > 2
    assert " ".join(passages) == long
    assert len(cut_body("这是一个很长的句子，说了很多。" * 40)) > 2


def test_every_article_has_a_unit_that_is_asked_and_one_that_is_told() -> None:
    units = cut_articles(
        [Article(id="a", title="", body=""), Article(id="b", title="B", body="b", questions=("B",))]
    )
    assert [(one.article, one.is_asked, one.text) for one in units] == [
        (0, True, ""), (0, False, ""), (1, True, "B"), (1, False, "b"),
    ]  # fmt: skip


@settings(deadline=None)
@given(body=st.text(alphabet=st.sampled_from("ab .!?。\n退"), max_size=900))
def test_no_word_of_a_body_is_lost(body: str) -> None:
    assert "".join("".join(cut_body(body)).split()) == "".join(body.split())
