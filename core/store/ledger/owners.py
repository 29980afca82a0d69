"""Who holds leases: processes, each with a lock that its death gives back at once.

On SQLite an owner locks a file beside the database, which the kernel unlocks when the process is
gone, however it went. On PostgreSQL it holds an advisory lock on a connection of its own, and
says every second that it is there: a lock that was lost with its connection is no death.
"""

from __future__ import annotations

import fcntl
import os
import socket
import threading
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO

from sqlalchemy import Connection, delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from ..engine import Store
from ..tables import batches, messages, owners, runs
from .moments import DatabaseNow, lease_until
from .states import is_state

CLAIM_SECONDS = 120.0
"""How long a claim holds without a sign of life."""

SENDING_SECONDS = 900.0
"""How long an answer may take after the mark: 600 s by RFC 5321 4.5.3.2.6, and a margin."""

BEAT_SECONDS = 1.0
SILENT_SECONDS = 5.0
"""How long an owner without its lock must have been silent to count as dead (PostgreSQL)."""

LOCK_CLASS = 4712


@dataclass(frozen=True, slots=True, kw_only=True)
class AliveOwner:
    """A process that works.

    Attributes:
        id: Its id.
        name: Host and process, for people.
        queues: What it works on, for people.
        plugins: The versions of its plugins by name.
    """

    id: int
    name: str
    queues: str
    plugins: Mapping[str, str]


class Owner:
    """This process as the ledger knows it; its leases are renewed until it is closed.

    Args:
        store: An open store.
        queues: What it works on, for people.
        plugins: The versions of its plugins by name.
        claim_seconds: How long its claims hold without a sign of life.
        sending_seconds: How long its marks hold without an answer.
    """

    def __init__(
        self,
        store: Store,
        *,
        queues: str = "all",
        plugins: Mapping[str, str] | None = None,
        claim_seconds: float = CLAIM_SECONDS,
        sending_seconds: float = SENDING_SECONDS,
    ) -> None:
        self.store = store
        self.name = f"{socket.gethostname()}:{os.getpid()}"
        self.claim_seconds = claim_seconds
        self.sending_seconds = sending_seconds
        self._stopped = threading.Event()
        self._connection: Connection | None = None
        self._file: IO[bytes] | None = None
        with store.begin() as connection:
            self.id: int = connection.execute(
                insert(owners)
                .values(
                    name=self.name,
                    queues=queues,
                    started_at=DatabaseNow(),
                    seen_at=DatabaseNow(),
                    plugins=dict(plugins or {}),
                )
                .returning(owners.c.id)
            ).scalar_one()
            # Before others can see the row: without the lock it would look dead.
            self._lock()
        self._heart = threading.Thread(target=self._beat, name=f"owner-{self.id}", daemon=True)
        self._heart.start()

    def make_token(self) -> str:
        """Return a token for one claim: what is fenced by it was taken by nobody since."""
        return f"{self.id}-{uuid.uuid4().hex[:16]}"

    def close(self) -> None:
        """Stop renewing, and take the row away; leases that are still held run out."""
        if self._stopped.is_set():
            return
        self._stopped.set()
        self._heart.join()
        with self.store.begin() as connection:
            connection.execute(delete(owners).where(owners.c.id == self.id))
        self._unlock()

    def renew(self) -> None:
        """Say that this process is there, and renew what it holds."""
        until = lease_until(self.claim_seconds)
        with self.store.begin() as connection:
            connection.execute(
                update(owners).where(owners.c.id == self.id).values(seen_at=DatabaseNow())
            )
            for table in (runs, batches, messages):
                held = update(table).where(table.c.lease_owner == self.id)
                if table is messages:
                    held = held.where(is_state("claimed"))
                else:
                    held = held.where(table.c.lease_token.is_not(None))
                connection.execute(held.values(lease_until=until))

    def _beat(self) -> None:
        wait = BEAT_SECONDS if self.store.dialect == "postgresql" else self.claim_seconds / 4
        renew_every = max(1, round(self.claim_seconds / 4 / wait))
        beats = 0
        while not self._stopped.wait(wait):
            beats += 1
            try:
                if self.store.dialect == "postgresql":
                    self._hold_on()
                if beats % renew_every == 0:
                    self.renew()
            except DBAPIError:
                continue  # the database is away; the next beat tries again, or the lease runs out

    def _hold_on(self) -> None:
        """Touch the connection that holds the lock; take both anew when it was lost."""
        assert self._connection is not None
        try:
            with self._connection.begin():
                self._connection.execute(
                    update(owners).where(owners.c.id == self.id).values(seen_at=DatabaseNow())
                )
        except DBAPIError:
            self._connection.close()
            self._lock()

    def _lock(self) -> None:
        if self.store.dialect == "postgresql":
            self._connection = self.store.engine.connect()
            with self._connection.begin():
                self._connection.execute(
                    text("SELECT pg_advisory_lock(:class, :id)"),
                    {"class": LOCK_CLASS, "id": self.id},
                )
            return
        path = lock_path(self.store, self.id)
        if path is not None:
            path.parent.mkdir(exist_ok=True)
            self._file = path.open("wb")
            fcntl.flock(self._file, fcntl.LOCK_EX)

    def _unlock(self) -> None:
        if self._connection is not None:
            self._connection.close()
        if self._file is not None:
            path = lock_path(self.store, self.id)
            if path is not None:
                path.unlink(missing_ok=True)
            self._file.close()

    def __enter__(self) -> Owner:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def list_alive(store: Store) -> list[AliveOwner]:
    """Return the processes that work, as far as anybody can tell."""
    found = select(owners.c.id, owners.c.name, owners.c.queues, owners.c.plugins)
    with store.read() as connection:
        rows = connection.execute(found.order_by(owners.c.id)).all()
        return [
            AliveOwner(**row._mapping) for row in rows if not is_dead(store, connection, row.id)
        ]


def lock_path(store: Store, owner: int) -> Path | None:
    """Return the file that an owner locks; None for a database in memory."""
    file = store.engine.url.database
    return Path(f"{file}-owners") / str(owner) if file and file != ":memory:" else None


def is_dead(store: Store, connection: Connection, owner: int) -> bool:
    """Whether an owner is surely gone; a process that merely stands still is not.

    Args:
        store: An open store.
        connection: Within any transaction.
        owner: Its id.
    """
    if store.dialect == "postgresql":
        silent = owners.c.seen_at < DatabaseNow() - round(SILENT_SECONDS * 1000)
        row = connection.execute(select(silent).where(owners.c.id == owner)).first()
        if row is not None and not row[0]:
            return False
        free = connection.execute(
            text("SELECT pg_try_advisory_xact_lock(:class, :id)"),
            {"class": LOCK_CLASS, "id": owner},
        ).scalar_one()
        return bool(free)
    path = lock_path(store, owner)
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
