"""Tells the intent of questions, how sure it is, and whether they are in scope at all."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .asking import Asked
from .features import Features
from .intents import Intents
from .logistic import log_softmax
from .scope import Scope
from .signals import SIGNALS, measure_signals

Floats = npt.NDArray[np.float64]

KNOWN = SIGNALS.index("known")


class Classifier:
    """Intents, and how what is said of them is read; what was measured last is kept.

    Args:
        names: Of the intents, ascending; None for an article that has none of its own.
        intents: What they are told by.
        features: What the columns of questions are.
        scope: How scores and signals are read.
    """

    def __init__(
        self, names: tuple[str | None, ...], intents: Intents, features: Features, scope: Scope
    ) -> None:
        self.names = names
        self.intents = intents
        self.features = features
        self.scope = scope
        self._last: tuple[Asked, tuple[Floats, Floats]] | None = None

    def tell(self, asked: Asked) -> list[tuple[str | None, float, bool]]:
        """Return the intent of each question, its probability, and whether it is in scope.

        The intent is None for an article that has none; so is the one of a question that has no
        letter in common with any that was ever asked.
        """
        scores, signals = self._measure(asked)
        chances = np.exp(log_softmax(scores / self.scope.temperature))
        in_scope = self.scope.rate(signals) >= self.scope.threshold
        best = chances.argmax(axis=1)
        is_like = signals[:, KNOWN] > 0 if asked.vectors is None else np.ones(len(best), bool)
        return [
            (self.names[place], float(chances[row, place]), bool(in_scope[row]))
            if is_like[row] and self.names[place] is not None
            else (None, 0.0, bool(in_scope[row] and is_like[row]))
            for row, place in enumerate(best)
        ]

    def find_chances(self, asked: Asked) -> Floats:
        """Return the probability of each intent, [questions x intents]."""
        scores, _ = self._measure(asked)
        return np.exp(log_softmax(scores / self.scope.temperature))

    def _measure(self, asked: Asked) -> tuple[Floats, Floats]:
        last = self._last
        if last is not None and last[0] is asked:
            return last[1]
        measured = measure_signals(self.intents, asked, self.features)
        self._last = (asked, measured)
        return measured
