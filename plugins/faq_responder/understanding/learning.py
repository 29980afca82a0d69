"""Learns from articles and labelled enquiries; needs scikit-learn."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ballyhoo import Article, LabelledEnquiry

from ..retrieving.fitting import (
    CONSIDERED,
    SIGNS,
    Fitting,
    fit_fitting,
    read_signs,
    score_articles,
)
from ..retrieving.index import Index, build_index
from ..retrieving.searcher import Searcher, Wording, spread_chances
from ..retrieving.units import Unit, cut_articles
from .asking import Asked, Asking
from .classifier import Classifier
from .features import Features
from .language import Languages
from .logistic import log_softmax
from .scope import HeldOut, Questions, fit_scope
from .words import choose_cutter, fold

Floats = npt.NDArray[np.float64]
MOST_CONSIDERED = 2_000
"""Questions from which is learned what fits."""
FEWEST_ASKED = 4
"""An article with fewer questions, its title included, has too little left when one is held out."""
BLOCK = 32


def learn(
    articles: Sequence[Article],
    labelled: Sequence[LabelledEnquiry],
    embeddings: str | None,
    folder: Path,
) -> dict[str, Any]:
    """Return what `Understanding` is made of.

    Raises:
        EnvironmentMissing: The libraries or the model of `embeddings` are not there.
    """
    units = cut_articles(articles)
    questions, owners, names = list_questions(articles, labelled)
    texts = list(dict.fromkeys([*questions, *(one.text for one in units)]))
    asking = Asking(Features.fit(texts, choose_cutter()), embeddings, folder)
    asked = asking.ask(texts)
    places = {text: place for place, text in enumerate(texts)}
    trained = asked.pick(np.array([places[one] for one in questions], np.int64))
    classifier, held = fit_classifier(trained, asking.features, owners, names)
    searcher = None
    if articles:
        searched = asked.pick(np.array([places[one.text] for one in units], np.int64))
        index = build_index(
            searched,
            asking.features.words_end,
            asking.features.is_single,
            np.array([one.article for one in units], np.int64),
            np.array([one.is_asked for one in units], bool),
        )
        wordings = _list_wordings(articles, names)
        chances = None
        if classifier is not None and held is not None:
            chances = np.exp(log_softmax(held.scores / classifier.scope.temperature))
        searcher = Searcher(
            wordings=wordings,
            texts=tuple(one.text for one in units),
            index=index,
            fitting=_fit_fitting(index, wordings, units, trained, questions, owners, chances),
        )
    languages = Languages.fit(
        [
            *((articles[one.article].language, one.text) for one in units),
            *((one.language, one.text) for one in labelled if one.language is not None),
        ]
    )
    return {
        "asking": asking, "languages": languages, "classifier": classifier, "searcher": searcher,
    }  # fmt: skip


def list_questions(
    articles: Sequence[Article], labelled: Sequence[LabelledEnquiry]
) -> tuple[list[str], npt.NDArray[np.int64], list[tuple[str, str]]]:
    """Return the questions to train on, the number of each one's intent, and what these are.

    Returns:
        An intent is the pair `("intent", its name)`, or `("article", id)` for an article without.
    """
    pairs = dict.fromkeys(
        (text, name_intent(article))
        for article in articles
        for text in (article.title, *article.questions)
        if text.strip()
    )
    pairs.update(dict.fromkeys((one.text, ("intent", one.intent)) for one in labelled))
    names = sorted({name for _, name in pairs})
    numbers = {name: number for number, name in enumerate(names)}
    owners = np.array([numbers[name] for _, name in pairs], np.int64)
    return [text for text, _ in pairs], owners, names


def name_intent(article: Article) -> tuple[str, str]:
    """Return what an article's questions ask for."""
    return ("intent", article.intent) if article.intent else ("article", article.id)


def fit_classifier(
    asked: Asked,
    features: Features,
    owners: npt.NDArray[np.int64],
    names: Sequence[tuple[str, str]],
) -> tuple[Classifier | None, HeldOut | None]:
    """Return what tells intents, and what was said of each question while it was held out.

    Returns:
        None where there are fewer than two intents.
    """
    if len(names) < 2:
        return None, None
    questions = Questions(asked=asked, features=features, owners=owners, intents=len(names))
    scope, held = fit_scope(questions)
    return Classifier(
        names=tuple(name if kind == "intent" else None for kind, name in names),
        intents=questions.fit(np.arange(len(owners))),
        features=features,
        scope=scope,
    ), held


def _list_wordings(
    articles: Sequence[Article], names: Sequence[tuple[str, str]]
) -> tuple[Wording, ...]:
    numbers = {name: number for number, name in enumerate(names)}
    ids = {one.id: None for one in articles}
    groups = {name: number for number, name in enumerate(ids)}
    return tuple(
        Wording(
            article_id=one.id,
            language=one.language,
            version=one.version,
            group=groups[one.id],
            intent=numbers.get(name_intent(one), -1),
        )
        for one in articles
    )


def _fit_fitting(
    index: Index,
    wordings: Sequence[Wording],
    units: Sequence[Unit],
    asked: Asked,
    questions: Sequence[str],
    owners: npt.NDArray[np.int64],
    chances: Floats | None,
) -> Fitting:
    """Ask each known question as if nobody had written it down, with its article and without."""
    intents = np.array([one.intent for one in wordings])
    groups = np.array([one.group for one in wordings])
    texts = np.array([fold(one.text) for one in units], object)
    articles = np.array([one.article for one in units])
    own = intents[articles[index.is_asked]]
    asked_for = np.bincount(own[own >= 0], minlength=int(owners.max(initial=0)) + 1)
    known = np.flatnonzero(asked_for[owners] >= FEWEST_ASKED)
    known = np.random.default_rng(0).permutation(known)[:MOST_CONSIDERED]
    has_sense = index.vectors is not None
    signs: list[Floats] = [np.zeros((0, len(SIGNS)))]
    fits: list[npt.NDArray[np.bool_]] = [np.zeros(0, bool)]
    for number, at in enumerate(range(0, len(known), BLOCK)):
        part = known[at : at + BLOCK]
        is_away = number % 3 == 2  # of so many questions nothing answers
        right = intents[None, :] == owners[part][:, None]
        hidden = np.stack([texts == fold(questions[place]) for place in part])
        there = spread_chances(
            None if chances is None else chances[part], intents.tolist(), len(part)
        )
        if is_away:
            hidden, there = hidden | right[:, articles], np.where(right, 0, there)
        clues, _ = index.match(asked.pick(part), there, hidden=hidden)
        for row, scores in enumerate(score_articles(clues, has_sense=has_sense)):
            best = np.argsort(-scores)[:CONSIDERED]
            signs.append(read_signs(scores, groups)[best])
            fits.append(right[row, best] & (not is_away))
    return fit_fitting(np.concatenate(signs), np.concatenate(fits), has_sense=has_sense)
