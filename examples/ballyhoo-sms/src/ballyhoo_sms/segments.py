"""Counts the segments of a text as networks bill them: GSM-7 if it can be, else UCS-2."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Alphabet = Literal["gsm7", "ucs2"]

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")
"""Characters of GSM 03.38 that take two places: an escape and themselves."""

_PLACES: dict[Alphabet, tuple[int, int]] = {"gsm7": (160, 153), "ucs2": (70, 67)}
"""Places of a single segment, and of each one of several, which lose some to a header."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    """How long a text is for a phone network: its alphabet, its places and its segments."""

    alphabet: Alphabet
    places: int
    segments: int


def measure_text(text: str) -> Length:
    """Return how long a text is.

    A character that takes two places (`€` in GSM-7, an emoji in UCS-2) is never cut in two, so
    that a segment may end one place early.
    """
    alphabet: Alphabet = "gsm7" if _BASIC.union(_EXTENDED).issuperset(text) else "ucs2"
    if alphabet == "gsm7":
        widths = [2 if character in _EXTENDED else 1 for character in text]
    else:
        widths = [2 if ord(character) > 0xFFFF else 1 for character in text]
    single, several = _PLACES[alphabet]
    places = sum(widths)
    segments = 1 if places <= single else _fill(widths, several)
    return Length(alphabet=alphabet, places=places, segments=segments)


def _fill(widths: Iterable[int], size: int) -> int:
    segments, left = 1, size
    for width in widths:
        if width > left:
            segments, left = segments + 1, size
        left -= width
    return segments
