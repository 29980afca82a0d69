"""What a test knows about the other side of a channel: what it took, and how to disturb it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager


class World(ABC):
    """The other side of a channel, in the hands of a test.

    It is told apart from the channel on purpose: what the channel believes and what really
    happened are two things, and the kit compares them. The disturbances are context managers:
    they hold inside the block, and afterwards everything works again.
    """

    @abstractmethod
    def accepted(self) -> list[str]:
        """Return the keys of all messages that the other side has; one that it has twice, twice."""

    @abstractmethod
    def lose_answers(self) -> AbstractContextManager[object]:
        """Let the other side take each message, and let its answer never arrive."""

    @abstractmethod
    def refuse(self) -> AbstractContextManager[object]:
        """Let the other side say, for good, that it will never take the message."""

    @abstractmethod
    def defer(self) -> AbstractContextManager[object]:
        """Let the other side say, definitely, that it does not take the message now."""

    @abstractmethod
    def go_down(self) -> AbstractContextManager[object]:
        """Let nobody reach the other side at all, which a channel finds out before any mark."""
