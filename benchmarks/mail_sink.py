"""Servers for `delivery.py`: Postfix's smtp-sink, its smtp-source, and a proxy that delays."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DELAY_SECONDS = 0.010
"""Each way, so that a round trip takes 20 ms."""


class Postfix:
    """The two programs, of the system or of an unpacked Debian package.

    Args:
        folder: Where the package `postfix` was unpacked (`dpkg -x`); None asks the system.
    """

    def __init__(self, folder: Path | None) -> None:
        places = None if folder is None else str(folder / "usr" / "sbin")
        self.sink = shutil.which("smtp-sink", path=places)
        self.source = shutil.which("smtp-source", path=places)
        self._environment = dict(os.environ)
        if folder is not None:
            self._environment["LD_LIBRARY_PATH"] = str(folder / "usr" / "lib" / "postfix")
        self._user = ["-u", "nobody"] if os.geteuid() == 0 else []

    @property
    def is_there(self) -> bool:
        """Whether both programs were found."""
        return self.sink is not None and self.source is not None

    @contextmanager
    def run_sink(self) -> Iterator[int]:
        """Run smtp-sink, and give its port."""
        assert self.sink is not None
        port = find_free_port()
        command = [self.sink, *self._user, f"127.0.0.1:{port}", "1000"]
        with subprocess.Popen(command, env=self._environment) as sink:
            try:
                wait_for_port(port)
                yield port
            finally:
                sink.terminate()

    def measure_source(self, port: int, *, messages: int, size: int, sessions: int) -> float:
        """Return how many ready messages smtp-source sends in a second, over kept connections."""
        assert self.source is not None
        command = [
            self.source, "-d", "-s", str(sessions), "-m", str(messages), "-l", str(size),
            "-f", "b@shop.example", "-t", "u@d.example", f"127.0.0.1:{port}",
        ]  # fmt: skip
        began = time.perf_counter()
        subprocess.run(command, check=True, env=self._environment)
        return messages / (time.perf_counter() - began)


def find_free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def wait_for_port(port: int) -> None:
    """Return when somebody listens on a port."""
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit(f"nobody listens on port {port}")


@contextmanager
def run_delay_proxy(target: int) -> Iterator[int]:
    """Run a proxy in a process of its own that holds up every byte, and give its port."""
    port = find_free_port()
    command = [sys.executable, __file__, str(port), str(target)]
    with subprocess.Popen(command) as proxy:
        try:
            wait_for_port(port)
            yield port
        finally:
            proxy.terminate()


class Delayed(asyncio.Protocol):
    """One side of a connection; what comes is given to the other side a little later."""

    def __init__(self, other: Delayed | None, target: int) -> None:
        self.other = other
        self.target = target
        self.transport: asyncio.Transport | None = None
        self.early: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Connect the other side, too."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        if self.other is None:
            self.other = Delayed(self, self.target)
            self.task = asyncio.ensure_future(
                asyncio.get_running_loop().create_connection(
                    lambda: self.other, "127.0.0.1", self.target
                )
            )
        for data in self.early:
            transport.write(data)

    def data_received(self, data: bytes) -> None:
        """Hand it on, later."""
        asyncio.get_running_loop().call_later(DELAY_SECONDS, self._hand_on, data)

    def connection_lost(self, error: Exception | None) -> None:
        """End the other side, later."""
        asyncio.get_running_loop().call_later(DELAY_SECONDS, self._end)

    def _hand_on(self, data: bytes) -> None:
        assert self.other is not None
        if self.other.transport is None:
            self.other.early.append(data)
        else:
            self.other.transport.write(data)

    def _end(self) -> None:
        if self.other is not None and self.other.transport is not None:
            self.other.transport.close()


async def delay(port: int, target: int) -> None:
    """Listen and delay, for ever."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Delayed(None, target), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__" and len(sys.argv) == 3:
    asyncio.run(delay(int(sys.argv[1]), int(sys.argv[2])))
