"""Finds where a character of a YAML text stands in its file, whatever its style."""

from __future__ import annotations

from ..recipe.document import Node, Place


def locate(node: Node, offset: int) -> Place:
    """Return the place of a character of a scalar.

    A text may be folded over several lines, indented, or quoted; what YAML leaves out (line
    breaks, indentation, quotes, escapes) is passed over.

    Args:
        node: A scalar whose value is text.
        offset: The index of the character in the value; its length means the end.
    """
    value, raw = str(node.value), node.raw
    at = _skip_indicator(raw)
    for character in value[:offset]:
        at = _step(raw, at, character)
    at = _skip_space(raw, at) if offset < len(value) and not value[offset].isspace() else at
    before = raw[:at]
    line = before.count("\n")
    if not line:
        return Place(node.place.line, node.place.column + at)
    return Place(node.place.line + line, at - before.rfind("\n"))


def _skip_indicator(raw: str) -> int:
    """Pass over the opening quote, or the line of a `>` or `|`."""
    if raw[:1] in ("'", '"'):
        return 1
    if raw[:1] in (">", "|"):
        return raw.find("\n") + 1
    return 0


def _step(raw: str, at: int, character: str) -> int:
    if character.isspace():
        after = _skip_space(raw, at)
        return after if after > at else at
    at = _skip_space(raw, at)
    while at < len(raw) and raw[at] != character:
        at += 1
    at += 1
    # A doubled quote inside single quotes is one character of the value.
    if character == "'" and raw[:1] == "'" and raw[at : at + 1] == "'":
        at += 1
    return at


def _skip_space(raw: str, at: int) -> int:
    while at < len(raw) and raw[at].isspace():
        at += 1
    return at
