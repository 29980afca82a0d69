"""Measures whether the right article is found, and how fast questions are understood."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from question_sets import QuestionSet, read_paraphrases

from ballyhoo import Article
from ballyhoo.plugins.faq_responder.understanding.model import Understanding

FITS = 0.6
"""From this probability on the responder answers, by default."""
QUESTIONS_OF_AN_ARTICLE = 10
ASKED = 2_000
ONE_BY_ONE = 200


def measure_search(
    pairs: Sequence[dict[str, str]], model: str | None, report: Callable[[str], None]
) -> dict[str, Any]:
    """Return the figures of ecommerce-faq: each pair is an article, its question the title."""
    articles = [
        Article(id=str(place), title=pair["question"], body=pair["answer"])
        for place, pair in enumerate(pairs)
    ]
    figures = _measure(Understanding.fit(articles))
    report(f"ecommerce-faq: {figures}")
    if model is not None:
        sensed = _measure(Understanding.fit(articles, embeddings=model))
        report(f"with the sentence model: {sensed}")
        figures |= {f"embed_{name}": value for name, value in sensed.items()}
    return figures


def measure_speed(banking: QuestionSet, report: Callable[[str], None]) -> dict[str, Any]:
    """Return how fast a knowledge base of all intents, ten questions each, answers."""
    articles, rest = [], []
    for number, name in enumerate(banking.names):
        texts = [banking.texts[place] for place in np.flatnonzero(banking.owners == number)]
        asked = tuple(texts[:QUESTIONS_OF_AN_ARTICLE])
        rest += texts[QUESTIONS_OF_AN_ARTICLE:]
        articles.append(
            Article(id=name, title=name.replace("_", " "), body="", questions=asked, intent=name)
        )
    started = time.perf_counter()
    understanding = Understanding.fit(articles)
    fitted = time.perf_counter() - started
    asked_for = rest[:: max(1, len(rest) // ASKED)][:ASKED]
    understanding.search(asked_for[:10], ["en"] * 10)
    started = time.perf_counter()
    understood = understanding.understand(asked_for)
    understanding.search(asked_for, [one.language for one in understood])
    batched = time.perf_counter() - started
    started = time.perf_counter()
    for text in asked_for[:ONE_BY_ONE]:
        understanding.understand([text])
        understanding.search([text], ["en"])
    single = (time.perf_counter() - started) / ONE_BY_ONE
    rate = round(len(asked_for) / batched)
    report(f"{rate} enquiries/s in batches, {single * 1000:.1f} ms one by one")
    return {
        "enquiries_per_second": rate,
        "enquiry_ms": round(single * 1000, 2),
        "fit_seconds": round(fitted, 1),
    }


def _measure(understanding: Understanding) -> dict[str, float]:
    told = read_paraphrases()
    first = _rank(understanding, told["asked"])
    later = _rank(understanding, told["asked_later"])
    ranks = np.array([rank for rank, _ in first + later])
    fits = np.array([fit for _, fit in first + later])
    hits = understanding.search(told["unanswered"], ["en"] * len(told["unanswered"]), top=1)
    answered = fits >= FITS
    return {
        "faq_mrr": round(float((1 / ranks).mean()), 4),
        "faq_mrr_later": round(float(np.mean([1 / rank for rank, _ in later])), 4),
        "faq_answered": round(float(answered.mean()), 4),
        "faq_precision": round(float((ranks[answered] == 1).mean()), 4) if answered.any() else 0.0,
        "faq_wrongly_answered": round(float(np.mean([one[0].fit >= FITS for one in hits])), 4),
    }


def _rank(understanding: Understanding, asked: dict[str, list[str]]) -> list[tuple[int, float]]:
    """Return the rank of the right article for each question, and how well the best fits."""
    pairs = [(number, text) for number, texts in asked.items() for text in texts]
    found = understanding.search([text for _, text in pairs], ["en"] * len(pairs), top=1_000)
    return [
        (1 + [hit.article_id for hit in hits].index(number), max(one.fit for one in hits))
        for (number, _), hits in zip(pairs, found, strict=True)
    ]
