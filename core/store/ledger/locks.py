"""The lock of each owner of leases, which its death gives back at once, however it came.

On SQLite it is a file beside the database, unlocked by the kernel when its process is gone. On
PostgreSQL it is an advisory lock on a connection of its own; as that may be lost while the process
lives, the owner must have been silent as well.
"""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, Executable, and_, select, text

from ..engine import Store
from ..tables import owners
from .moments import DatabaseNow

LOCK_CLASS = 4712


class OwnerLock:
    """The lock of an owner in this process.

    Args:
        store: An open store.
        owner: The owner's id.
    """

    def __init__(self, store: Store, owner: int) -> None:
        self._store = store
        self._owner = owner
        self._connection: Connection | None = None
        self._file: IO[bytes] | None = None

    def take(self) -> None:
        """Take the lock; on SQLite within a transaction that writes, so that nobody else looks.

        Raises:
            DBAPIError: The database does not answer; this may be called again.
        """
        if self._store.dialect == "postgresql":
            connection = self._store.engine.connect()
            try:
                # A session's lock would go on in the pool, with a connection that others get.
                connection.detach()
                with connection.begin():
                    connection.execute(
                        text("SELECT pg_advisory_lock(:class, :id)"),
                        {"class": LOCK_CLASS, "id": self._owner},
                    )
            except BaseException:
                connection.close()
                raise
            self._connection = connection
            return
        path = _find_path(self._store, self._owner)
        if path is not None:
            path.parent.mkdir(exist_ok=True)
            self._file = path.open("wb")
            fcntl.flock(self._file, fcntl.LOCK_EX)

    def execute(self, statement: Executable) -> None:
        """Run a statement on the connection that has the lock; take both anew when it is lost.

        Raises:
            DBAPIError: The database does not answer; this may be called again.
        """
        if self._connection is None:
            self.take()
        assert self._connection is not None
        try:
            with self._connection.begin():
                self._connection.execute(statement)
        except BaseException:
            lost, self._connection = self._connection, None
            lost.close()
            raise

    def give_back(self) -> None:
        """Unlock it; on SQLite within the transaction that takes the owner's row away."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if self._file is not None:
            path = _find_path(self._store, self._owner)
            if path is not None:
                path.unlink(missing_ok=True)
            self._file.close()
            self._file = None


def is_dead(store: Store, connection: Connection, owner: int, *, silent_seconds: float) -> bool:
    """Whether an owner is surely gone; a process that merely stands still is not.

    Args:
        store: An open store.
        connection: Within a transaction that writes.
        owner: Its id.
        silent_seconds: How long an owner whose lock is lost must have been silent (PostgreSQL).
    """
    if store.dialect == "postgresql":
        return _is_dead_on_postgresql(connection, owner, round(silent_seconds * 1000))
    path = _find_path(store, owner)
    if path is None:
        return False
    try:
        with path.open("rb+") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return True
    except BlockingIOError:
        return False
    path.unlink(missing_ok=True)
    return True


def seems_dead(store: Store, connection: Connection, owner: int, *, silent_seconds: float) -> bool:
    """Whether an owner seems to be gone, for somebody who looks and takes nothing back.

    Args:
        store: An open store.
        connection: Within any transaction.
        owner: Its id.
        silent_seconds: See `is_dead`.
    """
    if store.dialect == "postgresql":
        return _is_dead_on_postgresql(connection, owner, round(silent_seconds * 1000))
    path = _find_path(store, owner)
    if path is None:
        return False
    try:
        with path.open("rb") as file:
            # The file stays: outside of a transaction that writes it may be a new owner's.
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return True
    except BlockingIOError:
        return False
    return True


def _is_dead_on_postgresql(connection: Connection, owner: int, silent_ms: int) -> bool:
    was_silent = and_(
        owners.c.seen_at < DatabaseNow() - silent_ms,
        # A server that was away took every lock with it: give their owners the time to be back.
        text(
            "pg_postmaster_start_time() < clock_timestamp() - :silent * interval '1 millisecond'"
        ).bindparams(silent=silent_ms),
    )
    row = connection.execute(select(was_silent).where(owners.c.id == owner)).first()
    if row is not None and not row[0]:
        return False
    free = connection.execute(
        text("SELECT pg_try_advisory_xact_lock(:class, :id)"), {"class": LOCK_CLASS, "id": owner}
    ).scalar_one()
    return bool(free)


def _find_path(store: Store, owner: int) -> Path | None:
    """Return the file that an owner locks; None for a database in memory."""
    file = store.engine.url.database
    if not file or file == ":memory:":
        return None
    # By whichever link a process found the database, it looks for the same file.
    return Path(f"{Path(file).resolve()}-owners") / str(owner)
