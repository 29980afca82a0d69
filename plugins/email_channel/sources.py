"""Reads where mail lies: a Maildir, a folder, an mbox file, a mailbox; what was read is marked."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path

from ballyhoo import DataError

from .returns import folders
from .returns.imap import open_mailbox, read_url


def read_source(
    source: str, *, move: bool, kept: str, marks: bool = False, limit: int | None = None
) -> Generator[bytes, None, None]:
    """Yield each mail; what is done with it after is done when the next one is asked for.

    Of a mailbox those that were not read before, which are marked as read.

    Whoever stops asking in between finds the last one again.

    Args:
        source: A folder, an mbox file, or `imaps://USER@HOST/FOLDER`.
        move: Whether the files of a folder are moved out of the way.
        kept: The folder below a plain one that they are moved to.
        marks: Whether a Maildir is used as a mailbox is: what was seen is left out, and what was
            read is marked as seen.
        limit: At most so many.

    Raises:
        DataError: There is no such place.
        EnvironmentMissing: The server cannot be reached, or lets nobody in.
    """
    if source.startswith(("imap://", "imaps://")):
        yield from _read_mailbox(source, limit)
        return
    if "://" in source:
        raise DataError("the source is no mailbox", hint="imaps://USER@HOST/FOLDER, or a folder")
    path = Path(source)
    if path.is_dir():
        yield from _read_folder(path, move=move, kept=kept, marks=marks, limit=limit)
    elif path.is_file():
        if move:
            raise DataError("--move is for the files of a folder, not for an mbox file")
        for number, raw in enumerate(folders.read_mbox(path)):
            if limit is not None and number >= limit:
                return
            yield raw
    else:
        raise DataError(f"there is no {source}", hint="name a folder, an mbox file or imaps://...")


def _read_mailbox(source: str, limit: int | None) -> Iterator[bytes]:
    with open_mailbox(read_url(source)) as mailbox:
        for uid in mailbox.list_unseen()[:limit]:
            raw = mailbox.read(uid)
            if raw is not None:
                yield raw
                mailbox.mark_seen(uid)


def _read_folder(
    path: Path, *, move: bool, kept: str, marks: bool, limit: int | None
) -> Iterator[bytes]:
    marks &= folders.is_maildir(path)
    given = 0
    for file in folders.list_files(path):
        if marks and "S" in file.name.rpartition(":2,")[2] and ":2," in file.name:
            continue
        if limit is not None and given >= limit:
            return
        raw = folders.read_file(file)
        if raw is None:
            continue
        given += 1
        yield raw
        if move or marks:
            folders.move_read(file, path, kept=kept)
