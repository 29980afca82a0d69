"""Commits what many requests want stored together, and alone what cannot be stored with others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from ..errors import BallyhooError
from ..store.patience import AWAY, DatabaseAway, Patience, may_pass

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


class WriteFailed(BallyhooError):
    """Another process could not store something, for a reason that its own log tells."""


class Outcome(NamedTuple, Generic[Answer]):
    """The answer to a request, or why there is none."""

    answer: Answer | None = None
    error: BaseException | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Write(Generic[Asked, Answer]):
    """How requests of one kind are stored.

    Attributes:
        store: Stores some requests in one transaction, and returns an answer for each. It must do
            no harm when an earlier call was committed and only the answer was lost.
        most_rows: Of one transaction; a request that is larger has one of its own.
        patience_seconds: For how long a database that is away is waited for.
    """

    store: Callable[[list[Asked]], list[Answer]]
    most_rows: int
    patience_seconds: float

    def commit(self, group: Sequence[Asked]) -> list[Outcome[Answer]]:
        """Store a group; one that the database refuses is refused alone, the others are stored."""
        patience = Patience(self.patience_seconds)
        while True:
            try:
                return [Outcome(answer) for answer in self.store(list(group))]
            except AWAY as error:
                if len(group) > 1 and not may_pass(error):
                    return self._commit_alone(group)
                try:
                    patience.wait(error)
                except DatabaseAway as away:
                    return [Outcome(error=away)] * len(group)
            except BaseException as error:
                if len(group) > 1:
                    return self._commit_alone(group)
                return [Outcome(error=error)]

    def _commit_alone(self, group: Sequence[Asked]) -> list[Outcome[Answer]]:
        return [self.commit([one])[0] for one in group]
