"""Writes the messages of a dispatch to files, each whole and durable, named once it may leave."""

from __future__ import annotations

import errno
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from .message import Dispatch, Receipt

FILE_LANES = 16
"""How many messages are written at the same time: so many are unknown when the process dies."""

NEVER = frozenset({errno.ENAMETOOLONG, errno.EILSEQ, errno.EFBIG})
"""What the file system will never take, however often it is tried."""


def write_messages(dispatch: Dispatch, folder: Path, suffix: str) -> set[Path]:
    """Write each message of a dispatch as `FOLDER/RUN/KEY` with a suffix, whole or not at all.

    A message is written under a temporary name, marked, and linked to its own. A file that is
    there already is evidence that the message was sent, and stays as it is. Several threads write:
    while one waits for the disk or for its mark, others go on, and marks that come at the same
    time are committed together.

    Args:
        dispatch: Gives the messages, and takes marks and receipts.
        folder: Gets a folder for each run.
        suffix: Ends the files' names, as `.eml`.

    Returns:
        The folders of the runs of which something was due.
    """
    syncs = GroupSync()
    with ThreadPoolExecutor(FILE_LANES, thread_name_prefix="files") as pool:
        lanes = [
            pool.submit(_write_all, dispatch, folder, suffix, syncs) for _ in range(FILE_LANES)
        ]
    return set().union(*(lane.result() for lane in lanes))


def _write_all(dispatch: Dispatch, folder: Path, suffix: str, syncs: GroupSync) -> set[Path]:
    places: set[Path] = set()
    for message in dispatch:
        place = folder / str(message.run_id)
        places.add(place)
        temporary = place / f".{message.key}.{os.getpid()}"
        try:
            write_file(temporary, message.content)
        except OSError as error:
            discard_file(temporary)
            dispatch.settle(message, explain_error(error))
            continue
        try:
            if dispatch.mark(message):
                receipt = publish_file(temporary, place / f"{message.key}{suffix}", syncs)
                dispatch.settle(message, receipt)
        finally:
            discard_file(temporary)
    return places


class GroupSync:
    """Makes names in a folder durable; what several threads ask for meanwhile is done at once."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._counts = threading.Lock()
        self._asked = 0
        self._done = 0

    def sync(self, folder: Path) -> None:
        """Return when every name that was given before this call is on the disk."""
        with self._counts:
            self._asked += 1
            mine = self._asked
        with self._turn:
            if self._done >= mine:
                return  # somebody began after we had asked
            with self._counts:
                upto = self._asked
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            self._done = upto


def write_file(path: Path, content: bytes) -> None:
    """Write a file, and its folder where there is none yet; it is on the disk afterwards.

    Raises:
        OSError: It cannot be written.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)


def publish_file(temporary: Path, final: Path, syncs: GroupSync) -> Receipt:
    """Give the file its name; a link, unlike a rename, never replaces what is there.

    If the file is there afterwards the message is out, whatever the answer was.
    """
    detail = ""
    try:
        os.link(temporary, final)
    except FileExistsError:
        detail = "the file was there already"
    except OSError as error:
        try:
            final.stat()
        except FileNotFoundError:
            return explain_error(error)
        except OSError:
            return Receipt.unknown(f"the folder does not answer: {error.strerror}")
        detail = "the file was found after an error"
    try:
        syncs.sync(final.parent)
    except OSError as error:
        return Receipt.unknown(f"the folder may lose the file again: {error.strerror}")
    return Receipt.sent(detail=detail, provider_id=final.name)


def explain_error(error: OSError) -> Receipt:
    """Return what an error means for the message, which certainly did not leave."""
    said = f"cannot write: {error.strerror}"
    return Receipt.failed(said) if error.errno in NEVER else Receipt.later(said)


def discard_file(temporary: Path) -> None:
    """Remove what is no longer needed; a leftover changes nothing for the message."""
    with suppress(OSError):
        temporary.unlink(missing_ok=True)
