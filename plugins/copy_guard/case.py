"""What a rule looks at: a copy in all its readings, its brief, and the facts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

from ballyhoo import Brief, Objection, find_slots

from .facts import Facts
from .options import GuardOptions
from .reading import Piece, Reading, join, pair, read
from .words import Finder, compile_words

MOST_SHOWN = 60
"""Of what is refused, so many characters are quoted."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One field of a copy.

    Attributes:
        field: Its name.
        readings: With every slot filled by a fact; with defaults where there are some; and each
            with letters that were set apart put together.
        paired: Each two words side by side as one.
    """

    field: str
    readings: tuple[Reading, ...]
    paired: Reading

    def list_readings(self, *, with_pairs: bool) -> tuple[Reading, ...]:
        """Return its readings, with that of paired words or without."""
        return (*self.readings, self.paired) if with_pairs else self.readings

    @property
    def reading(self) -> Reading:
        """The one with every slot filled by a fact."""
        return self.readings[0]


@dataclass(frozen=True, slots=True)
class Case:
    """A copy that is judged.

    Attributes:
        brief: What the generator was told.
        options: The recipe's.
        passages: The fields whose slots could be read.
        facts: What is known of the products.
        today: The day of the judgement.
        vocabulary: Finds the words of the catalogue in a text that are no facts of these products.
    """

    brief: Brief
    options: GuardOptions
    passages: tuple[Passage, ...]
    facts: Facts
    today: date
    vocabulary: Callable[[str], Iterator[tuple[int, int]]] = field(default=lambda text: iter(()))

    @property
    def language(self) -> str:
        """The language that was asked for, without region."""
        return self.brief.language.replace("_", "-").partition("-")[0].lower()

    def search(
        self,
        finder: Finder,
        *innocent: Finder,
        with_claims: bool = False,
        with_pairs: bool = True,
    ) -> Iterator[tuple[Passage, Reading, re.Match[str]]]:
        """Yield each match in each reading, but for those within an innocent phrase.

        Args:
            finder: What is looked for, in text without diacritics.
            innocent: Phrases in which it means something else.
            with_claims: Whether the claims that the recipe allows are innocent too.
            with_pairs: Whether to look at words that stand side by side as one.
        """
        for passage in self.passages:
            for reading in passage.list_readings(with_pairs=with_pairs):
                found = list(finder.finditer(reading.bare))
                if not found:
                    continue
                spans = self.find_claims(reading) if with_claims else []
                for other in innocent:
                    spans += [one.span() for one in other.finditer(reading.bare)]
                for one in found:
                    if is_within(one.span(), spans):
                        continue
                    if not reading.is_paired or _is_split(finder, reading, one):
                        yield passage, reading, one

    def find_claims(self, reading: Reading) -> list[tuple[int, int]]:
        """Return where claims stand that the recipe allows."""
        if not self.options.allowed_claims:
            return []
        phrases = (one.replace(",", " ") for one in self.options.allowed_claims)
        claims = compile_words("\n".join(phrases))
        return [one.span() for one in claims.finditer(reading.bare)]


def is_within(span: tuple[int, int], spans: list[tuple[int, int]]) -> bool:
    """Whether a span lies within one of others."""
    return any(first <= span[0] and span[1] <= last for first, last in spans)


def _is_split(finder: Finder, reading: Reading, found: re.Match[str]) -> bool:
    """Whether it is found only because two words were put together."""
    start, end = found.span()
    joint = reading.find_joint(start, end)
    if joint is None:
        return False
    return finder.search(f"{reading.bare[start:joint]} {reading.bare[joint:end]}") is None


Rule = Callable[[Case], Iterator[Objection]]


def refuse(
    rule: str, passage: Passage, reading: Reading, span: tuple[int, int], said: str
) -> Objection:
    """Return the objection to a part of a field, quoted as it was."""
    excerpt = shorten(reading.quote(*span))
    return Objection(
        rule=rule, field=passage.field, excerpt=excerpt, message=f"'{excerpt}': {said}"
    )


def shorten(text: str) -> str:
    """Return a text in one line that is not long."""
    line = " ".join(text.split())
    return line if len(line) <= MOST_SHOWN else line[: MOST_SHOWN - 1] + "…"


def open_passage(name: str, text: str) -> Passage:
    """Read a field.

    Raises:
        DataError: A brace in it is no slot.
    """
    filled: list[Piece] = []
    by_default: list[Piece] = []
    at = 0
    has_default = False
    for slot in find_slots(text):
        before = (at, slot.start, None)
        filled += [before, (slot.start, slot.end, slot.name)]
        by_default.append(before)
        if slot.default:
            has_default = True
            start = text.index("|", slot.start) + 1
            by_default.append((start, slot.end - 1, None))
        else:
            by_default.append((slot.start, slot.end, slot.name))
        at = slot.end
    rest = (at, len(text), None)
    readings = [read(text, [*filled, rest])]
    if has_default:
        readings.append(read(text, [*by_default, rest]))
    joined = [join(reading) for reading in readings]
    readings += [one for one in joined if not any(one is other for other in readings)]
    return Passage(name, tuple(readings), pair(readings[0]))
