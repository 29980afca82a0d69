"""Says what an artifact consists of, so that a truncated or altered one is found out."""

from __future__ import annotations

import hashlib
import json
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

MANIFEST = "ballyhoo-manifest.json"
"""Written last, beside the files that it lists; a folder without one is no artifact."""

FORMAT = 1

_BLOCK_BYTES = 1 << 20


def write_manifest(folder: Path) -> None:
    """Write down each file of a folder with its length and SHA-256."""
    files = {
        name: {"bytes": (folder / name).stat().st_size, "sha256": _hash_file(folder / name)}
        for name in list_files(folder)
    }
    text = json.dumps({"format": FORMAT, "files": files}, indent=1, sort_keys=True)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def list_files(folder: Path) -> list[str]:
    """Return the files of an artifact by their path in it, in order, the manifest left out."""
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted(name for name in found if name != MANIFEST)


def find_damage(folder: Path) -> str | None:
    """Return what is wrong with an artifact, in words; None when it is as it was written.

    The content is read once per process for files that did not change since; their lengths are
    looked at each time.
    """
    try:
        text = (folder / MANIFEST).read_text(encoding="utf-8")
        listed = _parse(text)
    except (OSError, ValueError):
        return f"it has no {MANIFEST} that can be read"
    there = list_files(folder)
    for name in sorted({*listed, *there}):
        if name not in there:
            return f"the file {name} is missing"
        if name not in listed:
            return f"the file {name} was added"
        if (folder / name).stat().st_size != listed[name]["bytes"]:
            return f"the file {name} has another length than when it was written"
    stamp = tuple((name, (folder / name).stat().st_mtime_ns) for name in there)
    return _compare(folder, text, stamp)


def _parse(text: str) -> dict[str, Any]:
    data = json.loads(text)
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise ValueError("another format")
    files: dict[str, Any] = data["files"]
    if not all({"bytes", "sha256"} <= set(one) for one in files.values()):
        raise ValueError("another format")
    return files


@lru_cache(maxsize=256)
def _compare(folder: Path, text: str, stamp: tuple[tuple[str, int], ...]) -> str | None:
    for name, told in _parse(text).items():
        if _hash_file(folder / name) != told["sha256"]:
            return f"the file {name} has another content than when it was written"
    return None


def _hash_file(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()


def save_folder(folder: Path) -> None:
    """Bring a folder to the disk and close its files to writers.

    No artifact has empty files after a power cut then, and nobody who reads one can change it.
    """
    for where, _, files in os.walk(folder):
        for name in files:
            path = Path(where, name)
            path.chmod(path.stat().st_mode & ~0o222)
            sync_path(path)
        sync_path(Path(where))


def sync_path(path: Path) -> None:
    """Wait until a file or a folder is on the disk."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
