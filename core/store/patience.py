"""Waits for a database that is away for a moment: restarted, locked, or its disk full."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from ..errors import EnvironmentMissing
from .engine import Store

T = TypeVar("T")

LONGEST_PAUSE_SECONDS = 2.0

AWAY = (DBAPIError, PoolTimeoutError)
"""What a database that does not answer raises; `may_pass` says whether that may be over soon."""


class DatabaseAway(EnvironmentMissing):
    """The database does not answer for longer than anybody waits for it."""


class Patience:
    """Counts how long a database has been away.

    Args:
        seconds: For how long it is waited for.
        sleep: Waits so many seconds.
    """

    def __init__(
        self,
        seconds: float,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._seconds = seconds
        self._sleep = sleep
        self.begin()

    def begin(self) -> None:
        """Forget what was before: it answers."""
        self._began = time.monotonic()
        self._tries = 0

    @property
    def has_failed(self) -> bool:
        """Whether it did not answer at the last time."""
        return self._tries > 0

    def wait(self, error: BaseException, *, is_last: bool = False) -> None:
        """Wait a little after an error, to try again; not when it was to be the last try.

        Raises:
            DatabaseAway: It is away for too long, or the error will not pass.
        """
        if not self._tries:
            self._began = time.monotonic()
        self._tries += 1
        is_over = is_last or time.monotonic() - self._began > self._seconds
        if is_over or not may_pass(error):
            raise DatabaseAway(
                f"the database does not answer: {describe_failure(error)}",
                hint="nothing was lost; the same command goes on when it is there again",
            ) from error
        self._sleep(min(LONGEST_PAUSE_SECONDS, 0.05 * 2**self._tries))


def write_patiently(store: Store, write: Callable[[Connection], T]) -> T:
    """Run a transaction, and again when the database was away; return what `write` returned.

    Args:
        store: An open store.
        write: Called with a connection within a transaction. It must do no harm when an earlier
            call was committed and only the answer was lost.

    Raises:
        DatabaseAway: The database is away for too long.
    """
    patience = Patience(store.patience_seconds)
    while True:
        try:
            with store.begin() as connection:
                return write(connection)
        except AWAY as error:
            patience.wait(error)


def may_pass(error: BaseException) -> bool:
    """Whether an error may be gone by itself: a lost connection, a lock, a full disk."""
    return isinstance(error, OperationalError | InterfaceError | PoolTimeoutError) or (
        isinstance(error, DBAPIError) and error.connection_invalidated
    )


def find_away(error: BaseException | None) -> BaseException | None:
    """Return what the database raised below an error, when it may pass; None when it did not.

    A plugin that reads the store raises what the store raises, and that is no fault of hers.
    """
    while error is not None:
        if isinstance(error, DatabaseAway) or (isinstance(error, AWAY) and may_pass(error)):
            return error
        error = error.__cause__
    return None


def describe_failure(error: BaseException) -> str:
    """Return an error of the database for people, without what a statement was given."""
    original = error.orig if isinstance(error, DBAPIError) else error
    if type(original).__module__ == "sqlite3":
        return str(original)
    return type(original).__name__
