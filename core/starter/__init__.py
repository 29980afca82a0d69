"""Writes a new workspace: settings, keys, a first recipe, and the schema for editors."""

from __future__ import annotations

import json
import os
import secrets
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
_IGNORED = (LOCAL_FILE_NAME, "ballyhoo.db*", "outbox/", "artifacts/", "*.rejects.csv")
_KEYS = ("secret_key", "assignment_key", "suppression_key")


def write_workspace(folder: Path) -> list[Path]:
    """Write a new workspace.

    Args:
        folder: Made when it is not there; other files in it are left alone.

    Returns:
        The files written, relative to the folder.

    Raises:
        BallyhooError: The folder is a file, or one of the workspace's files is there already;
            nothing was written then.
    """
    texts = {name: _read(source) for name, source in _COPIED.items()}
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
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        mode = 0o600 if name == LOCAL_FILE_NAME else 0o666
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode), "w") as file:
            file.write(text)
    schema = make_schema(Workspace(folder.resolve()).registry)
    path = folder / "campaigns" / SCHEMA_FILE
    path.write_text(json.dumps(schema, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return [Path(name) for name in [*texts, f"campaigns/{SCHEMA_FILE}"]]


def _read(name: str) -> str:
    return (files(__package__) / name).read_text(encoding="utf-8")


def _make_keys() -> str:
    lines = [
        "# What belongs to this machine alone. Keep it out of git, and keep a copy elsewhere:",
        "# without suppression_key nobody can tell who must never be written to again.",
        *(f'{name} = "{secrets.token_urlsafe(32)}"' for name in _KEYS),
    ]
    return "\n".join(lines) + "\n"
