"""Says whether a question and an article speak of the same thing at all.

In a small knowledge base the words around a question ("what is the ... of ...") look as telling as
the rare word in it. An article that shares nothing else is no answer, however well it matches.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ballyhoo import Article

from .grounding_words import LINKING, NEGATIONS
from .topics import fold
from .understanding.concepts import list_concepts
from .understanding.words import choose_cutter, split_words

STEM = 5
"""Letters; the rest of a word is mostly its ending."""
_DIGITS = re.compile(r"\d+")


def has_common_ground(question: str, article: Article) -> bool:
    """Return whether a word that says something, or a concept, stands in both."""
    terms, concepts = _describe(question)
    known, spoken = _describe_article(article)
    return bool(terms & known or concepts & spoken)


def _describe_article(article: Article) -> tuple[frozenset[str], frozenset[int]]:
    return _describe("\n".join((article.title, *article.questions, article.body)))


@lru_cache(maxsize=4096)
def _describe(text: str) -> tuple[frozenset[str], frozenset[int]]:
    words = split_words(fold(text).casefold(), choose_cutter())
    terms = {
        word[:STEM]
        for word in words
        if word not in LINKING and word not in NEGATIONS and not _DIGITS.fullmatch(word)
        and (len(word) > 2 or not word.isascii())
    }  # fmt: skip
    return frozenset(terms), frozenset(list_concepts(words))
