"""Starts processes that have everything imported already: a kill costs no start of an interpreter.

Each is a real process of its own, forked before anything is opened. The nursery reads one order a
line from its standard input, answers with the process's id, and says how one ended when asked.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import traceback
from importlib import import_module
from pathlib import Path
from types import TracebackType

PRELOADED = (
    "tests.chaos.child", "ballyhoo.testing", "psycopg", "concurrent.futures.thread",
    "ballyhoo.core.store.opening", "ballyhoo.core.plugin_loading", "ballyhoo.core.testing.faults",
    "ballyhoo.core.testing.echo", "ballyhoo.core.conditions.built_in",
    "ballyhoo.core.conditions.compiling", "ballyhoo.core.conditions.structured",
    "ballyhoo.plugins.sql_segment", "ballyhoo.plugins.list_segment", "ballyhoo.plugins.outbox",
    "ballyhoo.plugins.copy_guard",
)  # fmt: skip

ROOT = Path(__file__).parent.parent.parent


class Process:
    """A process that follows an order."""

    def __init__(self, nursery: Nursery, pid: int, log: Path) -> None:
        self.nursery = nursery
        self.pid = pid
        self.log = log
        self.code: int | None = None

    def poll(self) -> int | None:
        """Return how it ended: an exit code, or minus the signal; None while it lives."""
        if self.code is None:
            self.code = self.nursery.ask({"poll": self.pid})["code"]
        return self.code

    def wait(self, seconds: float = 60.0) -> int:
        """Return how it ended, once it has.

        Raises:
            TimeoutError: It did not end in time; it is killed.
        """
        ends = time.monotonic() + seconds
        while (code := self.poll()) is None:
            if time.monotonic() > ends:
                self.kill()
                raise TimeoutError(f"still at work after {seconds} s:\n{self.read_log()}")
            time.sleep(0.005)
        return code

    def send(self, number: signal.Signals) -> None:
        """Send it a signal, when it still lives."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Kill it, and wait until it is gone."""
        self.send(signal.SIGKILL)
        while self.poll() is None:
            time.sleep(0.001)

    def read_log(self) -> str:
        """Return what it said."""
        return self.log.read_text(encoding="utf-8", errors="replace")


class Nursery:
    """The process that all others come from; use it in a `with` block."""

    def __init__(self) -> None:
        self._children: list[Process] = []
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.nursery"],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def start(self, order: str, log: Path) -> Process:
        """Start a process that follows an order, as `child.Order.dump` gives it."""
        answer = self.ask({"start": order, "log": str(log)})
        process = Process(self, answer["pid"], log)
        self._children.append(process)
        return process

    def ask(self, question: dict[str, object]) -> dict[str, int]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        answer: dict[str, int] = json.loads(self._process.stdout.readline())
        return answer

    def __enter__(self) -> Nursery:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for process in self._children:
            process.kill()
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()


def _fork(order: str, log: str) -> int:
    from tests.chaos.child import Order, work

    pid = os.fork()
    if pid:
        return pid
    code = 70
    try:
        out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for target, source in ((0, nothing), (1, out), (2, out)):
            os.dup2(source, target)
        code = work(Order(**json.loads(order)))
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _poll(pid: int) -> int | None:
    done, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if done else None


def main() -> None:
    """Answer orders until the input ends."""
    for name in PRELOADED:
        import_module(name)
    for line in sys.stdin:
        question = json.loads(line)
        if "start" in question:
            answer = {"pid": _fork(question["start"], question["log"])}
        else:
            answer = {"code": _poll(question["poll"])}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
