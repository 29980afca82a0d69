"""Suggests the nearest known name for a misspelt one."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches

MOST_NAMES_LISTED = 12
LONGEST_COMPARED = 80
"""Longer names are compared with nothing: they are no slip of the finger."""
SHORTEST_ONE_EDIT = 3
"""In shorter names one edit changes too much of the word to tell what was meant."""


def nearest_name(wrong: str, known: Iterable[str]) -> str | None:
    """Return the known name that was probably meant, whatever its case, or None.

    A name that is one slip away (a letter too many, too few, wrong, or two of them swapped) is
    nearer than any other; else the one that shares most with what was written.
    """
    if len(wrong) > LONGEST_COMPARED:
        return None
    lowered = {name.lower(): name for name in reversed(list(known))}
    written = wrong.lower()
    if written in lowered:
        return lowered[written]
    slips = [name for name in reversed(lowered) if _is_one_edit(written, name)]
    if slips:
        return lowered[max(slips, key=lambda name: SequenceMatcher(None, written, name).ratio())]
    near = get_close_matches(written, lowered, n=1, cutoff=0.6)
    return lowered[near[0]] if near else None


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
    near = nearest_name(wrong, names)
    if near is not None:
        return f"did you mean '{near}'?"
    if not names:
        return ""
    shown = ", ".join(names[:MOST_NAMES_LISTED])
    rest = len(names) - MOST_NAMES_LISTED
    return f"known: {shown} and {rest} more" if rest > 0 else f"known: {shown}"


def _is_one_edit(written: str, name: str) -> bool:
    if len(name) < SHORTEST_ONE_EDIT or abs(len(written) - len(name)) > 1:
        return False
    same = 0
    while same < min(len(written), len(name)) and written[same] == name[same]:
        same += 1
    rest, wanted = written[same:], name[same:]
    swapped = rest[1::-1] == wanted[:2] and rest[2:] == wanted[2:]
    return swapped or rest[1:] == wanted[1:] or rest[1:] == wanted or rest == wanted[1:]
