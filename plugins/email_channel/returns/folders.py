"""Reads returned mail from a folder or an mbox file."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from ballyhoo import DataError

from .parts import MOST_BYTES

_FROM = re.compile(rb"From \S+.*\d{4}")


def list_files(folder: Path) -> Iterator[Path]:
    """Yield the mails of a folder in the order of their names: a Maildir's, or plain files."""
    if is_maildir(folder):
        for part in ("new", "cur"):
            yield from _list_plain(folder / part)
    else:
        yield from _list_plain(folder)


def is_maildir(folder: Path) -> bool:
    """Whether a folder is a Maildir."""
    return (folder / "new").is_dir() and (folder / "cur").is_dir()


def read_file(path: Path) -> bytes | None:
    """Return the beginning of a mail, as much of it as is looked at; None when it is gone."""
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        return None  # somebody else moved it
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}") from None


def move_read(path: Path, folder: Path, *, kept: str) -> None:
    """Move a mail out of the way: within a Maildir to `cur`, marked as seen.

    Args:
        path: The mail.
        folder: Where it was found.
        kept: The folder below it for mails that lie in no Maildir.
    """
    with suppress(FileNotFoundError):  # somebody else moved it
        _move(path, folder, kept)


def _move(path: Path, folder: Path, kept: str) -> None:
    if not is_maildir(folder):
        target = folder / kept
        target.mkdir(exist_ok=True)
        path.replace(target / path.name)
    elif path.parent.name == "new":
        path.replace(folder / "cur" / f"{path.name.partition(':')[0]}:2,S")
    elif ":2," not in path.name:
        path.replace(path.with_name(f"{path.name}:2,S"))
    elif "S" not in path.name.rpartition(":2,")[2]:
        path.replace(path.with_name(f"{path.name}S"))


def read_mbox(path: Path) -> Iterator[bytes]:
    """Yield the mails of an mbox file, one at a time, each as much as is looked at.

    Raises:
        DataError: It is no mbox file, or cannot be read.
    """
    lines: list[bytes] = []
    size, was_empty, is_first = 0, True, True
    try:
        with path.open("rb") as file:
            while line := file.readline(MOST_BYTES):
                if was_empty and _FROM.match(line):
                    if not is_first:
                        yield b"".join(lines)
                    lines, size, is_first = [], 0, False
                elif is_first:
                    raise DataError(
                        f"{path} is no mbox file: it does not begin with 'From '",
                        hint="a single mail: put it into a folder, and name the folder",
                    )
                elif size <= MOST_BYTES:
                    lines.append(line[1:] if re.match(rb">+From ", line) else line)
                    size += len(line)
                was_empty = not line.strip()
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}") from None
    if not is_first:
        yield b"".join(lines)


def _list_plain(folder: Path) -> Iterator[Path]:
    try:
        with os.scandir(folder) as entries:
            names = sorted(
                entry.name
                for entry in entries
                if entry.is_file() and not entry.name.startswith(".")
            )
    except OSError as error:
        raise DataError(f"{folder} cannot be read: {error.strerror}") from None
    return iter([folder / name for name in names])
