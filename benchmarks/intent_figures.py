"""Measures how well intents are told, and what is out of scope."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from question_sets import QuestionSet, fold_by_intent, fold_by_template

from ballyhoo.plugins.faq_responder.understanding.asking import Asking
from ballyhoo.plugins.faq_responder.understanding.features import Features
from ballyhoo.plugins.faq_responder.understanding.logistic import log_softmax
from ballyhoo.plugins.faq_responder.understanding.scope import Questions, fit_scope
from ballyhoo.plugins.faq_responder.understanding.words import choose_cutter

FOLDS = 5
SHOTS = 10
LEFT_OUT = 19
QUICK_QUESTIONS = 1_500


def count_questions(questions: QuestionSet, model: str | None) -> Questions:
    """Return questions as the plugin's own code counts them; what is trained on weighs them."""
    features = Features.fit(questions.texts, choose_cutter())
    return Questions(
        asked=Asking(features, model, Path()).ask(questions.texts),
        features=features,
        owners=questions.owners,
        intents=len(questions.names),
    )


def measure_intents(
    banking: QuestionSet, model: str | None, *, quick: bool, report: Callable[[str], None]
) -> dict[str, Any]:
    """Return the figures of BANKING77."""
    counted = count_questions(banking, None)
    folds = fold_by_intent(banking.owners, FOLDS, seed=0)
    accuracy = _cross_validate(counted, folds, 1 if quick else FOLDS)
    report(f"BANKING77, five folds: {accuracy}")
    shot = float(np.mean([_measure_few(counted, seed) for seed in range(1 if quick else 5)]))
    report(f"BANKING77, {SHOTS} of each intent: {shot:.4f}")
    figures: dict[str, Any] = {
        "banking77_cv_accuracy": accuracy,
        "banking77_10shot": round(shot, 4),
    }
    if not quick:
        figures["calibration_error"] = _measure_calibration(counted, folds)
        report(f"calibration error: {figures['calibration_error']}")
    rounds = [_leave_out(counted, seed, quick=quick) for seed in range(1 if quick else 5)]
    recall, own, accepted = (round(float(one), 4) for one in np.mean(rounds, axis=0))
    report(f"out of scope: {recall}; by its own threshold {own}, {accepted} in scope accepted")
    figures |= {"oos_recall": recall, "oos_recall_own": own, "in_scope_accepted": accepted}
    if model is not None:
        report("the sentence model reads BANKING77")
        sensed = count_questions(banking, model)
        figures["embed_cv_accuracy"] = _cross_validate(sensed, folds, FOLDS)
        report(f"with the sentence model: {figures['embed_cv_accuracy']}")
    return figures


def measure_templates(
    bitext: QuestionSet, *, quick: bool, report: Callable[[str], None]
) -> dict[str, Any]:
    """Return the figures of Bitext."""
    folds, templates = fold_by_template(bitext.texts, FOLDS)
    accuracy = _cross_validate(count_questions(bitext, None), folds, 1 if quick else FOLDS)
    report(f"Bitext, {templates} clusters of templates: {accuracy}")
    return {"bitext_template_accuracy": accuracy, "bitext_clusters": templates}


def _cross_validate(counted: Questions, folds: npt.NDArray[np.int64], rounds: int) -> float:
    right = []
    for fold in range(rounds):
        test = np.flatnonzero(folds == fold)
        scores, _ = counted.hold_out(np.flatnonzero(folds != fold), test)
        right.append(scores.argmax(axis=1) == counted.owners[test])
    return round(float(np.concatenate(right).mean()), 4)


def _measure_few(counted: Questions, seed: int) -> float:
    random = np.random.default_rng(seed)
    train = np.concatenate(
        [
            random.choice(np.flatnonzero(counted.owners == intent), SHOTS, replace=False)
            for intent in range(counted.intents)
        ]
    )
    test = np.setdiff1d(np.arange(len(counted.owners)), train)
    scores, _ = counted.hold_out(train, test)
    return float((scores.argmax(axis=1) == counted.owners[test]).mean())


def _measure_calibration(counted: Questions, folds: npt.NDArray[np.int64]) -> float:
    """Return the expected calibration error of the first fold: bins by what was said."""
    train, test = np.flatnonzero(folds != 0), np.flatnonzero(folds == 0)
    scope, _ = fit_scope(_pick(counted, train))
    scores, _ = counted.hold_out(train, test)
    chances = np.exp(log_softmax(scores / scope.temperature))
    sure = chances.max(axis=1)
    right = chances.argmax(axis=1) == counted.owners[test]
    bins = np.minimum((sure * 10).astype(int), 9)
    off = [abs(sure[bins == one].sum() - right[bins == one].sum()) for one in range(10)]
    return round(float(sum(off)) / len(test), 4)


def _leave_out(counted: Questions, seed: int, *, quick: bool) -> tuple[float, float, float]:
    """Return the recall at 95 % accepted, at the threshold of training, and what that accepts."""
    random = np.random.default_rng(seed)
    left_out = random.choice(counted.intents, LEFT_OUT, replace=False)
    is_out = np.isin(counted.owners, left_out)
    inside = random.permutation(np.flatnonzero(~is_out))
    test, train = inside[: len(inside) // 5], inside[len(inside) // 5 :]
    outside = np.flatnonzero(is_out)
    if quick:
        train, outside = train[:QUICK_QUESTIONS], outside[:QUICK_QUESTIONS]
    numbers = np.unique(counted.owners[train])
    chosen = _pick(counted, train)
    scope, _ = fit_scope(
        Questions(
            asked=chosen.asked,
            features=chosen.features,
            owners=np.searchsorted(numbers, chosen.owners),
            intents=len(numbers),
        )
    )
    both = Questions(
        asked=counted.asked,
        features=counted.features,
        owners=np.searchsorted(numbers, counted.owners),
        intents=len(numbers),
    )
    _, signals = both.hold_out(train, np.concatenate([test, outside]))
    rated = scope.rate(signals)
    known, unknown = rated[: len(test)], rated[len(test) :]
    return (
        float((unknown < np.quantile(known, 0.05)).mean()),
        float((unknown < scope.threshold).mean()),
        float((known >= scope.threshold).mean()),
    )


def _pick(counted: Questions, places: npt.NDArray[np.int64]) -> Questions:
    return Questions(
        asked=counted.asked.pick(places),
        features=counted.features,
        owners=counted.owners[places],
        intents=counted.intents,
    )
