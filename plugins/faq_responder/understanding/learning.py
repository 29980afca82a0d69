"""Learns from articles and labelled enquiries; needs scikit-learn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ballyhoo import Article, LabelledEnquiry

from ..retrieving.fitting import CONSIDERED, Fitting, fit_fitting, read_signs, score_articles
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


def learn(
    articles: Sequence[Article], labelled: Sequence[LabelledEnquiry], embeddings: str | None
) -> dict[str, Any]:
    """Return what `Understanding` is made of.

    Raises:
        EnvironmentMissing: The libraries or the model of `embeddings` are not there.
    """
    units = cut_articles(articles)
    questions, owners, names = list_questions(articles, labelled)
    texts = list(dict.fromkeys([*questions, *(one.text for one in units)]))
    asking = Asking(features=Features.fit(texts, choose_cutter()), embeddings=embeddings)
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
            asking.features.is_single(),
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
    questions = Questions(
        asked=asked, words_end=features.words_end, owners=owners, intents=len(names)
    )
    scope, held = fit_scope(questions)
    everything = np.arange(len(owners))
    weights = questions.weigh(everything)
    return Classifier(
        names=tuple(name if kind == "intent" else None for kind, name in names),
        intents=questions.fit(everything, weights),
        weights=weights,
        words_end=features.words_end,
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
    known = np.flatnonzero(np.isin(owners, intents))
    known = np.random.default_rng(0).permutation(known)[:MOST_CONSIDERED]
    signs: list[Floats] = []
    fits: list[npt.NDArray[np.bool_]] = []
    for at in range(0, len(known), 256):
        part = known[at : at + 256]
        own = spread_chances(
            None if chances is None else chances[part], intents.tolist(), len(part)
        )
        same = np.stack([texts == fold(questions[place]) for place in part])
        right = intents[None, :] == owners[part][:, None]
        for is_away in (False, True):
            hidden = same | (right[:, articles] if is_away else False)
            there = np.where(right, 0, own) if is_away else own
            clues, _ = index.match(asked.pick(part), there, hidden=hidden)
            scores = score_articles(clues)
            for row in range(len(part)):
                best = np.argsort(-scores[row])[:CONSIDERED]
                signs.append(read_signs(scores[row], clues[row], groups)[best])
                fits.append(right[row, best] & (not is_away))
    if not signs:
        return fit_fitting(np.zeros((0, 6)), np.zeros(0, bool))
    return fit_fitting(np.concatenate(signs), np.concatenate(fits))
