"""Suggests the nearest known name for a misspelt one."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

MOST_NAMES_LISTED = 12


def suggest_name(wrong: str, known: Iterable[str]) -> str:
    """Return what was probably meant, as the end of a sentence.

    Args:
        wrong: The name as it was written.
        known: The names that would be right; their order is kept where they are listed.

    Returns:
        "did you mean 'X'?" when one name is near, else "known: A, B, C" (at most
        `MOST_NAMES_LISTED` of them), else "" when nothing is known.
    """
    names = list(known)
    lowered = {name.lower(): name for name in reversed(names)}
    near = get_close_matches(wrong.lower(), lowered, n=1, cutoff=0.6)
    if near:
        return f"did you mean '{lowered[near[0]]}'?"
    if not names:
        return ""
    shown = ", ".join(names[:MOST_NAMES_LISTED])
    rest = len(names) - MOST_NAMES_LISTED
    return f"known: {shown} and {rest} more" if rest > 0 else f"known: {shown}"
