"""The rules of repetition and sameness: nothing is said twice, nor what was sent last time."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from ballyhoo import DataError, Objection

from .case import Case, open_passage, shorten
from .facts import split_tokens
from .reading import MARK

_SENTENCE = re.compile(r"[.!?。！？…\n]+")
_SIGN = re.compile(r"[^\w\ufffc]|_")
LOOP = 3
"""The same word so often in a row, or the same four words so often in a field, is a loop."""

LONG_LOOP = 5
"""The same letter or Chinese character so often."""

SHINGLE = 4
FEWEST_TOKENS = 4
"""A sentence of fewer words may come again."""

ALIKE = 0.8
"""Two fields that share so much of their words, or a message of its runs of words, are the same."""


def find_repetition(case: Case) -> Iterator[Objection]:
    """Object to loops, to a sentence said twice and to two fields that say the same."""
    heads: dict[str, frozenset[str]] = {}
    said_in: dict[tuple[str, ...], str] = {}
    for passage in case.passages:
        name, words = passage.field, _split_words(passage.reading.bare)
        loop = _find_loop(words)
        if loop is not None:
            yield Objection(rule="repetition", field=name, excerpt=shorten(loop), message="a loop")
        for sentence in _SENTENCE.split(passage.reading.bare):
            tokens = tuple(_split_words(sentence))
            if len(tokens) < FEWEST_TOKENS or not any(one != MARK for one in tokens):
                continue
            if tokens in said_in:
                said = f"the same sentence as in '{said_in[tokens]}'"
                excerpt = shorten(sentence.replace(MARK, "{}").strip())
                yield Objection(rule="repetition", field=name, excerpt=excerpt, message=said)
            said_in.setdefault(tokens, name)
        own = frozenset(one for one in words if one != MARK)
        for other, theirs in heads.items():
            if min(len(own), len(theirs)) >= FEWEST_TOKENS and _share(own, theirs) >= ALIKE:
                said = f"says the same as '{other}'"
                yield Objection(rule="repetition", field=name, message=said)
        heads[name] = own


def _split_words(text: str) -> list[str]:
    return [one for one in split_tokens(text) if one == MARK or not _SIGN.fullmatch(one)]


def _find_loop(words: Sequence[str]) -> str | None:
    for word, run in groupby(words):
        times = len(list(run))
        if times >= (LOOP if len(word) > 1 else LONG_LOOP):
            return " ".join([word] * times)
    runs = Counter(tuple(words[at : at + SHINGLE]) for at in range(len(words) - SHINGLE + 1))
    often = [
        run
        for run, times in runs.items()
        if times >= LOOP and len(set(run)) > 1 and run.count(MARK) < 2
    ]
    return " ".join(often[0]) if often else None


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one | other else 0.0


def find_sameness(case: Case) -> Iterator[Objection]:
    """Object to a copy that this recipient got before, word for word or nearly so."""
    own = {one.field: _split_words(one.reading.bare) for one in case.passages}
    for number, fields in enumerate(case.brief.previous, start=1):
        which = "last time" if number == 1 else f"{number} messages ago"
        for name, words in own.items():
            theirs = _split_words(_read_previous(name, fields.get(name)))
            if not theirs or not words:
                continue
            if words == theirs or _overlap(words, theirs) >= ALIKE:
                yield Objection(rule="sameness", field=name, message=f"says what was said {which}")


def _read_previous(name: str, text: str | None) -> str:
    if not isinstance(text, str):
        return ""
    try:
        return open_passage(name, text).reading.bare
    except DataError:
        return text.lower()


def _overlap(words: Sequence[str], theirs: Sequence[str]) -> float:
    """Return how much of the shorter text's runs of words the other has."""
    if min(len(words), len(theirs)) < 2 * SHINGLE:
        return 0.0
    own, other = _shingle(words), _shingle(theirs)
    return len(own & other) / min(len(own), len(other))


def _shingle(words: Sequence[str]) -> frozenset[tuple[str, ...]]:
    size = SHINGLE - 1
    return frozenset(tuple(words[at : at + size]) for at in range(len(words) - size + 1))
