"""A person's rights: everything that is known about a customer, and its erasure."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Table,
    Text,
    cast,
    delete,
    insert,
    literal,
    or_,
    select,
    update,
)

from .audit import record_audit
from .engine import Store
from .export import export_customer_rows, find_customer
from .mail import forget_mail
from .preferences import forget_preferences
from .tables import (
    WORDLESS,
    addresses,
    consents,
    customers,
    enquiries,
    erased_keys,
    events,
    message_events,
    messages,
    orders,
    profiles,
    replies,
    reviews,
    stale_profiles,
    standings,
    suppressions,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """What became of an erasure.

    Attributes:
        emptied: How many rows of each kind were emptied.
        is_clean: Whether the deleted text is out of the database's files too. False: another
            process reads SQLite's log at this moment; the next checkpoint removes it.
    """

    emptied: dict[str, int]
    is_clean: bool


def export_customer(store: Store, key: str) -> dict[str, Any]:
    """Return everything that is known about a customer, ready for JSON.

    The export itself is a row of the audit log.

    Args:
        store: An open store.
        key: The shop's id.

    Raises:
        DataError: There is no such customer, or she was erased.
    """
    with store.begin() as connection:
        customer = find_customer(connection, key)
        record_audit(connection, "customer.export", str(customer.id))
        return export_customer_rows(connection, customer)


def erase_customer(store: Store, key: str, *, actor: str | None = None) -> Erasure:
    """Remove identity and content of a customer; counters and the hash of a no remain.

    What she bought still counts for the products, what she was sent still counts for the runs,
    and a withdrawn consent becomes a suppression, which holds the hash alone. A later import of
    the same customer id is refused.

    Args:
        store: An open store.
        key: The shop's id.
        actor: Who asks for it; the user of this process when None.

    Raises:
        DataError: There is no such customer, or she was erased before.
    """
    with _begin_erasing(store) as connection:
        emptied = _empty_customer(store, connection, find_customer(connection, key), actor)
    return _end_erasing(store, emptied)


def erase_recipient(store: Store, recipient: int, *, actor: str) -> Erasure | None:
    """Do the same for whoever got a message; a bare address is forgotten.

    Args:
        store: An open store.
        recipient: As in the ledger: the customer's id, or the negative id of the address.
        actor: Who asks for it.

    Returns:
        None when she was erased before.
    """
    now = time.time_ns() // 1_000_000
    with _begin_erasing(store) as connection:
        if recipient < 0:
            _forget_address(connection, -recipient, 0, store.hasher.key_id, now)
            forget_preferences(connection, recipient)
            record_audit(connection, "address.erase", str(-recipient), actor=actor)
            emptied: dict[str, int] = {}
        else:
            hers = customers.c.id == recipient
            customer = connection.execute(select(customers).where(hers)).first()
            if customer is None or customer.key is None:
                return None
            emptied = _empty_customer(store, connection, customer, actor)
    return _end_erasing(store, emptied)


@contextmanager
def _begin_erasing(store: Store) -> Iterator[Connection]:
    with store.begin() as connection:
        if store.dialect == "sqlite":
            # Zeros over what is deleted; it would stay readable in the file otherwise.
            connection.exec_driver_sql("PRAGMA secure_delete = ON")
        yield connection


def _end_erasing(store: Store, emptied: dict[str, int]) -> Erasure:
    is_clean = _truncate_log(store) if store.dialect == "sqlite" else True
    return Erasure(emptied=emptied, is_clean=is_clean)


def _empty_customer(
    store: Store, connection: Connection, customer: Row[Any], actor: str | None
) -> dict[str, int]:
    hasher = store.hasher
    now = time.time_ns() // 1_000_000
    _empty_replies(connection, enquiries.c.customer_id == customer.id)
    forget_mail(connection, customer.id)
    emptied = {
        "events": _empty_events(connection, customer.id),
        "orders": _detach(
            connection,
            orders,
            customer.id,
            tracking_url=None,
            content="",
        ),
        "reviews": _detach(connection, reviews, customer.id, title=None, text=None),
        "enquiries": _detach(connection, enquiries, customer.id, text=None, conversation=None),
        "messages": _empty_messages(connection, customer.id),
    }
    for table in (profiles, stale_profiles):
        connection.execute(delete(table).where(table.c.customer_id == customer.id))
    connection.execute(
        update(customers)
        .where(customers.c.id == customer.id)
        .values(
            key=None,
            email_id=None,
            phone_id=None,
            first_name=None,
            last_name=None,
            language=None,
            country=None,
            time_zone=None,
            created_at=None,
            traits={},
            content=None,
            erased_at=now,
        )
    )
    connection.execute(
        insert(erased_keys).values(hash=hasher.hash_customer_key(customer.key), at=now)
    )
    for address in {customer.email_id, customer.phone_id} - {None}:
        _forget_address(connection, address, customer.id, hasher.key_id, now)
    forget_preferences(connection, customer.id)
    record_audit(connection, "customer.erase", str(customer.id), actor=actor, details=emptied)
    return emptied


def _empty_replies(connection: Connection, whose: ColumnElement[bool]) -> None:
    """Remove what was answered to enquiries, while it can be seen whose they are."""
    connection.execute(
        update(replies)
        .where(replies.c.enquiry_id.in_(select(enquiries.c.id).where(whose)))
        .values(**WORDLESS)
    )


def _empty_events(connection: Connection, customer: int) -> int:
    return _detach(connection, events, customer, order_key=None, properties=None)


def _detach(connection: Connection, table: Table, customer: int, **values: Any) -> int:
    """Part a customer's rows from her; the key becomes one that says nothing."""
    key = literal("erased:") + cast(table.c.id, Text)
    done = connection.execute(
        update(table)
        .where(table.c.customer_id == customer)
        .values(customer_id=None, key=key, **values)
    )
    return int(done.rowcount)


def _empty_messages(connection: Connection, recipient: int) -> int:
    own = select(messages.c.id).where(messages.c.recipient == recipient)
    connection.execute(
        update(message_events)
        .where(
            message_events.c.message_id.in_(own),
            # A machine's open or click tells nothing of her, and would be counted as hers.
            message_events.c.data["machine"].as_string().is_(None),
        )
        .values(data=None)
    )
    done = connection.execute(
        update(messages)
        .where(messages.c.recipient == recipient)
        .values(content=None, facts=None, body=None, address_id=None, last_error=None)
    )
    return int(done.rowcount)


def _forget_address(
    connection: Connection, address: int, customer: int, key_id: str, now: int
) -> None:
    """Remove an address that nobody else has; a no to a channel of it stays, as a hash."""
    is_shared = connection.execute(
        select(customers.c.id)
        .where(or_(customers.c.email_id == address, customers.c.phone_id == address))
        .limit(1)
    ).first()
    if is_shared is not None:
        return
    hashed = connection.execute(
        select(addresses.c.hash).where(addresses.c.id == address)
    ).scalar_one()
    closed = connection.execute(
        select(standings.c.channel, standings.c.since).where(
            standings.c.address_id == address, standings.c.is_given.is_(False)
        )
    ).all()
    for channel, since in closed:
        known = connection.execute(
            select(suppressions.c.hash).where(
                suppressions.c.channel == channel, suppressions.c.hash == hashed
            )
        ).first()
        if known is None:
            connection.execute(
                insert(suppressions).values(
                    channel=channel,
                    hash=hashed,
                    reason="unsubscribe",
                    at=since,
                    source="erasure",
                    key_id=key_id,
                )
            )
    forget_mail(connection, -address)
    _empty_messages(connection, -address)
    forget_preferences(connection, -address)
    for table in (standings, consents):
        connection.execute(delete(table).where(table.c.address_id == address))
    connection.execute(update(addresses).where(addresses.c.id == address).values(address=None))


def _truncate_log(store: Store) -> bool:
    """Take what was erased out of SQLite's write-ahead log as well; False when it is in use."""
    connection = store.engine.raw_connection()
    try:
        is_busy = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    finally:
        connection.close()
    return not is_busy
