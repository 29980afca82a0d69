"""Finds where a model or adapter lies: with Ballyhoo, in a folder, or on the Hugging Face Hub."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from ballyhoo import EnvironmentMissing

from ..options import DEMO_MODEL

DEMO_FOLDER = Path(__file__).parent.parent / "demo_model"
HASHED_WHOLE = 64 * 1024 * 1024
"""Files up to so many bytes are hashed; of greater ones the name and size only."""

WEIGHTS = ("*.json", "*.safetensors", "*.model", "*.jinja")
_HUB_ID = re.compile(r"[\w.-]+(/[\w.-]+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something lies.

    Attributes:
        name: As the recipe names it.
        folder: The folder, or None when it is an id of the Hub.
        revision: Of the Hub; None for the newest, and for folders.
    """

    name: str
    folder: Path | None = None
    revision: str | None = None

    @property
    def source(self) -> str:
        """What transformers is given."""
        return self.name if self.folder is None else str(self.folder)


def find_place(
    name: str, *, revision: str | None, models: str, workspace: Path, what: str = "model"
) -> Place:
    """Return where a model or adapter lies.

    Args:
        name: As the recipe names it.
        revision: Of the Hub.
        models: The setting `models`: a folder that is looked in first.
        workspace: What relative folders are relative to.
        what: What it is, for messages.

    Raises:
        EnvironmentMissing: It is a folder that is not there, or neither a folder nor an id.
    """
    if name == DEMO_MODEL:
        if not (DEMO_FOLDER / "config.json").is_file():
            raise EnvironmentMissing(
                "the demo model is not installed with Ballyhoo",
                hint="name another model in the recipe, as in generate: {model: ./my-model}",
            )
        return Place(name=name, folder=DEMO_FOLDER)
    own = [workspace / Path(models).expanduser() / name] if models else []
    for folder in (*own, workspace / Path(name).expanduser()):
        if folder.is_dir():
            return Place(name=name, folder=folder.resolve())
    if name.startswith((".", "/", "~")) or _HUB_ID.fullmatch(name) is None:
        raise EnvironmentMissing(
            f"the {what} '{name}' is not there: no such folder",
            hint="a folder is relative to the workspace, or to `models` of [plugins.llm_copy]",
        )
    return Place(name=name, revision=revision)


def name_revision(place: Place, commit: str | None) -> str:
    """Return a model with its revision: `NAME@COMMIT`, or `NAME@` and a hash of its files.

    Args:
        place: Where it lies.
        commit: The commit that the Hub gave it, if it did.
    """
    if place.folder is None:
        return f"{place.name}@{commit or place.revision or 'unknown'}"
    digest = hashlib.sha256()
    for file in sorted(one for pattern in WEIGHTS for one in place.folder.glob(pattern)):
        size = file.stat().st_size
        digest.update(f"{file.name}:{size}\n".encode())
        if size <= HASHED_WHOLE:
            digest.update(file.read_bytes())
    name = place.name if place.name == DEMO_MODEL else place.folder.name
    return f"{name}@{digest.hexdigest()[:12]}"
