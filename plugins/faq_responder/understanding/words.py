"""Splits texts into words, pairs and parts of words, in scripts with and without spaces."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Literal

MOST_CHARS = 2_000
"""Of a text; what stands behind says no more about what it asks."""
DISTANCES = (1, 2, 3)
"""Of the words of a pair: those that are next to each other, and with one or two between."""
SHORTEST, LONGEST = 2, 5
"""Letters of a part of a word."""
SHORTEST_UNSPACED, LONGEST_UNSPACED = 2, 3
"""Signs of a part of a run without spaces; one sign says something only where it is a word."""

Cutter = Literal["jieba", "pairs"]
"""What finds words in Chinese. With 31 questions about 15 invented articles the rank of the right
one (one over it, on average) was 0.47 with rjieba and 0.45 with overlapping pairs of signs; it has
3.7 MB, no files besides, and takes a microsecond for a question. Japanese, Thai and their like are
cut into pairs: a dictionary of each would weigh ten times as much."""

_WORD = re.compile(r"\w+")
_UNSPACED = (
    "\u0e00-\u0e7f\u0e80-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    "\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_RUN = re.compile(rf"[{_UNSPACED}]+|[^{_UNSPACED}]+")
_FIRST_UNSPACED = re.compile(rf"[{_UNSPACED}]")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]+")


def fold(text: str) -> str:
    """Return the beginning of a text in small letters and plain forms of signs."""
    folded = unicodedata.normalize("NFKC", text[:MOST_CHARS].replace("’", "'")).casefold()
    return folded[:MOST_CHARS]  # one sign may become eighteen


def choose_cutter() -> Cutter:
    """Return what cuts Chinese best here."""
    try:
        import rjieba  # noqa: F401
    except ImportError:
        return "pairs"
    return "jieba"


def split_words(folded: str, cutter: Cutter) -> list[str]:
    """Return the words of a folded text, in its order."""
    words: list[str] = []
    for word in _WORD.findall(folded):
        if _FIRST_UNSPACED.search(word) is None:
            words.append(word)
            continue
        for run in _RUN.findall(word):
            words += _cut(run, cutter) if _FIRST_UNSPACED.match(run) else [run]
    return words


def list_word_features(words: Sequence[str]) -> list[str]:
    """Return words, and pairs of those that stand close to each other."""
    features = list(words)
    for distance in DISTANCES:
        features += [
            f"{first} {second}" for first, second in zip(words, words[distance:], strict=False)
        ]
    return features


def list_part_features(folded: str) -> list[str]:
    """Return the parts of the words of a folded text: 2 to 5 letters, a space at their ends.

    Of scripts without spaces: runs of 2 and 3 signs.
    """
    features: list[str] = []
    for word in folded.split():
        if _FIRST_UNSPACED.search(word) is None:
            features += _part(word)
            continue
        for run in _RUN.findall(word):
            if _FIRST_UNSPACED.match(run):
                features += [
                    run[start : start + length]
                    for length in range(SHORTEST_UNSPACED, LONGEST_UNSPACED + 1)
                    for start in range(len(run) - length + 1)
                ]
            else:
                features += _part(run)
    return features


def _part(word: str) -> Iterator[str]:
    spaced = f" {word} "
    for length in range(SHORTEST, LONGEST + 1):
        if length >= len(spaced):
            yield spaced
            return
        for start in range(len(spaced) - length + 1):
            yield spaced[start : start + length]


def _cut(run: str, cutter: Cutter) -> list[str]:
    if cutter == "jieba" and _HAN.fullmatch(run):
        return [str(word) for word in _open_jieba()(run)]
    return [run] if len(run) == 1 else [run[at : at + 2] for at in range(len(run) - 1)]


@cache
def _open_jieba() -> Callable[[str], list[str]]:
    import rjieba

    cut: Callable[[str], list[str]] = rjieba.cut
    return cut
