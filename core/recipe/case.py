"""What a rule looks at: a recipe, its document and its channel."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass

from ..message import Channel
from ..quoting import shorten
from ..spelling import nearest_name, suggest_name
from .document import Node, Place
from .findings import Findings
from .models import Recipe


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One recipe, as it is for one variant.

    Attributes:
        recipe: The core's keys, without those that are wrong.
        root: The document, with everything that was written.
        findings: Where mistakes go.
        channel: The channel of the deliver block; None when it is not known.
        written: The generator's keys whose values are copy that a person wrote.
        topics: Those of the settings; None does not look.
    """

    recipe: Recipe
    root: Node
    findings: Findings
    channel: Channel | None = None
    written: tuple[str, ...] = ()
    topics: tuple[str, ...] | None = None

    @property
    def describes(self) -> bool:
        """Whether the recipe is one of descriptions: copy about products, sent to nobody."""
        there = set(self.root.mapping)
        return "generate" in there and not there & {"segment", "deliver", "respond"}

    @property
    def answers(self) -> bool:
        """Whether the recipe says how enquiries are answered, and who it is that writes then."""
        return is_for_enquiries(set(self.root.mapping))

    def find(self, *path: str | int) -> Node | None:
        """Return what stands at a path, or None."""
        node, rest = self.root.follow(path)
        return None if rest else node

    def is_wrong(self, *path: str | int) -> bool:
        """Whether a mistake was found in what stands at a path."""
        node = self.find(*path)
        return node is not None and self.findings.concern(node.path)

    def add(self, message: str, *path: str | int, at: Node | None = None) -> None:
        """Report a mistake at a key that stands there, or at a value."""
        if at is not None:
            self.findings.add(at.place, message, at.path)
            return
        node, place = self.root, Place(1, 1)
        for part in path:
            place = node.key_places.get(str(part), place)
            node = node.child(part) or node
        self.findings.add(place, message, node.path)

    def match(self, node: Node, known: Iterable[str], unknown: str) -> set[str]:
        """Report the keys of a mapping that are not known.

        Args:
            node: The mapping.
            known: The keys that would be right.
            unknown: What to say, with `{}` for the key.

        Returns:
            The known keys that are there, or were meant.
        """
        names = list(known)
        given: set[str] = set()
        for key in node.mapping:
            if key in names:
                given.add(key)
                continue
            if self.findings.is_full:
                self.findings.add(node.key_places[key], "")  # finding what was meant takes long
                continue
            hint, said = suggest_name(key, names), unknown.format(shorten(key))
            message = f"{said}; {hint}" if hint else said
            self.findings.add(node.key_places[key], message, node.path)
            meant = nearest_name(key, names)
            given |= {meant} if meant is not None else set()
        return given


def is_for_enquiries(there: Set[str]) -> bool:
    """Whether a recipe with these blocks sends no campaign, but answers enquiries.

    Its `deliver` block says from whom replies by mail are.
    """
    own = {"segment"} if "campaign" not in there else {"segment", "deliver"}
    return "respond" in there and not own & there
