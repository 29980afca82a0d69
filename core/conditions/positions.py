"""Finds where a character of a YAML text stands in its file, whatever its style."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..recipe.document import Node, Place
from .tokens import ConditionError

_BREAK = re.compile(r"\r\n|\r|\n")
_HEX_DIGITS = {"x": 2, "u": 4, "U": 8}
_SPACES = frozenset(" \t\nNLP_tnrvf")
"""What stands for a space or a line break after a backslash."""


def place_mistake(node: Node, mistake: ConditionError) -> tuple[Place, tuple[str | int, ...]]:
    """Return where a mistake of a condition stands, and the keys that lead there.

    Args:
        node: The condition in its file, text or structured.
        mistake: What is wrong in it.
    """
    if isinstance(node.value, str):
        return locate(node, mistake.start), node.path
    found, rest = node.follow(mistake.path)
    if not rest and mistake.path and isinstance(mistake.path[-1], str):
        above, _ = node.follow(mistake.path[:-1])
        if not isinstance(found.value, str | int | float | bool):
            return above.key_places.get(mistake.path[-1], found.place), found.path
    return found.place, found.path


def locate(node: Node, offset: int) -> Place:
    """Return the place of a character of a scalar.

    A text may be folded over several lines, indented, or quoted. YAML changes its spaces and line
    breaks only, so the place is found by counting the other characters.

    Args:
        node: A scalar whose value is text.
        offset: The index of the character in the value; its length means right after the end.
    """
    value, raw = str(node.value), node.raw
    visible = [index for index, character in enumerate(value) if not character.isspace()]
    before = sum(index < offset for index in visible)
    begins = [start for start, _ in _characters(raw)]
    ends = [end for _, end in _characters(raw)]
    if not begins:
        return node.place
    if before < len(begins) and offset < len(value):
        at = begins[before]
    else:
        at = ends[min(before, len(ends)) - 1]
    lines = _BREAK.split(raw[:at])
    if len(lines) == 1:
        return Place(node.place.line, node.place.column + at)
    return Place(node.place.line + len(lines) - 1, len(lines[-1]) + 1)


def _characters(raw: str) -> Iterator[tuple[int, int]]:
    """Yield where each character of the text that is not white space begins and ends."""
    if raw[:1] == '"':
        yield from _double_quoted(raw)
    elif raw[:1] == "'":
        for found in re.finditer(r"''|[^'\s]", raw[1:-1]):
            yield found.start() + 1, found.end() + 1
    else:
        first = raw.find("\n") + 1 if raw[:1] in (">", "|") else 0
        for index in range(first, len(raw)):
            if not raw[index].isspace():
                yield index, index + 1


def _double_quoted(raw: str) -> Iterator[tuple[int, int]]:
    at = 1
    while at < len(raw) - 1:
        start = at
        if raw[at] != "\\":
            at += 1
            if not raw[start].isspace():
                yield start, at
            continue
        escape = raw[at + 1 : at + 2]
        digits = _HEX_DIGITS.get(escape, 0)
        at += 2 + digits
        if digits:
            is_space = chr(int(raw[start + 2 : at], 16)).isspace()
        else:
            is_space = escape in _SPACES or escape.isspace()
        if not is_space:
            yield start, at
