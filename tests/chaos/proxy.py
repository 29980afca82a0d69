"""Stands between a process and PostgreSQL, and now and then loses the answer to a commit.

The commit is made, and whoever asked for it never hears so: she must look, and assume nothing.
"""

from __future__ import annotations

import random
import socket
import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from sqlalchemy.engine import make_url

NAME = ".s.PGSQL.5432"
COMMIT = b"COMMIT\x00"


class Proxy:
    """A server socket in a folder of its own; use it in a `with` block.

    Args:
        url: The database's own URL, by a socket in a folder.
        folder: Where the proxy's socket is made.
        every: Of so many commits in a row the answer to one is lost.
        seed: To which one.

    Attributes:
        url: The URL of the database through the proxy.
        lost: How many answers were lost.
    """

    def __init__(self, url: str, folder: Path, *, every: int, seed: int) -> None:
        parsed = make_url(url)
        self._real = str(Path(str(parsed.query["host"])) / NAME)
        query = {**parsed.query, "host": str(folder)}
        self.url = parsed.set(query=query).render_as_string(hide_password=False)
        self.lost = 0
        self._every = every
        self._chance = random.Random(seed)
        self._commits = self._chosen = 0
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(folder / NAME))
        self._listener.listen(64)
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Proxy:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._cut(self._listener)
        with self._lock:
            left = list(self._open)
        for one in left:
            self._cut(one)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            try:
                server.connect(self._real)
            except OSError:
                client.close()
                continue
            with self._lock:
                self._open |= {client, server}
            swallows = threading.Event()
            for from_, to, watches in ((client, server, True), (server, client, False)):
                threading.Thread(
                    target=self._carry, args=(from_, to, watches, swallows), daemon=True
                ).start()

    def _carry(
        self, from_: socket.socket, to: socket.socket, watches: bool, swallows: threading.Event
    ) -> None:
        """Carry bytes one way; what answers a chosen commit is not carried, and all is cut."""
        with suppress(OSError):
            while data := from_.recv(65_536):
                if watches and COMMIT in data and self._draw():
                    swallows.set()
                elif not watches and swallows.is_set():
                    break
                to.sendall(data)
        self._cut(from_)
        self._cut(to)

    def _draw(self) -> bool:
        with self._lock:
            place = self._commits % self._every
            if place == 0:
                self._chosen = self._chance.randrange(self._every)
            self._commits += 1
            is_lost = place == self._chosen
            self.lost += is_lost
            return is_lost

    def _cut(self, one: socket.socket) -> None:
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        one.close()
        with self._lock:
            self._open.discard(one)
