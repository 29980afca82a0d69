"""Takes consent back for an address when an unsubscribe or a complaint is told as an event."""

from __future__ import annotations

import time
from collections.abc import Sequence

from sqlalchemy import Connection

from ..bulk import insert_rows, lock_writers, select_rows
from ..consent import (
    ADDRESS_ITSELF,
    decide_standing,
    read_histories,
    store_standings,
    store_words,
)
from ..engine import Store
from ..tables import addresses, customers, suppressions

WITHDRAWING = frozenset({"unsubscribe", "complaint"})
"""Types of events after which the address is not written to by e-mail."""

CHANNEL = "email"


def record_withdrawals(
    store: Store, connection: Connection, happened: Sequence[tuple[int, str, int]]
) -> None:
    """Note in the history of each customer's address that she wants no more e-mail.

    Args:
        store: The store, for its key.
        connection: The transaction that writes the events.
        happened: Customer, type (one of `WITHDRAWING`) and moment of each event.
    """
    lock_writers(connection, "customers")
    wanted = {customer for customer, _, _ in happened}
    found = select_rows(connection, customers, ("id", "email_id"), "id", wanted)
    address_of: dict[int, int] = {
        customer: address for customer, address in found if address is not None
    }
    withdraw_addresses(
        store,
        connection,
        [(address_of[who], kind, at) for who, kind, at in happened if who in address_of],
    )


def withdraw_addresses(
    store: Store,
    connection: Connection,
    happened: Sequence[tuple[int, str, int]],
    *,
    channel: str = CHANNEL,
    source: str = "event",
) -> None:
    """Note in the history of addresses that they are not to be written to.

    Args:
        store: The store, for its key.
        connection: A transaction that holds the lock of the writers of customers.
        happened: Our id of the address, type (one of `WITHDRAWING`) and moment of each.
        channel: The channel that they are not to be written to on.
        source: Who tells.
    """
    now = time.time_ns() // 1_000_000
    words: list[tuple[int, str, int, int, bool, str | None]] = sorted(
        {(address, channel, ADDRESS_ITSELF, at, False, kind) for address, kind, at in happened}
    )
    store_words(connection, words, source=source, now=now)
    touched = {word[0] for word in words}
    histories = read_histories(connection, touched)
    store_standings(
        connection,
        {
            pair: decide_standing(history)
            for pair, history in histories.items()
            if pair[1] == channel
        },
    )
    complained = {word[0]: word[3] for word in words if word[5] == "complaint"}
    suppress_ids(store, connection, channel, complained, reason="complaint", source=source)


def suppress_ids(
    store: Store,
    connection: Connection,
    channel: str,
    since: dict[int, int],
    *,
    reason: str,
    source: str,
) -> None:
    """Never write to these addresses again; one that is suppressed keeps its first reason.

    Args:
        store: The store, for its key.
        connection: A transaction that writes.
        channel: The channel.
        since: The moment by our id of each address.
        reason: `complaint`, `bounce`.
        source: Who tells.
    """
    hashes: dict[int, str] = dict(select_rows(connection, addresses, ("id", "hash"), "id", since))
    insert_rows(
        connection,
        suppressions,
        ("channel", "hash", "reason", "at", "source", "key_id"),
        [
            (channel, hashes[address], reason, at, source, store.hasher.key_id)
            for address, at in sorted(since.items())
        ],
    )
