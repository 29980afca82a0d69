from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from ballyhoo import Article, ArtifactRefused
from ballyhoo.plugins.faq_responder.understanding.model import Understanding
from ballyhoo.testing import HOSTILE_TEXTS

from .shelf import ARTICLES, ASKED, learn

QUESTIONS = list(ASKED)


def test_questions_in_three_languages_are_understood() -> None:
    for one, (language, intent) in zip(learn().understand(QUESTIONS), ASKED.values(), strict=True):
        assert (one.language, one.intent, one.in_scope) == (language, intent, True)
        assert one.confidence > 0.5


def test_articles_are_found_in_the_language_of_the_one_who_asks() -> None:
    languages = [language for language, _ in ASKED.values()]
    for hits, (language, intent) in zip(
        learn().search(QUESTIONS, languages, top=3), ASKED.values(), strict=True
    ):
        assert (hits[0].article_id, hits[0].language) == (intent, language)
        assert hits[0].fit > 0.6
        assert len({hit.article_id for hit in hits}) == len(hits)
        assert all(hit.fit <= hits[0].fit for hit in hits)


def test_a_hit_has_the_version_that_was_searched_and_the_passage_that_fits() -> None:
    [[hit]] = learn().search(["which size of boots should I take"], ["en"], top=1)
    assert hit.version == 2
    assert "one size more" in hit.passage


def test_an_article_without_intent_is_found_and_names_none() -> None:
    [understood] = learn().understand(["The zip of my tent broke, can you repair it?"])
    assert (understood.intent, understood.confidence, understood.in_scope) == (None, 0.0, True)
    [[hit]] = learn().search(["The zip of my tent broke, can you repair it?"], ["en"], top=1)
    assert hit.article_id == "warranty"


def test_a_question_in_another_language_finds_what_is_written_in_one_alone() -> None:
    english = [one for one in ARTICLES if one.language == "en"]
    understanding = Understanding.fit(english)
    [hits] = understanding.search(["Was kosten Versand und Lieferung?"], ["de"], top=2)
    assert (hits[0].article_id, hits[0].language) == ("shipping_cost", "en")


def test_nothing_fits_what_nobody_wrote_about() -> None:
    texts = ["Who won the football match yesterday?", "珠穆朗玛峰有多高", "qwrtz xkcd", ""]
    for hits in learn().search(texts, [None] * len(texts), top=3):
        assert all(hit.fit < 0.5 for hit in hits)
    understood = learn().understand([texts[0], "qwrtz xkcd", "", "🙂🙂"])
    assert not any(one.in_scope for one in understood)
    assert [one.intent for one in understood[2:]] == [None, None]


def test_a_batch_says_what_one_by_one_says() -> None:
    texts = [*QUESTIONS, *HOSTILE_TEXTS]
    together = learn().understand(texts), learn().search(texts, [None] * len(texts))
    for place, text in enumerate(texts):
        [one] = learn().understand([text])
        [hits] = learn().search([text], [None])
        assert (one.language, one.intent) == (
            together[0][place].language, together[0][place].intent,
        )  # fmt: skip
        assert one.confidence == pytest.approx(together[0][place].confidence, abs=1e-5)
        assert [hit.fit for hit in hits] == pytest.approx(
            [hit.fit for hit in together[1][place]], abs=1e-4
        )


def test_what_was_saved_says_the_same_and_holds_no_pickle(tmp_path: Path) -> None:
    learn().save(tmp_path)
    again = Understanding.load(tmp_path)
    assert again.understand(QUESTIONS) == learn().understand(QUESTIONS)
    assert again.search(QUESTIONS, ["en"] * len(QUESTIONS)) == learn().search(
        QUESTIONS, ["en"] * len(QUESTIONS)
    )
    for path in tmp_path.iterdir():
        if path.suffix == ".npz":
            with np.load(path, allow_pickle=False) as kept:
                assert all(kept[name].dtype.kind in "fiub" for name in kept.files)
        else:
            json.loads(path.read_text(encoding="utf-8"))


def test_the_same_articles_teach_the_same() -> None:
    texts = QUESTIONS[:4]
    assert Understanding.fit(ARTICLES).understand(texts) == Understanding.fit(ARTICLES).understand(
        texts
    )


@pytest.mark.parametrize("name", ["understanding.json", "features.json", "understanding.npz"])
def test_what_cannot_be_read_is_refused(tmp_path: Path, name: str) -> None:
    learn().save(tmp_path)
    (tmp_path / name).write_bytes(b"{")
    with pytest.raises(ArtifactRefused, match="cannot be used"):
        Understanding.load(tmp_path)


@pytest.mark.parametrize(
    "articles",
    [
        (),
        ARTICLES[:1],
        (Article(id="a", title="", body=""),),
        (Article(id="a", title="", body=""), Article(id="b", title="", body="")),
        (Article(id="a", title="?", body="!"), Article(id="b", title="...", body="-")),
        (Article(id="a", title="Hours", body="9 to 5"), Article(id="b", title="Hours", body="")),
    ],
)
def test_the_smallest_knowledge_bases_know_little_and_fail_not(
    articles: tuple[Article, ...], tmp_path: Path
) -> None:
    understanding = Understanding.fit(articles)
    understanding.save(tmp_path)
    for one in (understanding, Understanding.load(tmp_path)):
        for understood in one.understand(["When are you open?", ""]):
            assert understood.intent is None
        for hits in one.search(["When are you open?", ""], ["en", None]):
            assert len(hits) <= len(articles)
    assert understanding.understand([]) == []
    assert understanding.search([], []) == []
