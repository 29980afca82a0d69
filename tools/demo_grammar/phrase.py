"""Reads the phrases: lines below headings, in files named by the occasion that they belong to.

A heading is `part:`, or `part voice:`. `{price}` is a slot, `<hook>` is another part, and
`<known?>` is left out where nothing can be said. The files of EVERY_OCCASION belong to all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "phrases"
EVERY_OCCASION = ("fields", "parts", "reasons")
SLOT = re.compile(r"\{([a-z_.]+)\}")
PART = re.compile(r"<([a-z_]+)(\?)?>")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One line.

    Attributes:
        text: As it stands in the file.
        occasion: The occasion that it belongs to, or None for all.
        voice: The voice, or for `because` the reason; None for all.
        slots: The slots in it.
        parts: The parts that it cannot do without.
    """

    text: str
    occasion: str | None
    voice: str | None
    slots: frozenset[str]
    parts: frozenset[str]


@cache
def load_phrases(language: str) -> Mapping[str, Sequence[Phrase]]:
    """Return the phrases of a language by the part that they are."""
    found: dict[str, list[Phrase]] = {}
    for path in sorted((FOLDER / language).glob("*.txt")):
        occasion = None if path.stem in EVERY_OCCASION else path.stem
        for part, phrase in _read_phrases(path.read_text(encoding="utf-8"), occasion):
            found.setdefault(part, []).append(phrase)
    return found


def _read_phrases(text: str, occasion: str | None) -> Iterator[tuple[str, Phrase]]:
    part, voice = "", ""
    for line in text.splitlines():
        if line.startswith("  "):
            phrase = Phrase(
                text=line.strip(),
                occasion=occasion,
                voice=voice or None,
                slots=frozenset(SLOT.findall(line)),
                parts=frozenset(name for name, optional in PART.findall(line) if not optional),
            )
            yield part, phrase
        elif line and not line.startswith("#"):
            part, _, voice = line.rstrip(":").partition(" ")
