"""Tells the intent of questions, how sure it is, and whether they are in scope at all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .asking import Asked
from .features import weigh
from .intents import Intents
from .logistic import log_softmax
from .scope import Scope
from .signals import measure_signals

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Classifier:
    """Intents, and how what is said of them is read.

    Attributes:
        names: Of the intents, ascending; None for an article that has none of its own.
        intents: What they are told by.
        weights: TF-IDF weights of the features; 0 of those that no question had.
        words_end: Where the columns of words end.
        scope: How scores and signals are read.
    """

    names: tuple[str | None, ...]
    intents: Intents
    weights: npt.NDArray[np.float32]
    words_end: int
    scope: Scope

    def tell(self, asked: Asked) -> list[tuple[str | None, float, bool]]:
        """Return the intent of each question, its probability, and whether it is in scope.

        The intent is None for an article that has none; so is the one of a question that has no
        letter in common with any that was ever asked.
        """
        scores, signals, known = self._measure(asked)
        chances = np.exp(log_softmax(scores / self.scope.temperature))
        in_scope = self.scope.rate(signals) >= self.scope.threshold
        best = chances.argmax(axis=1)
        is_like = np.ones(len(best), bool) if asked.vectors is not None else known > 0
        return [
            (self.names[place], float(chances[row, place]), bool(in_scope[row]))
            if is_like[row] and self.names[place] is not None
            else (None, 0.0, bool(in_scope[row] and is_like[row]))
            for row, place in enumerate(best)
        ]

    def find_chances(self, asked: Asked) -> Floats:
        """Return the probability of each intent, [questions x intents]."""
        scores, _, _ = self._measure(asked)
        return np.exp(log_softmax(scores / self.scope.temperature))

    def _measure(self, asked: Asked) -> tuple[Floats, Floats, npt.NDArray[np.int_]]:
        rows = weigh(asked.counted.rows, self.weights, self.words_end)
        scores, signals = measure_signals(self.intents, rows, asked.vectors, asked.counted.sizes)
        return scores, signals, np.diff(rows.indptr)
