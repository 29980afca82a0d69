"""Finds recipes whose parts of a group of experiments overlap: somebody would be in two of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .mistakes import Mistake
from .recipe.document import Node, Place, dotted
from .recipe.findings import Findings
from .recipe.yaml_reader import read_yaml
from .recipe_tests import ENDING

if TYPE_CHECKING:
    from .campaign import Campaign
    from .recipe.exclusive import Exclusive

PATH = ("experiment", "exclusive")


def find_overlaps(campaign: Campaign, path: Path) -> list[Mistake]:
    """Return a mistake for each recipe beside a campaign's that shares people with its part.

    Args:
        campaign: As it was checked.
        path: Its file; the recipes of the same folder are looked at.
    """
    experiment = campaign.recipe.experiment
    if experiment is None or experiment.exclusive is None:
        return []
    own = _read(path)
    place = Place(1, 1) if own is None else own.follow(PATH)[0].place
    found = []
    for other in sorted(path.parent.glob("*.yaml")):
        if other.name.endswith(ENDING) or other.resolve() == path.resolve():
            continue
        said = _compare(campaign.name, experiment.exclusive, other)
        if said is not None:
            found.append(
                Mistake(
                    file=str(path),
                    line=place.line,
                    column=place.column,
                    path=dotted(PATH),
                    message=said,
                )
            )
    return found


def _compare(campaign: str, own: Exclusive, other: Path) -> str | None:
    root = _read(other)
    if root is None:
        return None
    node, rest = root.follow(PATH)
    theirs = node.plain() if not rest else None
    if not isinstance(theirs, dict) or theirs.get("group") != own.group:
        return None
    name = root.mapping.get("campaign")
    if name is not None and name.value == campaign:
        return None
    if theirs.get("of") != own.of:
        said = f"of is {own.of} here and {theirs.get('of')} in {other.name}"
        return f"{said}; a group is cut into parts in one way only"
    if theirs.get("part") == own.part:
        return f"{other.name} has part {own.part} of '{own.group}' too; give each its own"
    return None


def _read(path: Path) -> Node | None:
    try:
        return read_yaml(path.read_bytes(), Findings(str(path)))
    except OSError:
        return None
