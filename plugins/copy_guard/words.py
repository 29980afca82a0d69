"""Lists of words, made into one pattern that finds any of them in a text without diacritics."""

from __future__ import annotations

import re
from functools import lru_cache

from .reading import HAN, read

_GAP = r"[\W_]{1,3}"
_HAN = re.compile(f"[{HAN}]")
_UMLAUTS = {"ä": "(?:a|ae)", "ö": "(?:o|oe)", "ü": "(?:u|ue)"}


@lru_cache(maxsize=2048)
def compile_words(words: str) -> re.Pattern[str]:
    """Return the pattern of words that are separated by commas or line ends.

    A word is found whole; `*` at its beginning or end lets letters stand there. A space stands
    for up to three signs that are no letters. Chinese words are found anywhere.
    """
    return re.compile(
        "|".join(
            dict.fromkeys(
                write_word(word)
                for line in words.splitlines()
                for word in line.split(",")
                if word.strip()
            )
        )
    )


def write_word(word: str) -> str:
    """Return the pattern of one word."""
    word = word.strip()
    begins = "" if word.startswith("*") else r"(?<![a-z0-9])"
    ends = "[a-z]{0,24}" if word.endswith("*") else r"(?![a-z0-9])"
    core = read(word.strip("*")).plain
    if _HAN.search(core):
        return re.escape(core)
    parts = ["".join(_UMLAUTS.get(one, _escape(one)) for one in part) for part in core.split()]
    return begins + _GAP.join(parts) + ends


def _escape(one: str) -> str:
    plain = read(one).bare
    return r"[\W_]?" if plain in "-'" else re.escape(plain)


@lru_cache(maxsize=2048)
def compile_pattern(pattern: str) -> re.Pattern[str]:
    """Compile a pattern over text without diacritics when it is first needed."""
    return re.compile(pattern)


def list_whole_words(words: str) -> set[str]:
    """Return the single Latin words of a list that are four letters or longer."""
    found = {read(one.strip()).bare for line in words.splitlines() for one in line.split(",")}
    return {one for one in found if len(one) >= 4 and one.isascii() and one.isalpha()}
