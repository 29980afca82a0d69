"""Compares texts: whether one is as it should be, and where it begins to differ."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from .models import TextBlock

MOST_CHARS = 200
"""Of a text that is shown because it differs."""


def compare_text(name: str, expected: str | TextBlock, came: str | None) -> list[str]:
    """Return what is wrong with a text, a sentence and lines below it for each; none when right.

    Args:
        name: What people call it.
        expected: The text that it should be, or what is asked of it.
        came: The text that it is; None when there is none.
    """
    if came is None:
        return [f"there is no {name}"]
    if isinstance(expected, str):
        expected = TextBlock(equals=expected)
    found: list[str] = []
    if expected.equals is not None and _level(expected.equals) != _level(came):
        found.append(_show_difference(name, _level(expected.equals), _level(came)))
    for part in _list(expected.contains):
        if _level(part) not in _level(came):
            found.append(_show_near(name, _level(part), _level(came)))
    for part in _list(expected.lacks):
        if _level(part) in _level(came):
            found.append(f"{name} should not have '{part}' in it\n  came: {_cut(_level(came))}")
    if expected.matches is not None and re.search(expected.matches, came) is None:
        found.append(f"{name} should match {expected.matches}\n  came: {_cut(_level(came))}")
    return found


def _list(said: str | list[str] | None) -> list[str]:
    return [said] if isinstance(said, str) else said or []


def _level(text: str) -> str:
    """Return a text with any white space as one space: lines are broken by whoever lays it out."""
    return " ".join(text.split())


def _cut(text: str) -> str:
    return text if len(text) <= MOST_CHARS else f"{text[: MOST_CHARS - 3]}..."


def _show_difference(name: str, expected: str, came: str) -> str:
    """Show two texts above each other, with a mark below the first difference."""
    same = next(
        (at for at, pair in enumerate(zip(expected, came, strict=False)) if pair[0] != pair[1]),
        min(len(expected), len(came)),
    )
    start = 0 if max(len(expected), len(came)) <= MOST_CHARS else max(0, same - 60)
    lead = "..." if start else ""
    shown = [_cut(lead + text[start:]) for text in (expected, came)]
    mark = " " * (len("  expected: ") + len(lead) + same - start) + "^"
    return f"{name} is another one\n  expected: {shown[0]}\n  came:     {shown[1]}\n{mark}"


def _show_near(name: str, part: str, came: str) -> str:
    """Show a part that is missing, and what in the text is nearest to it."""
    said = f"{name} should have '{part}' in it"
    matcher = SequenceMatcher(None, came, part, autojunk=False)
    found = matcher.find_longest_match()
    if found.size < max(4, len(part) // 2):
        return f"{said}\n  came: {_cut(came)}"
    start = max(0, found.a - found.b)
    return f"{said}\n  nearest: {_cut(came[start : start + len(part) + 10])}"
