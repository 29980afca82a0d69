"""Stores opens and clicks as they come, many in one durable transaction."""

from __future__ import annotations

import secrets
import time
from functools import lru_cache
from itertools import count
from typing import TYPE_CHECKING, Literal, NamedTuple

from ..store.bulk import insert_rows
from ..store.engine import Store
from ..store.ledger.evidence import SentRow, prove_sent, read_messages
from ..store.ledger.links import ShownProducts
from ..store.rows import dump_json
from ..store.tables import events, message_events
from ..store.writers.events import COLUMNS
from ..store.writers.writer import mark_stale
from .machines import FASTEST_MS
from .waiting import Gatherer

if TYPE_CHECKING:
    from sqlalchemy import Connection

MOST_ROWS = 500
"""Of one transaction: well under half a second on SQLite."""

SOURCE = "web"
_KEPT = ("message_id", "kind", "at", "source", "data")


class Seen(NamedTuple):
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


class Recorder:
    """Takes what was seen, to be stored with what else has come meanwhile.

    Args:
        gatherer: Stores it.
    """

    def __init__(self, gatherer: Gatherer[tuple[Seen, str], None]) -> None:
        self._gatherer = gatherer
        # In the order of time: what is new then stands at the end of every index.
        self._prefix = f"{SOURCE}:{time.time_ns():016x}{secrets.token_hex(4)}:"
        self._numbers = count(1)

    async def record(self, seen: Seen) -> None:
        """Store something; it is durable when the answer is there.

        Raises:
            Overloaded: Too much waits already, or the recorder was closed.
        """
        # Made once: a commit whose answer was lost is made again, and finds its row there.
        await self._gatherer.ask((seen, f"{self._prefix}{next(self._numbers):012x}"))


class SeenRows:
    """Stores what was seen, that of many requests in one transaction.

    Args:
        store: An open store.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._products = ShownProducts()

    def write(self, group: list[tuple[Seen, str]]) -> list[None]:
        """Store opens and clicks with their keys."""
        with self._store.begin() as connection:
            store_seen(
                connection, [seen for seen, _ in group], [key for _, key in group], self._products
            )
        return [None] * len(group)


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
            (one.message_id, one.kind, one.at, SOURCE, _describe(one), key)
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
                _write_properties(one),
            )
            for one, kind, key, customer, product in told
        ],
    )  # fmt: skip
    mark_stale(connection, {customer for _, _, customer in people})
    for kind in ("open", "click"):
        ids = {
            one.message_id
            for one, _ in known
            if one.kind == kind and rows[one.message_id].state != "sent"
        }
        if ids:
            prove_sent(connection, ids, max(one.at for one in seen), kind)


def _judge(seen: Seen, row: SentRow) -> Seen:
    """Return what was seen, with what only the ledger knows of it."""
    since = None if row.sent_at is None else seen.at - row.sent_at
    if not seen.machine and since is not None and since < FASTEST_MS:
        return seen._replace(machine="too_fast")
    return seen


def _describe(seen: Seen) -> str:
    """Return what is kept beside an open or a click, as JSON; no word of it needs escaping."""
    link = "" if seen.link is None else f'"link":{seen.link}'
    machine = f'"machine":"{seen.machine}"' if seen.machine else ""
    return f"{{{link}{',' if link and machine else ''}{machine}}}"


def _write_properties(seen: Seen) -> str:
    url = f',"url":{_quote(seen.url)}' if seen.url else ""
    return f'{{"message":{seen.message_id}{url}}}'


@lru_cache(maxsize=1_000)
def _quote(url: str) -> str:
    return dump_json(url)
