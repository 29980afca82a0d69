"""Gathers what many requests want stored, and commits it together, durably."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

from ..errors import BallyhooError
from ..store.patience import AWAY, DatabaseAway, Patience, may_pass

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")

GATHER_SECONDS = 0.003
"""For how long more is waited for while many ask: a commit costs as much for one as for many."""

MOST_WAITING = 20_000
"""So many rows may wait for their turn; more are refused, so that memory is bounded."""


class Overloaded(BallyhooError):
    """More comes than the database takes."""


@dataclass(slots=True)
class _Request(Generic[Asked, Answer]):
    asked: Asked
    size: int
    future: asyncio.Future[Answer]
    answer: Answer | None = None
    error: BaseException | None = None


class Gathering(Generic[Asked, Answer]):
    """Takes requests of an event loop; a thread of its own commits what has come meanwhile.

    One that the database refuses is refused alone: the others of its group are stored. The loop is
    woken once for each group, because each waking costs as much as an answer.

    Args:
        name: Of the thread.
        write: Stores some requests in one transaction, and returns an answer for each. It must do
            no harm when an earlier call was committed and only the answer was lost.
        most_rows: Of one transaction; a request that is larger has one of its own.
        patience_seconds: For how long a database that is away is waited for.
    """

    def __init__(
        self,
        name: str,
        write: Callable[[list[Asked]], list[Answer]],
        *,
        most_rows: int,
        patience_seconds: float,
    ) -> None:
        self._write = write
        self._most_rows = most_rows
        self._patience_seconds = patience_seconds
        self._waiting: list[_Request[Asked, Answer]] = []
        self._count = 0
        self._changed = threading.Condition()
        self._is_closed = False
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    async def ask(self, asked: Asked, *, size: int = 1) -> Answer:
        """Store something of so many rows; it is durable when the answer is there.

        Raises:
            Overloaded: Too much waits already, or all was closed.
        """
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        with self._changed:
            if self._is_closed or self._count + size > MOST_WAITING:
                raise Overloaded("more comes than the database takes", hint="ask again later")
            self._waiting.append(_Request(asked, size, future))
            self._count += size
            self._changed.notify()
        return await future

    def close(self) -> None:
        """Commit what is waiting, and stop."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()
        self._thread.join()

    def _work(self) -> None:
        many = False
        while self._wait():
            if many:
                time.sleep(GATHER_SECONDS)
            taken = self._take()
            many = len(taken) > 1
            self._commit(taken)
            _answer(taken)

    def _wait(self) -> bool:
        """Wait for a request; False when none will come any more."""
        with self._changed:
            while not self._waiting and not self._is_closed:
                self._changed.wait()
            return bool(self._waiting)

    def _take(self) -> list[_Request[Asked, Answer]]:
        with self._changed:
            count = size = 0
            for one in self._waiting:
                if count and size + one.size > self._most_rows:
                    break
                count += 1
                size += one.size
            taken = self._waiting[:count]
            del self._waiting[:count]
            self._count -= size
            return taken

    def _commit(self, group: list[_Request[Asked, Answer]]) -> None:
        patience = Patience(self._patience_seconds)
        while True:
            try:
                answers = self._write([one.asked for one in group])
            except AWAY as error:
                if len(group) > 1 and not may_pass(error):
                    return self._commit_alone(group)
                try:
                    patience.wait(error)
                except DatabaseAway as away:
                    return _refuse(group, away)
            except BaseException as error:
                return self._commit_alone(group) if len(group) > 1 else _refuse(group, error)
            else:
                for one, answer in zip(group, answers, strict=True):
                    one.answer = answer
                return None

    def _commit_alone(self, group: list[_Request[Asked, Answer]]) -> None:
        for one in group:
            self._commit([one])


def _refuse(group: list[_Request[Asked, Answer]], error: BaseException) -> None:
    for one in group:
        one.error = error


def _answer(group: list[_Request[Asked, Answer]]) -> None:
    """Hand the answers to the loops that wait; to one that has ended nothing can be said."""
    loops: dict[asyncio.AbstractEventLoop, list[_Request[Asked, Answer]]] = {}
    for one in group:
        loops.setdefault(one.future.get_loop(), []).append(one)
    for loop, some in loops.items():
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(_resolve, some)


def _resolve(group: list[_Request[Asked, Answer]]) -> None:
    for one in group:
        if one.future.done():
            continue  # whoever asked is gone
        if one.error is not None:
            one.future.set_exception(one.error)
        else:
            one.future.set_result(one.answer)  # type: ignore[arg-type]
