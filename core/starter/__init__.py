"""Writes a new workspace: settings, keys, a first recipe, and the schema for editors."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from importlib.resources import files
from pathlib import Path

from ..errors import BallyhooError
from ..recipe.schema import FILE_NAME as SCHEMA_FILE
from ..recipe.schema import make_schema
from ..settings import FILE_NAME, LOCAL_FILE_NAME
from ..workspace import Workspace

_COPIED = {
    FILE_NAME: "ballyhoo.toml.j2",
    "campaigns/hello.yaml": "hello.yaml",
    "campaigns/hello.test.yaml": "hello.test.yaml",
    "campaigns/customers.csv": "customers.csv.j2",
    "templates/letter.txt.j2": "letter.txt.j2",
}
_IGNORED = (LOCAL_FILE_NAME, "ballyhoo.db*", "outbox/", "preview/", "artifacts/", "*.rejects.csv")
_KEYS = ("secret_key", "assignment_key", "suppression_key")


def write_workspace(folder: Path, *, more: Mapping[str, str] | None = None) -> list[Path]:
    """Write a new workspace.

    Args:
        folder: Made when it is not there; other files in it are left alone.
        more: Texts of further files by name, or of those that stand for ours.

    Returns:
        The files written, relative to the folder.

    Raises:
        BallyhooError: The folder is a file, or one of the workspace's files is there already;
            nothing was written then.
    """
    texts = {name: _read(source) for name, source in _COPIED.items()} | dict(more or {})
    texts[".gitignore"] = "".join(f"{pattern}\n" for pattern in _IGNORED)
    texts[LOCAL_FILE_NAME] = _make_keys()
    if folder.exists() and not folder.is_dir():
        raise BallyhooError(f"{folder} is a file", hint="name a folder")
    there = [name for name in [*texts, f"campaigns/{SCHEMA_FILE}"] if (folder / name).exists()]
    if there:
        raise BallyhooError(
            f"{folder} has {there[0]} already; nothing was written",
            hint="name another folder, or move the file away",
        )
    made: list[Path] = []
    try:
        for name, text in texts.items():
            _write(folder / name, text, made, mode=0o600 if name == LOCAL_FILE_NAME else 0o666)
        schema = make_schema(Workspace(folder.resolve()).registry)
        text = json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
        _write(folder / "campaigns" / SCHEMA_FILE, text, made)
    except BaseException:
        _remove(made)
        raise
    return [Path(name) for name in [*texts, f"campaigns/{SCHEMA_FILE}"]]


def _write(path: Path, text: str, made: list[Path], mode: int = 0o666) -> None:
    """Write a new file, and note it and each folder that was made for it."""
    lacking = [one for one in path.parents if not one.exists()]
    path.parent.mkdir(parents=True, exist_ok=True)
    made += reversed(lacking)
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode)
    made.append(path)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


def _remove(made: list[Path]) -> None:
    """Take back what was made, the last first; a folder that somebody else filled stays."""
    for path in reversed(made):
        with suppress(OSError):
            path.rmdir() if path.is_dir() else path.unlink()


def _read(name: str) -> str:
    return (files(__package__) / name).read_text(encoding="utf-8")


def _make_keys() -> str:
    lines = [
        "# What belongs to this machine alone. Keep it out of git, and keep a copy elsewhere:",
        "# without suppression_key nobody can tell who must never be written to again.",
        *(f'{name} = "{secrets.token_urlsafe(32)}"' for name in _KEYS),
    ]
    return "\n".join(lines) + "\n"
