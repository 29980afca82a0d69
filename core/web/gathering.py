"""Gathers what many requests want stored, and commits it together, durably."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from ..errors import BallyhooError
from ..store.patience import AWAY, DatabaseAway, Patience, may_pass

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")

MOST_WAITING = 20_000
"""So many rows may wait for their turn; more are refused, so that memory is bounded."""


class Overloaded(BallyhooError):
    """More comes than the database takes."""


@dataclass(slots=True)
class _Request(Generic[Asked, Answer]):
    asked: Asked
    size: int
    future: Future[Answer] = field(default_factory=Future)


class Gathering(Generic[Asked, Answer]):
    """Takes requests from any thread; a thread of its own commits what has come meanwhile.

    One that the database refuses is refused alone: the others of its group are stored.

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

    def take(self, asked: Asked, *, size: int = 1) -> Future[Answer]:
        """Store something of so many rows; it is durable when the answer is there.

        Raises:
            Overloaded: Too much waits already, or all was closed.
        """
        request: _Request[Asked, Answer] = _Request(asked, size)
        with self._changed:
            if self._is_closed or self._count + size > MOST_WAITING:
                raise Overloaded("more comes than the database takes", hint="ask again later")
            self._waiting.append(request)
            self._count += size
            self._changed.notify()
        return request.future

    def close(self) -> None:
        """Commit what is waiting, and stop."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()
        self._thread.join()

    def _work(self) -> None:
        while (taken := self._next()) is not None:
            group = [one for one in taken if one.future.set_running_or_notify_cancel()]
            if group:
                self._commit(group)

    def _next(self) -> list[_Request[Asked, Answer]] | None:
        with self._changed:
            while not self._waiting and not self._is_closed:
                self._changed.wait()
            if not self._waiting:
                return None
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
                    one.future.set_result(answer)
                return None

    def _commit_alone(self, group: list[_Request[Asked, Answer]]) -> None:
        for one in group:
            self._commit([one])


def _refuse(group: list[_Request[Asked, Answer]], error: BaseException) -> None:
    for one in group:
        one.future.set_exception(error)
