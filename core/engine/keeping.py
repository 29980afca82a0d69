"""What a run keeps of its workspace: edits never touch it, and any machine can work on it."""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from pydantic import BaseModel

from ..campaign import Campaign, check_recipe
from ..conditions.checked import CheckedCondition
from ..conditions.named import FOLDER as SEGMENTS
from ..errors import DataError, EnvironmentMissing
from ..options import Template
from ..registry import Registry

TEMPLATES = "templates"
MOST_BYTES = 32 * 2**20
"""What the files of one run may hold together."""


def collect_files(campaign: Campaign, workspace: Path) -> dict[str, str]:
    """Return every file that a campaign's recipe was read with, in base64, by its name.

    Args:
        campaign: The campaign, loaded from `workspace`.
        workspace: The folder that the names are relative to.

    Raises:
        DataError: Together they are too large to be kept with a run.
    """
    found: dict[str, bytes] = {}
    for bound in campaign.variants.values():
        bindings = (*bound.stages.values(), *bound.reviewers)
        for value in _walk([bound.recipe, *(binding.options for binding in bindings)]):
            if isinstance(value, Template):
                found[f"{TEMPLATES}/{value.name}"] = value.text.encode()
            elif isinstance(value, CheckedCondition):
                for name, text in value.segments.items():
                    found[f"{SEGMENTS}/{name}.yaml"] = text.encode()
            elif isinstance(value, Path):
                name = str(value.relative_to(workspace.resolve()))
                found[name] = value.read_bytes()
    total = sum(len(content) for content in found.values())
    if total > MOST_BYTES:
        raise DataError(
            f"the files of the recipe have {total:,} bytes together; "
            f"a run keeps at most {MOST_BYTES:,}",
            hint="put what is large into the database, or into an artifact that 'train' makes",
        )
    return {name: base64.b64encode(content).decode() for name, content in sorted(found.items())}


def load_kept(
    recipe: str, files: dict[str, str], registry: Registry, *, run_id: int
) -> tuple[Campaign, tempfile.TemporaryDirectory[str]]:
    """Load the campaign of a run from what the run keeps.

    Returns:
        The campaign, and the folder of its files, which is there as long as it is referred to.

    Args:
        recipe: The recipe's text.
        files: What `collect_files` returned.
        registry: The plugins of this process.
        run_id: The run, for messages.

    Raises:
        EnvironmentMissing: A plugin that it needs is not there, or reads its options otherwise.
    """
    folder = tempfile.TemporaryDirectory(prefix="ballyhoo-")
    try:
        return _load(recipe, files, registry, Path(folder.name), run_id), folder
    except BaseException:
        folder.cleanup()
        raise


def _load(
    recipe: str, files: dict[str, str], registry: Registry, workspace: Path, run_id: int
) -> Campaign:
    for name, content in files.items():
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
            raise DataError(f"run {run_id} keeps a file of the name '{name}'")
        path = workspace / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(content))
    checked = check_recipe(
        recipe.encode(), file=f"run {run_id}", registry=registry, workspace=workspace
    )
    if checked.campaign is None:
        said = "\n".join(str(mistake) for mistake in checked.mistakes)
        raise EnvironmentMissing(
            f"the recipe of run {run_id} cannot be read here:\n{said}",
            hint="install the plugins that it was started with; 'ballyhoo plugins' lists yours",
        )
    return checked.campaign


def _walk(value: Any) -> Iterator[Any]:
    """Yield a value and everything in it."""
    if isinstance(value, Template | CheckedCondition | Path):
        yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _walk(getattr(value, name))
    elif is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            yield from _walk(getattr(value, one.name))
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _walk(inner)
    elif isinstance(value, list | tuple | set | frozenset):
        for inner in value:
            yield from _walk(inner)
