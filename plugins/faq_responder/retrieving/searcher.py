"""Finds the articles that answer questions, in the language of those who ask first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..understanding.asking import Asked
from ..understanding.understood import Hit
from .fitting import Fitting, read_signs, score_articles
from .index import Index

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]

BLOCK = 256
HOME = 1.0
"""What the language of the one who asks adds to a score when the best few are chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """An article in one language, as far as a search tells of it.

    Attributes:
        article_id: The shop's id of it.
        language: BCP 47 tag.
        version: Its version.
        group: A number that all wordings of the article have.
        intent: The number of its intent, or -1.
    """

    article_id: str
    language: str
    version: int
    group: int
    intent: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Searcher:
    """The articles of a knowledge base.

    Attributes:
        wordings: Of the articles; a place among them is an article's in the index.
        texts: Of the units.
        index: What is searched.
        fitting: What tells whether a hit fits.
    """

    wordings: tuple[Wording, ...]
    texts: tuple[str, ...]
    index: Index
    fitting: Fitting

    def search(
        self, asked: Asked, languages: Sequence[str | None], chances: Floats | None, top: int
    ) -> list[list[Hit]]:
        """Return the best hits of each question, aligned.

        Args:
            asked: Questions.
            languages: Of those who ask; None for any.
            chances: The probability of each intent, [questions x intents]; None without intents.
            top: The most hits of a question.
        """
        own = spread_chances(chances, [one.intent for one in self.wordings], len(asked))
        groups = np.array([one.group for one in self.wordings])
        bases = np.array([_base(one.language) for one in self.wordings])
        hits: list[list[Hit]] = []
        for at in range(0, len(asked), BLOCK):
            part = range(at, min(at + BLOCK, len(asked)))
            places = np.array(part)
            clues, matched = self.index.match(asked.pick(places), own[places])
            scores = score_articles(clues, has_sense=self.index.vectors is not None)
            for row, place in enumerate(part):
                is_home = np.equal(bases, _base(languages[place] or ""))
                hits.append(self._list_hits(scores[row], matched[row], groups, is_home, top))
        return hits

    def _list_hits(
        self,
        scores: Floats,
        matched: npt.NDArray[np.float32],
        groups: Numbers,
        is_home: npt.NDArray[np.bool_],
        top: int,
    ) -> list[Hit]:
        fits = self.fitting.rate(read_signs(scores, groups))
        chosen: dict[int, int] = {}
        for place in np.argsort(-(scores + HOME * is_home), kind="stable"):
            known = chosen.get(int(groups[place]))
            if known is None:
                if len(chosen) < top:
                    chosen[int(groups[place])] = int(place)
            elif is_home[place] and not is_home[known]:
                chosen[int(groups[place])] = int(place)
        places = sorted(chosen.values(), key=lambda one: (not is_home[one], -scores[one]))
        return [
            Hit(
                article_id=self.wordings[place].article_id,
                language=self.wordings[place].language,
                version=self.wordings[place].version,
                score=float(scores[place]),
                fit=float(fits[place]),
                passage=self._find_passage(place, matched),
            )
            for place in places
        ]

    def _find_passage(self, place: int, matched: npt.NDArray[np.float32]) -> str:
        starts = self.index.starts
        end = starts[place + 1] if place + 1 < len(starts) else len(self.texts)
        units = np.arange(starts[place], end)
        units = units[~self.index.is_asked[units]]
        return self.texts[int(units[matched[units].argmax()])]


def spread_chances(
    chances: Floats | None, intents: Sequence[int], questions: int
) -> npt.NDArray[np.float32]:
    """Return the probability of each article's intent: [questions x articles], 0 without one."""
    if chances is None:
        return np.zeros((questions, len(intents)), np.float32)
    padded = np.column_stack([chances, np.zeros(len(chances))])
    return padded[:, list(intents)].astype(np.float32)  # -1 is the column of zeros


def _base(language: str) -> str:
    return language.replace("_", "-").partition("-")[0].lower()
