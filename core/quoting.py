"""Quotes a text in a message: on one line, nothing invisible, not too long."""

from __future__ import annotations

MOST_CHARS_SHOWN = 60


def shorten(text: str) -> str:
    """Return a text as a message shows it; what is cut off at the end is three dots."""
    line = text[: 2 * MOST_CHARS_SHOWN].replace("\n", "\\n")
    line = line if len(line) <= MOST_CHARS_SHOWN else line[: MOST_CHARS_SHOWN - 3] + "..."
    return "".join(
        character if character.isprintable() else f"<U+{ord(character):04X}>" for character in line
    )
