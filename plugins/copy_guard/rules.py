"""The rules of copy_guard: each answers the words it objects to, or None."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

_LINK = re.compile(
    r"https?://\S+|\bwww\.\S+|\S+@\S+\.\w+|\b[\w-]+\.(?:com|net|org|io|shop|store|de|at|cn|eu|uk)\b",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"<[^<>\s][^<>]*>|&\w+;|\[[^\]]*\]\([^)]*\)|\{\{|\}\}|\{%|%\}|```")
_SUPERLATIVE = re.compile(
    r"\b(?:best|finest|greatest|cheapest|perfect|ultimate|unique|only one|number one|unrivalled|"
    r"beste[rnms]?|schönste[rnms]?|günstigste[rnms]?|einzigartig\w*|perfekt\w*)\b|最好|最佳|第一|唯一",
    re.IGNORECASE,
)
_AROUND = 12


def find_number(text: str) -> str | None:
    """Find a digit of any script, a number character or a percent sign."""
    for position, character in enumerate(text):
        if unicodedata.category(character) in ("Nd", "Nl", "No") or character in "%％‰":
            return " ".join(text[max(0, position - _AROUND) : position + _AROUND].split())
    return None


def _find(pattern: re.Pattern[str]) -> Callable[[str], str | None]:
    def find(text: str) -> str | None:
        found = pattern.search(text)
        return found[0] if found else None

    return find


RULES: dict[str, Callable[[str], str | None]] = {
    "numbers": find_number,
    "links": _find(_LINK),
    "markup": _find(_MARKUP),
    "superlatives": _find(_SUPERLATIVE),
}
