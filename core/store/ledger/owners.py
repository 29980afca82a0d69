"""Who holds leases: processes, each with a lock that its death gives back at once."""

from __future__ import annotations

import os
import socket
import threading
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError

from ..engine import Store
from ..patience import write_patiently
from ..tables import batches, messages, owners, runs
from .locks import OwnerLock, seems_dead
from .moments import DatabaseNow, lease_until
from .states import is_state

CLAIM_SECONDS = 120.0
"""How long a claim holds without a sign of life."""

SENDING_SECONDS = 900.0
"""How long an answer may take after the mark: 600 s by RFC 5321 4.5.3.2.6, and a margin."""

BEAT_SECONDS = 1.0
"""How often an owner says that it is there (PostgreSQL)."""

SILENT_BEATS = 5
"""After how many missed beats an owner without its lock counts as dead (PostgreSQL)."""


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
    """This process as the ledger knows it; what it is at work on is renewed until it is closed.

    Args:
        store: An open store.
        queues: What it works on, for people.
        plugins: The versions of its plugins by name.
        claim_seconds: How long its claims hold without a sign of life.
        sending_seconds: How long its marks hold without an answer.
        beat_seconds: How often it says that it is there; the same for all owners of a database.
    """

    def __init__(
        self,
        store: Store,
        *,
        queues: str = "all",
        plugins: Mapping[str, str] | None = None,
        claim_seconds: float = CLAIM_SECONDS,
        sending_seconds: float = SENDING_SECONDS,
        beat_seconds: float = BEAT_SECONDS,
    ) -> None:
        self.store = store
        self.name = f"{socket.gethostname()}:{os.getpid()}"
        self.claim_seconds = claim_seconds
        self.sending_seconds = sending_seconds
        self.beat_seconds = beat_seconds
        self._facts: dict[str, Any] = {
            "name": self.name, "queues": queues, "plugins": dict(plugins or {}),
        }  # fmt: skip
        self._tokens: set[str] = set()
        self._stopped = threading.Event()
        self._lock = OwnerLock(store, 0)
        self.id = write_patiently(store, self._register)
        self._heart = threading.Thread(target=self._beat, name=f"owner-{self.id}", daemon=True)
        self._heart.start()

    def _register(self, connection: Connection) -> int:
        self._lock.give_back()  # of a try before
        new = insert(owners).values(**self._facts, started_at=DatabaseNow(), seen_at=DatabaseNow())
        owner: int = connection.execute(new.returning(owners.c.id)).scalar_one()
        self._lock = OwnerLock(self.store, owner)
        # Before others can see the row: without the lock it would look dead.
        self._lock.take()
        return owner

    @property
    def silent_seconds(self) -> float:
        """How long an owner without its lock must have been silent to count as dead."""
        return SILENT_BEATS * self.beat_seconds

    def make_token(self) -> str:
        """Return a token for one claim: what is fenced by it was taken by nobody since.

        Leases under it are renewed until it is dropped.
        """
        token = f"{self.id}-{uuid.uuid4().hex[:16]}"
        self._tokens.add(token)
        return token

    @property
    def tokens(self) -> list[str]:
        """The tokens of what this process is at work on."""
        return list(self._tokens)

    def drop_token(self, token: str) -> None:
        """Renew a token's leases no longer: whatever was left under it runs out by itself."""
        self._tokens.discard(token)

    @contextmanager
    def dropping(self, token: str) -> Iterator[None]:
        """Drop a token when the block raises.

        The database may have committed a lease whose answer was lost: held under a token that
        nobody works under, it would be renewed for as long as this process lives.
        """
        try:
            yield
        except BaseException:
            self.drop_token(token)
            raise

    def close(self) -> None:
        """Stop renewing, and take the row away; whoever looks next takes back what is held."""
        if self._stopped.is_set():
            return
        self._stopped.set()
        self._heart.join()
        # Where the database is away the row stays, and without its lock counts as dead.
        with suppress(DBAPIError), self.store.begin() as connection:
            connection.execute(delete(owners).where(owners.c.id == self.id))
            self._lock.give_back()
        self._lock.give_back()

    def renew(self) -> None:
        """Renew the leases of everything that this process is at work on."""
        tokens = self.tokens
        until = lease_until(self.claim_seconds)
        with self.store.begin() as connection:
            for table in (runs, batches, messages):
                held = update(table).where(table.c.lease_token.in_(tokens))
                if table is messages:
                    held = held.where(is_state("claimed"))
                connection.execute(held.values(lease_until=until))

    def _beat(self) -> None:
        is_postgresql = self.store.dialect == "postgresql"
        wait = self.beat_seconds if is_postgresql else self.claim_seconds / 4
        renew_every = max(1, round(self.claim_seconds / 4 / wait))
        beats = 0
        while not self._stopped.wait(wait):
            beats += 1
            try:
                if is_postgresql:
                    self._say_alive()
                if beats % renew_every == 0:
                    self.renew()
            except DBAPIError:
                continue  # the database is away; the next beat tries again, or the leases run out

    def _say_alive(self) -> None:
        """Note the moment; the row is made anew when somebody thought that we are dead."""
        there = postgresql.insert(owners).values(
            id=self.id, **self._facts, started_at=DatabaseNow(), seen_at=DatabaseNow()
        )
        self._lock.execute(
            there.on_conflict_do_update(
                index_elements=[owners.c.id], set_={"seen_at": there.excluded.seen_at}
            )
        )

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
            AliveOwner(**row._mapping)
            for row in rows
            if not seems_dead(store, connection, row.id, silent_seconds=SILENT_BEATS * BEAT_SECONDS)
        ]
