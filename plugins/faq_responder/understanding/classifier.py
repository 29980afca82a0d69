"""Tells the intent of questions, how sure it is, and whether they are in scope at all."""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Classifier:
    """Intents, and how what is said of them is read.

    Attributes:
        names: Of the intents, ascending; None for an article that has none of its own.
        intents: What they are told by.
        features: What the columns of questions are.
        scope: How scores and signals are read.
    """

    names: tuple[str | None, ...]
    intents: Intents
    features: Features
    scope: Scope

    def tell(self, asked: Asked) -> list[tuple[str | None, float, bool]]:
        """Return the intent of each question, its probability, and whether it is in scope.

        The intent is None for an article that has none; so is the one of a question that has no
        letter in common with any that was ever asked.
        """
        scores, signals = measure_signals(self.intents, asked, self.features)
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
        scores, _ = measure_signals(self.intents, asked, self.features)
        return np.exp(log_softmax(scores / self.scope.temperature))
