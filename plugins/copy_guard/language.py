"""The rule of language: the copy is written in the one that the brief asks for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from ballyhoo import Objection

from .case import Case
from .reading import MARK

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

PLAUSIBLE = frozenset((
    "en", "de", "zh", "fr", "es", "it", "nl", "pt", "pl", "sv", "da", "no", "nb", "fi", "cs",
    "sk", "hu", "ro", "tr", "ru", "uk", "bg", "el", "hr", "sl", "sr", "lt", "lv", "et", "ja",
    "ko", "ar", "he", "hi", "th", "vi",
))  # fmt: skip
"""What else a copy may be in by mistake."""

FEWEST_LETTERS = 24
"""Of less, nobody can say which language it is."""

LONG_SENTENCE = 60
"""A sentence with so many letters is judged by itself."""

CERTAIN = 0.9
DOUBTFUL = 0.05
"""A field is refused when another language has at least the one, and its own at most the other."""

_SENTENCE = re.compile(r"[.!?。！？\n]+")
_CLOSE = (frozenset({"no", "nb", "da"}), frozenset({"hr", "sr"}), frozenset({"cs", "sk"}))
"""Languages that short texts cannot tell apart."""


def find_language(case: Case) -> Iterator[Objection]:
    """Object to a copy, or a long field of it, in another language."""
    fields = [(one.field, _list_words(one.reading.plain)) for one in case.passages]
    sentences = [
        (one.field, _list_words(sentence))
        for one in case.passages
        for sentence in _SENTENCE.split(one.reading.plain)
    ]
    whole = (None, "\n".join(text for _, text in fields))
    asked = [(*one, FEWEST_LETTERS) for one in (*fields, whole)]
    asked += [(*one, LONG_SENTENCE) for one in sentences]
    for field, text, fewest in asked:
        found = _find_other(text, case.language, fewest)
        if found is not None:
            said = f"is written in '{found}', not in '{case.language}'"
            if found == "":
                said = f"there is no way to tell whether this is '{case.language}'"
            yield Objection(rule="language", field=field, message=said)
            return


def _list_words(plain: str) -> str:
    """Return the words without digits and signs."""
    spaced = "".join(one if one.isalpha() or one in " '\n" else " " for one in plain)
    return " ".join(spaced.replace(MARK, " ").split())


def _find_other(text: str, language: str, fewest: int) -> str | None:
    weight = sum(3 if unicodedata.name(one, "")[:3] == "CJK" else 1 for one in text if one != " ")
    if weight < fewest:
        return None
    shares = _rank(text[:2_000], language)
    if shares is None:
        return ""
    other, certainty = max(shares.items(), key=lambda item: item[1])
    if any({other, language} <= close for close in _CLOSE):
        return None
    if other != language and certainty >= CERTAIN and shares.get(language, 0.0) <= DOUBTFUL:
        return other
    return None


@lru_cache(maxsize=4096)
def _rank(text: str, language: str) -> dict[str, float] | None:
    identifier = _open_identifier(language)
    if identifier is None:
        return None
    return {name: float(share) for name, share in identifier.rank(text)}


def _open_identifier(language: str) -> LanguageIdentifier | None:
    """Return what tells plausible languages and this one apart; None when it does not know it."""
    return _load_identifier("" if language in PLAUSIBLE else language)


@cache
def _load_identifier(other: str) -> LanguageIdentifier | None:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    known = set(identifier.labels)
    if other and other not in known:
        return None
    identifier.set_languages(sorted({other, *PLAUSIBLE} & known))
    return identifier
