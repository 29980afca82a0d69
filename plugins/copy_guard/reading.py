"""A text as a reader understands it: nothing hidden or dressed up, and where each part stood."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from .lookalikes import BLANKS, LOOKALIKES

MARK = "\ufffc"
"""Stands for a slot that has a fact in it."""

LAST_EUROPEAN = "\u017f"
"""Up to here letters keep their diacritics; later ones are decoration."""

FAR = 4
"""So many signs are more than any phrase has between its words."""

NEAR = 16
"""A neighbour that reaches further is left out."""

SHORT = 8
LONGEST_PAIR = 18
"""Of two words that are one which was split, the shorter has so many letters, both so many."""

HAN = r"\u3400-\u9fff\U00020000-\U0003ffff"
_GAP = r"[ \u00a0._*~'·•|/\\+-]"
_INSIDE_WORD = re.compile(r"(?<=[a-z])[._*~'`·•|/\\+-]{1,2}(?=[a-z])")
_SPELLED = re.compile(
    rf"(?<![a-z])[a-z](?:{_GAP}[a-z](?![a-z])){{2,}}|"
    r"(?<![a-z])[a-z](?:[.,_*-] [a-z](?![a-z])){2,}"
)
_BETWEEN_HAN = re.compile(rf"(?<=[{HAN}]){_GAP}{{1,2}}(?=[{HAN}])")
_WORD = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class Reading:
    """A normalised text; its strings have the same length, position by position.

    Attributes:
        original: The text as it was.
        cased: Normalised, upper and lower case kept.
        plain: The same in lower case.
        bare: The same without diacritics.
        starts: Where each character came from.
        ends: Where what it came from ended.
        slots: Positions of slots, with their names.
        is_paired: Whether words that stood side by side were put together.
    """

    original: str
    cased: str
    plain: str
    bare: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    slots: tuple[tuple[int, str], ...] = ()
    is_paired: bool = False

    def quote(self, start: int, end: int) -> str:
        """Return what stood at a span of this reading, as it was."""
        if start >= end:
            return ""
        return self.original[self.starts[start] : self.ends[end - 1]]

    def pick(self, positions: Iterable[int]) -> Reading:
        """Return the reading of some of its characters, in order."""
        kept = list(positions)
        names, places = dict(self.slots), {old: new for new, old in enumerate(kept)}
        return Reading(
            self.original,
            "".join([self.cased[one] for one in kept]),
            "".join([self.plain[one] for one in kept]),
            "".join([self.bare[one] for one in kept]),
            tuple([self.starts[one] for one in kept]),
            tuple([self.ends[one] for one in kept]),
            tuple((places[at], name) for at, name in names.items() if at in places),
        )

    def find_joint(self, start: int, end: int) -> int | None:
        """Return where two words were put together within a span, or None."""
        for at in range(start + 1, end):
            if self.starts[at] != self.ends[at - 1] and self.starts[at] > self.starts[at - 1]:
                return at
        return None


Piece = tuple[int, int, str | None]
"""Start and end in a text, and the slot's name when it is one that has a fact."""


def read(text: str, pieces: Iterable[Piece] | None = None) -> Reading:
    """Normalise a text.

    Args:
        text: The text as it was written.
        pieces: What of it is read, in order; all of it when None.
    """
    cased: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    slots: list[tuple[int, str]] = []
    for start, end, name in pieces if pieces is not None else [(0, len(text), None)]:
        if name is not None:
            slots.append((len(cased), name))
            cased.append(MARK)
            starts.append(start)
            ends.append(end)
        elif text[start:end].isascii():
            _take_ascii(text, start, end, cased, starts, ends)
        else:
            _take(text, start, end, cased, starts, ends)
    whole = "".join(cased)
    plain = whole.lower()
    if len(plain) != len(whole):
        plain = "".join(one if len(one.lower()) != 1 else one.lower() for one in whole)
    bare = plain if plain.isascii() else "".join([_strip(one) for one in plain])
    return Reading(text, whole, plain, bare, tuple(starts), tuple(ends), tuple(slots))


def _take_ascii(
    text: str, start: int, end: int, cased: list[str], starts: list[int], ends: list[int]
) -> None:
    for at in range(start, end):
        one = text[at]
        if one >= " " or one in "\n\t\r":
            cased.append(one)
            starts.append(at)
            ends.append(at + 1)


def _take(
    text: str, start: int, end: int, cased: list[str], starts: list[int], ends: list[int]
) -> None:
    for at in range(start, end):
        for one in _dissolve(text[at]):
            if unicodedata.category(one) in ("Mn", "Me", "Mc"):
                whole = unicodedata.normalize("NFC", cased[-1] + one) if cased else ""
                if len(whole) == 1 and whole <= LAST_EUROPEAN and ends[-1] > start:
                    cased[-1] = whole
                    ends[-1] = at + 1
                continue
            cased.append(one)
            starts.append(at)
            ends.append(at + 1)


@lru_cache(maxsize=8192)
def _dissolve(one: str) -> str:
    """Return what a character stands for; nothing for one that is not seen."""
    if one in LOOKALIKES:
        return LOOKALIKES[one]
    category = unicodedata.category(one)
    if one in BLANKS:
        return " "
    if category in ("Zs", "Zp", "Zl") or one in "\n\t\r\x0b\x0c\x85":
        return "\n" if one in "\n\r\x0b\x0c\x85\u2028\u2029" else " "
    if category in ("Cf", "Cc", "Cs", "Co", "Cn"):
        return ""
    if one in "ßẞ":
        return "ss" if one == "ß" else "SS"
    whole = unicodedata.normalize("NFKC", one)
    if whole != one:
        return "".join([_dissolve(part) for part in whole])
    if one > LAST_EUROPEAN and category[0] == "L":
        base = unicodedata.normalize("NFD", one)[0]
        return base if base.isascii() else one
    return one


@lru_cache(maxsize=8192)
def _strip(one: str) -> str:
    """Return a letter without its diacritics."""
    if one in LOOKALIKES:
        return LOOKALIKES[one][0]
    base = unicodedata.normalize("NFD", one)[0]
    return base if base.isascii() else one


def join(reading: Reading) -> Reading:
    """Return the reading with letters that signs set apart put together; the same without any."""
    bare = reading.bare
    dropped: set[int] = set()
    for pattern in (_INSIDE_WORD, _BETWEEN_HAN):
        for found in pattern.finditer(bare):
            dropped.update(range(*found.span()))
    for found in _SPELLED.finditer(bare):
        dropped.update(at for at in range(*found.span()) if not bare[at].isalpha())
    if not dropped:
        return reading
    return reading.pick(at for at in range(len(bare)) if at not in dropped)


def pair(reading: Reading) -> Reading:
    """Return each two words side by side as one, between their neighbours: for split words.

    Each such run stands far from the next one.
    """
    bare = reading.bare
    words = [found.span() for found in _WORD.finditer(bare)]
    kept: list[int] = []
    for number, (first, second) in enumerate(pairwise(words)):
        lengths = (first[1] - first[0], second[1] - second[0])
        if bare[first[1] : second[0]] != " " or min(lengths) > SHORT or sum(lengths) > LONGEST_PAIR:
            continue
        before = words[number - 1][0] if number else first[0]
        after = words[number + 2][1] if number + 2 < len(words) else second[1]
        kept += range(before if first[0] - before < NEAR else first[0], first[1])
        kept += range(second[0], after if after - second[1] < NEAR else second[1])
        kept += [-1] * FAR

    def gather(text: str) -> str:
        return "".join([text[at] if at >= 0 else "\n" for at in kept])

    return Reading(
        reading.original,
        gather(reading.cased),
        gather(reading.plain),
        gather(bare),
        tuple([reading.starts[at] for at in kept]),
        tuple([reading.ends[at] for at in kept]),
        is_paired=True,
    )
