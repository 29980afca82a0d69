"""Stores opens and clicks as they come, many in one durable transaction."""

from __future__ import annotations

import secrets
import threading
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from ..errors import BallyhooError
from ..store.bulk import insert_rows
from ..store.engine import Store
from ..store.ledger.evidence import SentRow, prove_sent, read_messages
from ..store.ledger.links import ShownProducts
from ..store.patience import AWAY, DatabaseAway, Patience
from ..store.rows import dump_json
from ..store.tables import events, message_events
from ..store.writers.events import COLUMNS
from ..store.writers.writer import mark_stale
from .machines import FASTEST_MS

if TYPE_CHECKING:
    from sqlalchemy import Connection

MOST_ROWS = 500
"""Of one transaction: well under half a second on SQLite."""

MOST_WAITING = 20_000
"""So many may wait for their turn; more are refused, so that memory is bounded."""

SOURCE = "web"
_KEPT = ("message_id", "kind", "at", "source", "data")


class Overloaded(BallyhooError):
    """More comes than the database takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """An open or a click.

    Attributes:
        kind: Which.
        message_id: Of which message.
        at: When, UTC milliseconds.
        link: The number of the address that was clicked; None for an open.
        url: That address.
        machine: Why it was no person, in a word; empty when it may have been one.
    """

    kind: Literal["open", "click"]
    message_id: int
    at: int
    link: int | None = None
    url: str | None = None
    machine: str = ""


@dataclass(slots=True)
class _Request:
    seen: Seen
    future: Future[None] = field(default_factory=Future)


class Recorder:
    """Takes what was seen from any thread, and commits what has come meanwhile together.

    Args:
        store: An open store.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._products = ShownProducts()
        self._waiting: list[_Request] = []
        self._changed = threading.Condition()
        self._is_closed = False
        self._thread = threading.Thread(target=self._work, name="recorder", daemon=True)
        self._thread.start()

    def record(self, seen: Seen) -> Future[None]:
        """Store something; it is durable when the answer is there.

        Raises:
            Overloaded: Too much waits already, or the recorder was closed.
        """
        request = _Request(seen)
        with self._changed:
            if self._is_closed or len(self._waiting) >= MOST_WAITING:
                raise Overloaded("more comes than the database takes", hint="ask again later")
            self._waiting.append(request)
            self._changed.notify()
        return request.future

    def close(self) -> None:
        """Commit what is waiting, and stop."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()
        self._thread.join()

    def _work(self) -> None:
        while True:
            with self._changed:
                while not self._waiting and not self._is_closed:
                    self._changed.wait()
                if not self._waiting:
                    return
                taken = self._waiting[:MOST_ROWS]
                del self._waiting[:MOST_ROWS]
            group = [one for one in taken if one.future.set_running_or_notify_cancel()]
            if group:
                self._commit(group)

    def _commit(self, group: list[_Request]) -> None:
        patience = Patience(self._store.patience_seconds)
        # Made once: a commit whose answer was lost is made again, and finds its rows there.
        keys = [f"{SOURCE}:{secrets.token_hex(12)}" for _ in group]
        while True:
            try:
                with self._store.begin() as connection:
                    store_seen(connection, [one.seen for one in group], keys, self._products)
            except AWAY as error:
                try:
                    patience.wait(error)
                except DatabaseAway as away:
                    return _refuse(group, away)
            except BaseException as error:
                return _refuse(group, error)
            else:
                for one in group:
                    one.future.set_result(None)
                return None


def store_seen(
    connection: Connection, seen: list[Seen], keys: list[str], products: ShownProducts
) -> None:
    """Store opens and clicks, and what follows from them; keys that are there already do nothing.

    What a machine did is kept with the message and no event of the customer's. Either shows that
    the message was out. A click by a person that led to the page of a product is a view of it too.
    """
    rows = read_messages(connection, {one.message_id for one in seen})
    known = [
        (_judge(one, rows[one.message_id]), key)
        for one, key in zip(seen, keys, strict=True)
        if one.message_id in rows
    ]
    insert_rows(
        connection, message_events, (*_KEPT, "provider_event_id"),
        [
            (one.message_id, one.kind, one.at, SOURCE, dump_json(_describe(one)), key)
            for one, key in known
        ],
    )  # fmt: skip
    people = [
        (one, key, rows[one.message_id].recipient)
        for one, key in known
        if not one.machine and rows[one.message_id].recipient > 0  # a bare address is no customer
    ]
    shown = products.find(connection, {one.url for one, _, _ in people if one.url})
    told = [
        (one, kind, name, customer, shown.get(one.url or ""))
        for one, key, customer in people
        for kind, name in ((one.kind, key), ("view", f"{key}/view"))
        if kind != "view" or shown.get(one.url or "") is not None
    ]
    insert_rows(
        connection, events, COLUMNS,
        [
            (
                key, customer, product, kind, one.at, 1, None, None, None, SOURCE,
                dump_json({"message": one.message_id, **({"url": one.url} if one.url else {})}),
            )
            for one, kind, key, customer, product in told
        ],
    )  # fmt: skip
    mark_stale(connection, {customer for _, _, customer in people})
    for kind in ("open", "click"):
        ids = {one.message_id for one, _ in known if one.kind == kind}
        if ids:
            prove_sent(connection, ids, max(one.at for one in seen), kind)


def _judge(seen: Seen, row: SentRow) -> Seen:
    """Return what was seen, with what only the ledger knows of it."""
    since = None if row.sent_at is None else seen.at - row.sent_at
    if not seen.machine and since is not None and since < FASTEST_MS:
        return replace(seen, machine="too_fast")
    return seen


def _describe(seen: Seen) -> dict[str, str | int]:
    facts: dict[str, str | int] = {}
    if seen.link is not None:
        facts["link"] = seen.link
    if seen.machine:
        facts["machine"] = seen.machine
    return facts


def _refuse(group: list[_Request], error: BaseException) -> None:
    for one in group:
        one.future.set_exception(error)
