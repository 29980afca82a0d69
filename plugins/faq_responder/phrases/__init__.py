"""What the responder says in its own words, by language; everything else is said by articles."""

from __future__ import annotations

from .chinese import CHINESE
from .english import ENGLISH
from .german import GERMAN

PHRASES = {"en": ENGLISH, "de": GERMAN, "zh": CHINESE}


def find_phrase(name: str, language: str) -> str:
    """Return a phrase in a language, else in English.

    Args:
        name: Its name.
        language: BCP 47 tag.
    """
    return PHRASES.get(find_spoken(language), ENGLISH)[name]


def find_spoken(language: str) -> str:
    """Return the language in which the responder has words for somebody: hers, or English."""
    base = language.partition("-")[0].lower()
    return base if base in PHRASES else "en"
