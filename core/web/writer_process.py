"""The process that stores what the server's requests want stored, as `ballyhoo serve` starts it.

    python -P -m ballyhoo.core.web.writer_process FOLDER DESCRIPTOR

It reads groups of requests from the connection that the descriptor names, stores each in one
transaction, and answers. It ends when the server does: by the end of the connection, never by a
signal, for those of a terminal or of systemd reach both, and the server still has to be answered.
"""

from __future__ import annotations

import logging
import signal
import socket
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from traceback import extract_tb
from typing import Any

from ..clock import SystemClock
from ..errors import BallyhooError
from ..logs import set_up_logs
from ..store.opening import open_workspace_store
from ..store.patience import AWAY
from ..workspace import Workspace
from .committing import Outcome, Write, WriteFailed
from .frames import READY, Frames, pack
from .writes import open_writes

LOG = logging.getLogger("ballyhoo.web")

CHUNK_BYTES = 1 << 18

Group = list[Any]


class _Desk:
    """Stores the groups of one kind, one after the other, in a thread of its own."""

    def __init__(self, kind: str, write: Write[Any, Any], answer: _Answering) -> None:
        self._kind = kind
        self._write = write
        self._answer = answer
        self._groups: SimpleQueue[tuple[int, Group] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name=kind)
        self._thread.start()

    def put(self, number: int, group: Group) -> None:
        """Have a group stored, and answered by its number."""
        self._groups.put((number, group))

    def end(self) -> None:
        """Take no more; it ends when all is stored."""
        self._groups.put(None)

    def join(self) -> None:
        """Wait until it has ended."""
        self._thread.join()

    def _work(self) -> None:
        while (taken := self._groups.get()) is not None:
            number, group = taken
            outcomes = self._write.commit(group)
            self._answer(self._kind, number, [_make_plain(self._kind, one) for one in outcomes])


class _Answering:
    """Sends answers, one at a time; a server that is gone needs none."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._lock = threading.Lock()

    def __call__(self, kind: str, number: int, outcomes: Sequence[Outcome[Any]]) -> None:
        answer = pack((kind, number, outcomes))
        with self._lock:
            try:
                self._connection.sendall(answer)
            except OSError:
                LOG.warning("the server went before it was answered")


def run_writer(folder: Path, connection: socket.socket) -> None:
    """Store what comes until the connection ends.

    Args:
        folder: Of the workspace.
        connection: To the server.

    Raises:
        EnvironmentMissing: The database cannot be opened.
        SettingsError: The settings are wrong.
    """
    answer = _Answering(connection)
    with (
        open_workspace_store(Workspace(folder), may_create=False) as store,
        open_writes(store, SystemClock()) as writes,
    ):
        desks = {kind: _Desk(kind, write, answer) for kind, write in writes.items()}
        answer(READY, 0, ())
        try:
            frames = Frames()
            with suppress(ConnectionError):  # a server that is killed resets it
                while data := connection.recv(CHUNK_BYTES):
                    for kind, number, group in frames.feed(data):
                        desks[kind].put(number, group)
        finally:
            for desk in desks.values():
                desk.end()
            for desk in desks.values():
                desk.join()


def _make_plain(kind: str, outcome: Outcome[Any]) -> Outcome[Any]:
    """Return an outcome whose error the server can read, and no value stands in."""
    error = outcome.error
    if error is None or isinstance(error, BallyhooError):
        return outcome
    if not isinstance(error, AWAY):
        frames = extract_tb(error.__traceback__)
        place = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "no place"
        LOG.error(f"{kind} could not be stored: {type(error).__name__} at {place}")
    return Outcome(error=WriteFailed(f"{type(error).__name__} while {kind} were stored"))


def main() -> None:
    """Run as a program."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    set_up_logs(json=not sys.stderr.isatty())
    folder, descriptor = sys.argv[1:]
    try:
        with socket.socket(fileno=int(descriptor)) as connection:
            run_writer(Path(folder), connection)
    except BallyhooError as error:
        LOG.error(f"the writer cannot work: {error}")
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
