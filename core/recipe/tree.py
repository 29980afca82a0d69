"""Turns YAML nodes into the document's tree, and reports what one can say of a node alone."""

from __future__ import annotations

import math
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable
from typing import Any

from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from .composer import RecipeComposer
from .document import Node, Place, Scalar
from .findings import Findings

MOST_DIGITS = 300
"""A longer number is read as text; no option means such a number."""

_TAG = "tag:yaml.org,2002:"


class Lines:
    """Knows the line and column of each character, as editors count them."""

    def __init__(self, text: str) -> None:
        self.starts = [0, *(found.end() for found in re.finditer(r"\r\n|\r|\n", text))]

    def place(self, index: int) -> Place:
        """Return where the character with this index stands."""
        line = bisect_right(self.starts, index)
        return Place(line, index - self.starts[line - 1] + 1)


def explain_character(character: str) -> str:
    """Say that a character cannot stand in a recipe."""
    return f"the character U+{ord(character):04X} is not allowed here; delete it"


def _find_forbidden(text: str) -> str | None:
    """Find what only an escape in double quotes can bring in: control codes, half characters."""
    for character in text:
        if unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\t":
            return character
    return None


def _join_halves(text: str) -> str:
    """Join the two halves of a character, which JSON escapes one by one."""
    try:
        return text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        return text


class TreeBuilder:
    """Turns ruamel's nodes into ours, and reports what one can say of a node alone."""

    def __init__(
        self, text: str, lines: Lines, composer: RecipeComposer, findings: Findings
    ) -> None:
        self.text = text
        self.lines = lines
        self.refused = composer.refused
        self.unread = composer.unread
        self.findings = findings

    def build(self, node: Any, path: tuple[str | int, ...], key_place: Place | None = None) -> Node:
        """Build the tree below a node.

        Args:
            node: What the composer made.
            path: The keys that lead to it.
            key_place: Where its key stands; None for what has no key.
        """
        place = self.lines.place(node.start_mark.index)
        if key_place is not None and node.start_mark.index == node.end_mark.index:
            place = key_place  # of an empty value the reader says where the next one begins
        refused = self.refused.get(id(node))
        if refused is not None:
            self.findings.add(place, refused, path)
        raw = re.sub(r"^&\S+\s+", "", self.text[node.start_mark.index : node.end_mark.index])
        if isinstance(node, MappingNode):
            built = self._build_mapping(node, place, path)
        elif isinstance(node, SequenceNode):
            items = [self.build(item, (*path, index)) for index, item in enumerate(node.value)]
            built = Node(value=items, place=place, path=path)
        else:
            built = self._build_scalar(node, place, path)
        built.raw = raw if isinstance(node, ScalarNode) or node.flow_style else ""
        built.refused = built.refused or id(node) in self.unread
        return built

    def _build_mapping(self, node: Any, place: Place, path: tuple[str | int, ...]) -> Node:
        built = Node(value={}, place=place, path=path)
        values = built.mapping
        for key_node, value_node in node.value:
            key_place = self.lines.place(key_node.start_mark.index)
            wrong = self._explain_key(key_node)
            if wrong is not None:
                self.findings.add(key_place, wrong, path)
                built.refused = True
                continue
            key = str(key_node.value)
            below = self.build(value_node, (*path, key), key_place)
            if key in values:
                first = built.key_places[key]
                self.findings.add(
                    key_place, f"the key stands twice; first in line {first.line}", (*path, key)
                )
                continue
            values[key] = below
            built.key_places[key] = key_place
        return built

    def _explain_key(self, node: Any) -> str | None:
        if id(node) in self.refused:
            return self.refused[id(node)]
        if not isinstance(node, ScalarNode):
            return "a key must be a word; a text that begins with '{' or '[' needs quotes"
        if node.value == "<<":
            return "'<<' (merging) does not belong in a recipe; write the keys out"
        if "\n" in node.value:
            return "a key must be one word; this one has more than one line"
        forbidden = _find_forbidden(node.value)
        return None if forbidden is None else explain_character(forbidden)

    def _build_scalar(self, node: Any, place: Place, path: tuple[str | int, ...]) -> Node:
        text = _join_halves(str(node.value))
        if id(node) in self.unread:
            return Node(value=text, place=place, path=path)
        forbidden = _find_forbidden(text)
        if forbidden is not None:
            self.findings.add(place, explain_character(forbidden), path)
            return Node(value=None, place=place, path=path, refused=True)
        read = _SCALARS.get(str(node.tag).removeprefix(_TAG), str)
        return Node(value=read(text), place=place, path=path)


def _read_int(text: str) -> int | str:
    body = text.replace("_", "").lstrip("+-").lower()
    radix = {"0x": 16, "0o": 8, "0b": 2}.get(body[:2], 10)
    digits = body if radix == 10 else body[2:]
    if not digits or len(digits) > MOST_DIGITS:
        return text
    return -int(digits, radix) if text.startswith("-") else int(digits, radix)


def _read_float(text: str) -> float | str:
    try:
        number = float(text.replace("_", ""))
    except ValueError:
        return text
    return number if math.isfinite(number) else text


_SCALARS: dict[str, Callable[[str], Scalar]] = {
    "int": _read_int,
    "float": _read_float,
    "bool": lambda text: text.lower() == "true",
    "null": lambda text: None,
}
