from __future__ import annotations

import numpy as np

from ballyhoo import Article, LabelledEnquiry
from ballyhoo.plugins.faq_responder.understanding.logistic import (
    find_temperature,
    fit_logistic,
    log_softmax,
    predict_logistic,
)
from ballyhoo.plugins.faq_responder.understanding.model import Understanding

THINGS = ("tent", "lamp", "stove", "rope", "boot", "map", "knife", "mat", "flask", "cap", "sock",
          "glove")  # fmt: skip
WAYS = (
    "my {} arrived broken", "the {} is broken, what now", "please repair the {}",
    "a hole in my {}", "who mends a broken {}", "is a broken {} covered",
    "the {} fell apart after a week", "can you fix a {}", "{} broken on the first day",
    "I need a {} mended", "a part of the {} snapped", "the {} does not work any more",
)  # fmt: skip


def test_probabilities_are_right_as_often_as_they_say() -> None:
    random = np.random.default_rng(1)
    scores = random.normal(size=(4_000, 5))
    chances = np.exp(log_softmax(scores))
    answers = np.array([random.choice(5, p=row) for row in chances])
    assert abs(find_temperature(scores * 4, answers) - 4) < 0.3
    signals = random.normal(size=(4_000, 2))
    truth = random.random(4_000) < 1 / (1 + np.exp(-(2 * signals[:, 0] - 1)))
    weights = fit_logistic(signals, truth, np.zeros(3), 1.0)
    assert np.abs(weights - [2, 0, -1]).max() < 0.2
    assert abs(predict_logistic(signals, weights).mean() - truth.mean()) < 0.01


def test_without_cases_what_was_known_before_stays() -> None:
    prior = np.array([1.0, -2.0])
    assert fit_logistic(np.zeros((0, 1)), np.zeros(0, bool), prior, 5.0).tolist() == [1.0, -2.0]


def test_most_questions_in_scope_are_taken_for_such_and_most_others_are_not() -> None:
    pairs = [
        (way.format(thing), thing, (number + place) % 3 == 0)
        for number, thing in enumerate(THINGS)
        for place, way in enumerate(WAYS)
    ]
    understanding = Understanding.fit(
        (),
        [LabelledEnquiry(text=text, intent=thing) for text, thing, is_held in pairs if not is_held],
    )
    inside = [text for text, _, is_held in pairs if is_held]
    outside = [
        "how do I change my password", "are you hiring at the moment", "where is your shop",
        "which bank do you work with", "tell me a joke", "who is your director",
        "do you plant trees", "can I bring my dog", "what time is it in Peru",
        "please send an invoice with VAT", "I moved, here is my new address",
    ]  # fmt: skip
    known = understanding.understand(inside)
    assert np.mean([one.in_scope for one in known]) > 0.85
    assert np.mean([one.in_scope for one in understanding.understand(outside)]) < 0.3
    right = [one.intent in text for one, text in zip(known, inside, strict=True) if one.intent]
    assert np.mean(right) > 0.9


def test_a_fit_falls_when_the_article_is_taken_away() -> None:
    articles = [
        Article(id=thing, title=f"Caring for a {thing}", body=f"Keep the {thing} dry.",
                questions=(f"How do I wash a {thing}?", f"How is the {thing} stored?"))
        for thing in THINGS
    ]  # fmt: skip
    question = ["how should I wash and store my stove"]
    [[with_it]] = Understanding.fit(articles).search(question, ["en"], top=1)
    rest = [one for one in articles if one.id != "stove"]
    [[without]] = Understanding.fit(rest).search(question, ["en"], top=1)
    assert with_it.article_id == "stove"
    assert with_it.fit > 0.7
    assert without.fit < with_it.fit - 0.1
