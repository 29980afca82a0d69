"""What requests want stored and have not been answered yet: bounded, in the order they came."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from ..errors import BallyhooError
from .committing import Outcome

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")
AskedOf = TypeVar("AskedOf", contravariant=True)
AnswerOf = TypeVar("AnswerOf", covariant=True)

MOST_WAITING = 20_000
"""So many rows may wait for their turn; more are refused, so that memory is bounded."""


class Overloaded(BallyhooError):
    """More comes than the database takes."""


class Gatherer(Protocol[AskedOf, AnswerOf]):
    """Stores what is asked of it, many requests together."""

    async def ask(self, asked: AskedOf, *, size: int = 1) -> AnswerOf:
        """Store something of so many rows; it is durable when the answer is there.

        Raises:
            Overloaded: Too much waits already, or all was closed.
        """
        ...

    def close(self) -> None:
        """Commit what is waiting, and stop."""
        ...


@dataclass(slots=True)
class Request(Generic[Asked, Answer]):
    """What is to be stored, of how many rows, and who waits for the answer."""

    asked: Asked
    size: int
    future: asyncio.Future[Answer]

    def resolve(self, outcome: Outcome[Answer]) -> None:
        """Hand the answer over, in the loop of whoever waits; she may be gone."""
        if self.future.done():
            return
        if outcome.error is not None:
            self.future.set_exception(outcome.error)
        else:
            self.future.set_result(outcome.answer)  # type: ignore[arg-type]


Answered = Sequence[tuple[Request[Asked, Answer], Outcome[Answer]]]


def resolve(answered: Answered[Asked, Answer]) -> None:
    """Hand the answers of a group over, in the loop that waits for them."""
    for one, outcome in answered:
        one.resolve(outcome)


class Line(Generic[Asked, Answer]):
    """Requests that wait for their turn.

    Args:
        most_rows: Of one group; a request that is larger is one of its own.
    """

    def __init__(self, most_rows: int) -> None:
        self._most_rows = most_rows
        self._waiting: list[Request[Asked, Answer]] = []
        self._count = 0
        self.is_closed = False

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def add(self, asked: Asked, size: int) -> asyncio.Future[Answer]:
        """Put a request at the end; its answer comes by the future.

        Raises:
            Overloaded: Too much waits already, or the line is closed.
        """
        if self.is_closed or self._count + size > MOST_WAITING:
            raise Overloaded("more comes than the database takes", hint="ask again later")
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append(Request(asked, size, future))
        self._count += size
        return future

    def take(self) -> Sequence[Request[Asked, Answer]]:
        """Take the next group out."""
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
