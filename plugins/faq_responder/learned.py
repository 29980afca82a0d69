"""What the responder learned, read once for each artifact."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from .catalogue import Catalogue
from .understanding.model import Understanding

FILE = "learned.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What an artifact holds.

    Attributes:
        understanding: What understands questions and finds articles.
        catalogue: The titles of the products.
        knowledge: Hash of the knowledge base that it was learned from.
    """

    understanding: Understanding
    catalogue: Catalogue
    knowledge: str


def load(folder: Path, workspace: Path) -> Learned:
    """Read the artifact in a folder, once as long as it is the same."""
    return _load(folder, workspace, (folder / FILE).stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _load(folder: Path, workspace: Path, written: int) -> Learned:
    # An artifact that was refused may leave its name to the next one.
    state = json.loads((folder / FILE).read_text(encoding="utf-8"))
    return Learned(
        understanding=Understanding.load(folder, workspace),
        catalogue=Catalogue.load(folder),
        knowledge=state["knowledge"],
    )
