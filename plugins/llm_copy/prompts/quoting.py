"""Makes text of customers and products safe to quote in a prompt: one line, no tokens, no slots."""

from __future__ import annotations

import unicodedata

MOST_CHARS = 200
"""Of one quoted value; the rest is cut off."""

_LOOK_ALIKES = str.maketrans("<>[]{}`", "‹›()()'")
"""Models mark turns and roles by `<|...|>`, `[...]` and the like; slots are written in braces."""

_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Control characters, marks of direction, zero-width ones: nobody would see what they do."""


def quote_text(text: str, most_chars: int = MOST_CHARS) -> str:
    """Return a text on one line, without anything that a model or a slot reads as a sign.

    Args:
        text: Of a product or a customer: anything.
        most_chars: How much of it is quoted.
    """
    visible = "".join(
        " " if one.isspace() or unicodedata.category(one) in _INVISIBLE else one
        for one in text[: 4 * most_chars]
    )
    line = " ".join(visible.translate(_LOOK_ALIKES).split())
    return line if len(line) <= most_chars else line[: most_chars - 1].rstrip() + "…"


def quote_value(value: str | int | float | bool) -> str:
    """Return a trait's value as it is quoted."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return quote_text(f"{value:g}" if isinstance(value, float) else str(value))
