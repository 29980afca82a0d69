"""Keeps a few things made ahead by a thread of its own, for whoever takes them one by one."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")


class Ahead(Generic[T]):
    """A queue that refills itself while fewer than `low` are left.

    Args:
        more: Makes some more; None when there are no more. Called by one thread only.
        low: When to ask for more.
    """

    def __init__(self, more: Callable[[], Sequence[T] | None], *, low: int) -> None:
        self._more = more
        self._low = low
        self._made: deque[T] = deque()
        self._changed = threading.Condition()
        self._is_over = False
        self._is_dry = False
        self._failure: BaseException | None = None
        self._thread: threading.Thread | None = None

    @property
    def was_asked(self) -> bool:
        """Whether anybody ever asked for something."""
        return self._thread is not None

    def take(self) -> T | None:
        """Return the next one, once there is one; None when there are no more.

        Raises:
            BaseException: What `more` raised, when nothing is left of what it made before.
        """
        with self._changed:
            if self._thread is None and not self._is_over:
                self._thread = threading.Thread(target=self._fill, name="ahead", daemon=True)
                self._thread.start()
            while not self._made and not self._is_dry and not self._is_over:
                self._changed.wait()
            if not self._made and self._failure is not None:
                raise self._failure
            return self._pop()

    def take_now(self) -> T | None:
        """Return the next one if it is there already."""
        with self._changed:
            return self._pop()

    def close(self) -> list[T]:
        """Stop, and return what nobody took."""
        with self._changed:
            self._is_over = True
            self._changed.notify_all()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()
        with self._changed:
            left = list(self._made)
            self._made.clear()
        return left

    def _pop(self) -> T | None:
        if self._is_over or not self._made:
            return None
        if len(self._made) == self._low:
            self._changed.notify_all()
        return self._made.popleft()

    def _fill(self) -> None:
        while True:
            with self._changed:
                while len(self._made) >= self._low and not self._is_over:
                    self._changed.wait()
                if self._is_over:
                    return
            try:
                made = self._more()
            except BaseException as error:
                self._failure = error
                made = None
            with self._changed:
                self._is_dry = made is None
                self._made.extend(made or ())
                self._changed.notify_all()
                if self._is_dry:
                    return
