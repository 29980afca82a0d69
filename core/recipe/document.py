"""A YAML document as a tree that knows where each key and value stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..quoting import shorten

Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A line and a column, both from 1, the column in characters."""

    line: int
    column: int


@dataclass(slots=True, kw_only=True)
class Node:
    """One value of the document.

    Attributes:
        value: A scalar, a list of nodes, or a mapping of nodes.
        place: Where it begins.
        path: The keys that lead to it in the file, also after a merge.
        key_places: For a mapping, where each key stands.
        raw: For a scalar, a `[...]` or a `{...}`, its source text, quotes included.
        deleted: For a mapping into which a variant was merged, the null that deleted a key.
        refused: Whether the file is wrong here in a way that was reported, so that nothing more
            is said about the value as a whole: its type, a key that it lacks.
    """

    value: Scalar | list[Node] | dict[str, Node]
    place: Place
    path: tuple[str | int, ...] = ()
    key_places: dict[str, Place] = field(default_factory=dict)
    raw: str = ""
    deleted: dict[str, Node] = field(default_factory=dict)
    refused: bool = False

    @property
    def mapping(self) -> dict[str, Node]:
        """The nodes by key, empty when this is not a mapping."""
        return self.value if isinstance(self.value, dict) else {}

    def plain(self) -> Any:
        """Return the value as plain Python data."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def child(self, key: str | int) -> Node | None:
        """Return the node under a key or index, or None."""
        if isinstance(self.value, dict):
            return self.value.get(str(key))
        if isinstance(self.value, list) and isinstance(key, int) and key < len(self.value):
            return self.value[key]
        return None

    def follow(self, location: Sequence[str | int]) -> tuple[Node, list[str | int]]:
        """Walk down as far as the document goes.

        Returns:
            The deepest node on the way, and the part of `location` that it does not have.
        """
        node, rest = self, list(location)
        while rest:
            below = node.child(rest[0])
            if below is None:
                break
            node = below
            rest.pop(0)
        return node, rest

    def select(self, keys: Iterable[str]) -> Node:
        """Return this mapping with no other keys than these."""
        keys = frozenset(keys)
        return Node(
            value={key: below for key, below in self.mapping.items() if key in keys},
            place=self.place,
            path=self.path,
            key_places={key: one for key, one in self.key_places.items() if key in keys},
            deleted={key: one for key, one in self.deleted.items() if key in keys},
            refused=self.refused,
        )

    def walk(self) -> Iterator[Node]:
        """Yield this node and all below it, in the order of the file."""
        yield self
        below = self.value
        for node in (
            below.values() if isinstance(below, dict) else below if isinstance(below, list) else ()
        ):
            yield from node.walk()


def dotted(path: Sequence[str | int]) -> str:
    """Write a path as people read it: `generate.offer[1].code`."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += f".{shorten(part)}" if text else shorten(part)
    return text
