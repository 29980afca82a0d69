"""Composes YAML nodes within limits, and keeps what a recipe must not use."""

from __future__ import annotations

from typing import Any

from ruamel.yaml.composer import Composer
from ruamel.yaml.events import AliasEvent
from ruamel.yaml.nodes import ScalarNode

from ..quoting import shorten

MAX_VALUES = 40_000
"""Keys and values together; reading so many takes about two seconds."""


class TooManyValues(Exception):
    """The document has more than `MAX_VALUES` keys and values; `index` says where."""

    def __init__(self, index: int) -> None:
        super().__init__()
        self.index = index


class RecipeComposer(Composer):
    """Composes nodes, and keeps what a recipe must not use: aliases, anchors, tags, directives.

    They are kept and not raised, so that one of them does not hide the file's other mistakes.

    Attributes:
        has_directive: Whether a line with `%` stands above the document.
        refused: By node id, what is to be said about it.
        unread: The ids of the nodes whose value is not known for that reason.
    """

    def __init__(self, loader: Any = None) -> None:
        super().__init__(loader)
        self.warn_double_anchors = False
        self.has_directive = False
        self.values = 0
        self.refused: dict[int, str] = {}
        self.unread: set[int] = set()

    def compose_document(self) -> Any:
        """Compose the document, and note whether a directive stands above it."""
        event = self.parser.peek_event()
        self.has_directive = bool(event.tags) or event.version not in (None, (1, 2))
        return super().compose_document()

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Compose a node, an alias as an empty one."""
        event = self.parser.peek_event()
        self.values += 1
        if self.values > MAX_VALUES:
            raise TooManyValues(event.start_mark.index)
        if isinstance(event, AliasEvent):
            self.parser.get_event()
            node = ScalarNode("tag:yaml.org,2002:null", "", event.start_mark, event.end_mark)
            self.unread.add(id(node))
            self.refused[id(node)] = (
                f"'*{shorten(event.anchor)}' is an alias, which recipes do not have; "
                "write the value out, or put the text in quotes"
            )
            return node
        node = super().compose_node(parent, index)
        if event.ctag is not None:
            self.unread.add(id(node))
            self.refused[id(node)] = (
                "a '!' begins a tag, which recipes do not have; "
                "leave the tag out, or put the text in quotes"
            )
        elif event.anchor is not None:
            self.refused[id(node)] = (
                f"'&{shorten(event.anchor)}' is an anchor, which recipes do not have; "
                "leave it out, or put the text in quotes"
            )
        return node
