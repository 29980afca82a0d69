"""Tells the language of a question, however short: the knowledge base's languages come first."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from .words import choose_cutter, fold, split_words

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

PLAUSIBLE = (
    "en", "de", "zh", "fr", "es", "it", "nl", "pt", "pl", "sv", "da", "no", "nb", "fi", "cs",
    "sk", "hu", "ro", "tr", "ru", "uk", "bg", "el", "hr", "sl", "sr", "lt", "lv", "et", "ja",
    "ko", "ar", "he", "hi", "th", "vi",
)  # fmt: skip
"""What else somebody may write in."""
FEWEST_LETTERS = 20
"""Of less, a language that the knowledge base does not have is never told."""
CERTAIN, STRANGE = 0.98, 0.7
"""How sure one must be of a language that the knowledge base does not have; the second where its
articles know hardly any word."""
FAMILIAR, UNFAMILIAR = 0.5, 0.2
"""From the first share of known words on, the language is the knowledge base's all the same; below
the second hardly any word is known."""
TOLD_BEFORE = 4.0
"""Log odds that the language that was told beforehand brings."""
COMMONEST = 3_000
"""So many words of each language are kept."""

_SCRIPTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7af\u1100-\u11ff]")),
    ("zh", re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("hi", re.compile("[\u0900-\u097f]")),
)
_WEIGHTS = {"ja": 2, "zh": 3, "ko": 3}
"""How many letters one sign of a script says as much as."""


class Languages:
    """The languages of a knowledge base, and the words that are common in each.

    Args:
        words: Of each language (BCP 47), how often it says its commonest words.
    """

    def __init__(self, words: Mapping[str, Mapping[str, int]]) -> None:
        self.words = words
        self._totals = {name: sum(said.values()) for name, said in words.items()}
        self._size = len({word for said in words.values() for word in said}) + 1

    @classmethod
    def fit(cls, texts: Iterable[tuple[str, str]]) -> Languages:
        """Return the languages of pairs of a language and a text in it."""
        said: dict[str, Counter[str]] = {}
        for language, text in texts:
            said.setdefault(language, Counter()).update(_split(text))
        return cls({name: dict(words.most_common(COMMONEST)) for name, words in said.items()})

    def find(self, text: str, told: str | None = None) -> str | None:
        """Return the language of a text: as the knowledge base spells it when it has it.

        Args:
            text: Any text.
            told: What was known beforehand: it wins unless the text says otherwise.

        Returns:
            None when nothing tells it.
        """
        by_script = _find_script(text)
        if by_script is not None:
            return self._spell(by_script, told)
        letters = sum(one.isalpha() for one in text)
        if not letters:
            return told
        scores = self._score(text, told)
        known = max(scores, key=scores.__getitem__) if scores else None
        if letters >= FEWEST_LETTERS:
            other, chance = _rank(text)[0]
            share = 0.0 if known is None else self._share_known(text, known)
            if (
                chance >= (STRANGE if share < UNFAMILIAR else CERTAIN)
                and share < FAMILIAR
                and other not in {_base(name) for name in self.words}
                and (told is None or _base(told) != other)
            ):
                return other
        if told is not None and (known is None or (letters < FEWEST_LETTERS and known == told)):
            return told
        return known if known is not None else told

    def _score(self, text: str, told: str | None) -> dict[str, float]:
        names = list(self.words)
        if told is not None and all(_base(name) != _base(told) for name in names):
            names.append(told)
        guessed = dict(_rank(text))
        return {
            name: self._measure(text, name)
            + math.log(guessed.get(_base(name), 0.0) + 1e-4)
            + (TOLD_BEFORE if told is not None and _base(name) == _base(told) else 0.0)
            for name in names
        }

    def _measure(self, text: str, name: str) -> float:
        said = self.words.get(name, {})
        total = self._totals.get(name, 0) + 0.1 * self._size
        # A word that no language has would speak for the one with the fewest articles.
        return sum(
            math.log((said.get(word, 0) + 0.1) / total)
            for word in _split(text)
            if any(word in other for other in self.words.values())
        )

    def _share_known(self, text: str, name: str) -> float:
        words = _split(text)
        said = self.words.get(name, {})
        return sum(word in said for word in words) / max(1, len(words))

    def _spell(self, language: str, told: str | None) -> str:
        for name in (told, *self.words):
            if name is not None and _base(name) == language:
                return name
        return language


def _base(language: str) -> str:
    return language.replace("_", "-").partition("-")[0].lower()


def _split(text: str) -> list[str]:
    return [one for one in split_words(fold(text), choose_cutter()) if not one.isdigit()]


def _find_script(text: str) -> str | None:
    """Return the language that its script tells; None for those that many languages share."""
    letters = sum(one.isalpha() for one in text)
    for language, pattern in _SCRIPTS:
        weight = len(pattern.findall(text)) * _WEIGHTS.get(language, 1)
        if weight and weight * 2 >= letters:
            return language
    return None


@lru_cache(maxsize=4096)
def _rank(text: str) -> Sequence[tuple[str, float]]:
    return [(name, float(share)) for name, share in _load().rank(fold(text)[:500])]


@lru_cache(maxsize=1)
def _load() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(sorted(set(PLAUSIBLE) & set(identifier.labels)))
    return identifier
