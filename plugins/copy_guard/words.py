"""Lists of words, and what finds any of them in a text without diacritics."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from .reading import HAN, read

_GAP = r"(?:[^\w.!?。！？\n]|_){1,3}"
_HAN = re.compile(f"[{HAN}]")
_START = re.compile("[a-z0-9]+")
_UMLAUTS = {"ä": "(?:a|ae)", "ö": "(?:o|oe)", "ü": "(?:u|ue)"}


class WordList:
    """Finds the words of a list.

    It looks at the first two letters of each word of a text, so that a long list takes hardly more
    time than a short one.

    Args:
        words: Separated by commas or line ends. A word is found whole; where it has a `*`, letters
            may stand. A space stands for up to three signs that are no letters.
            Chinese words are found anywhere.
    """

    def __init__(self, words: str) -> None:
        by_start: dict[str, list[str]] = {}
        self._anywhere: list[tuple[str, re.Pattern[str]]] = []
        self._han: list[tuple[str, re.Pattern[str]]] = []
        listed = (one.strip() for line in words.splitlines() for one in line.split(","))
        for word in dict.fromkeys(one for one in listed if one.strip("*")):
            core = read(word.strip("*")).plain
            pattern = _write_word(core, is_open=word.endswith("*"))
            if _HAN.search(core):
                self._han.append((read(core).bare, re.compile(re.escape(read(core).bare))))
            elif word.startswith("*"):
                probe = max(re.split("[^a-z0-9]+", core), key=len)
                self._anywhere.append((probe, re.compile(pattern)))
            else:
                for start in _list_starts(core):
                    by_start.setdefault(start, []).append(pattern)
        self._by_start = {
            start: re.compile("|".join(patterns)) for start, patterns in by_start.items()
        }

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Yield what is found."""
        by_start = self._by_start
        for at in _find_starts(text):
            pattern = by_start.get(text[at : at + 2])
            if pattern is not None and (found := pattern.match(text, at)) is not None:
                yield found
        for probe, pattern in self._anywhere:
            if probe in text:
                yield from pattern.finditer(text)
        if not text.isascii():
            for probe, pattern in self._han:
                if probe in text:
                    yield from pattern.finditer(text)

    def search(self, text: str) -> re.Match[str] | None:
        """Return something that is found, or None."""
        return next(self.finditer(text), None)

    def remove(self, text: str) -> str:
        """Return the text without what is found."""
        kept = list(text)
        for found in self.finditer(text):
            kept[found.start() : found.end()] = " " * (found.end() - found.start())
        return "".join(kept)


Finder = WordList | re.Pattern[str]


@lru_cache(maxsize=512)
def compile_words(words: str) -> WordList:
    """Make a list of words when it is first needed."""
    return WordList(words)


@lru_cache(maxsize=2048)
def compile_pattern(pattern: str) -> re.Pattern[str]:
    """Compile a pattern over text without diacritics when it is first needed."""
    return re.compile(pattern)


@lru_cache(maxsize=64)
def _find_starts(text: str) -> tuple[int, ...]:
    return tuple([found.start() for found in _START.finditer(text)])


def _write_word(core: str, *, is_open: bool) -> str:
    parts = ["".join(_UMLAUTS.get(one, _escape(one)) for one in part) for part in core.split()]
    return _GAP.join(parts) + ("[a-z]{0,24}" if is_open else "(?![a-z0-9])")


def _escape(one: str) -> str:
    if one == "*":
        return "[a-z]{0,24}"
    return r"[\W_]?" if one in "-'" else re.escape(read(one).bare)


def _list_starts(core: str) -> Iterator[str]:
    """Yield what the first two characters of a word may be."""
    head = read(core).bare[:2]
    yield head
    if core[0] in _UMLAUTS:
        yield f"{head[0]}e"


def list_whole_words(words: str) -> set[str]:
    """Return the single words of a list that are four letters or longer."""
    found = {read(one.strip()).bare for line in words.splitlines() for one in line.split(",")}
    return {one for one in found if len(one) >= 4 and one.isascii() and one.isalpha()}
