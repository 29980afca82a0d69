"""Gathers what many requests want stored, and has a thread commit it together, durably."""

from __future__ import annotations

import asyncio
import threading
import time
from contextlib import suppress
from typing import Generic, TypeVar

from .committing import Outcome, Write
from .waiting import Answered, Line, Request, resolve

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")

GATHER_SECONDS = 0.003
"""For how long more is waited for while many ask: a commit costs as much for one as for many."""


class Gathering(Generic[Asked, Answer]):
    """Takes requests of event loops; a thread of its own commits what has come meanwhile.

    A loop is woken once for each group, because each waking costs as much as an answer.

    Args:
        name: Of the thread.
        write: How they are stored.
    """

    def __init__(self, name: str, write: Write[Asked, Answer]) -> None:
        self._write = write
        self._line: Line[Asked, Answer] = Line(write.most_rows)
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    async def ask(self, asked: Asked, *, size: int = 1) -> Answer:
        """Store something of so many rows; it is durable when the answer is there.

        Raises:
            Overloaded: Too much waits already, or all was closed.
        """
        with self._changed:
            future = self._line.add(asked, size)
            self._changed.notify()
        return await future

    def close(self) -> None:
        """Commit what is waiting, and stop."""
        with self._changed:
            self._line.is_closed = True
            self._changed.notify()
        self._thread.join()

    def _work(self) -> None:
        many = False
        while self._wait():
            if many:
                time.sleep(GATHER_SECONDS)
            with self._changed:
                taken = self._line.take()
            many = len(taken) > 1
            outcomes = self._write.commit([one.asked for one in taken])
            _answer(list(zip(taken, outcomes, strict=True)))

    def _wait(self) -> bool:
        """Wait for a request; False when none will come any more."""
        with self._changed:
            while not self._line and not self._line.is_closed:
                self._changed.wait()
            return bool(self._line)


def _answer(answered: Answered[Asked, Answer]) -> None:
    """Hand the answers to the loops that wait; to one that has ended nothing can be said."""
    loops: dict[asyncio.AbstractEventLoop, list[tuple[Request[Asked, Answer], Outcome[Answer]]]]
    loops = {}
    for one, outcome in answered:
        loops.setdefault(one.future.get_loop(), []).append((one, outcome))
    for loop, some in loops.items():
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(resolve, some)
