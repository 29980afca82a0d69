"""Gathers everything that is known about one customer, for herself to read."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, Table, select

from ..errors import DataError
from ..money import from_minor
from .consent import ADDRESS_ITSELF
from .engine import Store
from .ledger.propensities import read_shares
from .mail import list_own_places, select_mail_keys
from .preferences import Preferences, name_person, read_preferences
from .reading import from_moment
from .tables import (
    addresses,
    consents,
    customers,
    enquiries,
    events,
    message_events,
    messages,
    order_lines,
    orders,
    products,
    profiles,
    replies,
    reviews,
    runs,
    standings,
    suppressions,
)

MONEY = frozenset(
    {"value", "total", "discount", "shipping", "amount", "total_spent", "price_low", "price_high"}
)


def export_customer_rows(connection: Connection, customer: Row[Any]) -> dict[str, Any]:
    """Return everything that is known about a customer, ready for JSON.

    Times are ISO 8601 in UTC, money is decimal text beside its currency.

    Args:
        connection: Within any transaction.
        customer: Her row.
    """
    places = [place for place in (customer.email_id, customer.phone_id) if place is not None]
    owned = connection.execute(select(addresses).where(addresses.c.id.in_(places))).all()
    hashes = [row.hash for row in owned]
    hers = customers.c.id == customer.id
    personal = (
        "key", "first_name", "last_name", "language", "country", "time_zone", "created_at",
        "traits",
    )  # fmt: skip
    bought = _read(connection, orders, orders.c.customer_id == customer.id, "placed_at")
    for order in bought:
        order["lines"] = [
            _show(row, order["currency"])
            for row in connection.execute(
                select(order_lines)
                .where(order_lines.c.order_id == order["id"])
                .order_by(order_lines.c.position)
            )
        ]
    sku = select(products.c.sku).where(products.c.id == events.c.product_id).scalar_subquery()
    happened = connection.execute(
        select(events, sku.label("sku"))
        .where(events.c.customer_id == customer.id)
        .order_by(events.c.at, events.c.id)
    )
    # What came from her address without a proof is hers as well, as far as anybody knows.
    hers_alone = list_own_places(connection, places)
    recipients = [customer.id, *(-place for place in hers_alone)]
    sent = _read(connection, messages, messages.c.recipient.in_(recipients), "id")
    for message in sent:
        message["campaign"] = connection.execute(
            select(runs.c.campaign).where(runs.c.id == message["run_id"])
        ).scalar()
        message["events"] = _read(
            connection, message_events, message_events.c.message_id == message["id"], "id"
        )
        shares = read_shares(connection, message["id"])
        if shares:  # by what is known of her
            message["shares"] = shares
    by_mail = enquiries.c.key.in_(select_mail_keys(recipients))
    asked = _read(connection, enquiries, (enquiries.c.customer_id == customer.id) | by_mail, "at")
    for enquiry in asked:
        answered = _read(connection, replies, replies.c.enquiry_id == enquiry["id"], "at")
        enquiry["reply"] = answered[0] if answered else None
    profile = connection.execute(
        select(profiles).where(profiles.c.customer_id == customer.id)
    ).first()
    row = connection.execute(select(customers).where(hers)).one()
    return {
        "customer": {name: value for name, value in _show(row).items() if name in personal},
        "addresses": [{"kind": place.kind, "address": place.address} for place in owned],
        "consents": _read(
            connection,
            consents,
            consents.c.address_id.in_(places)
            & consents.c.customer_id.in_([customer.id, ADDRESS_ITSELF]),
            "at",
        ),
        "channels": _read(connection, standings, standings.c.address_id.in_(places), "channel"),
        "suppressions": [
            {name: value for name, value in found.items() if name in ("channel", "reason", "at")}
            for found in _read(connection, suppressions, suppressions.c.hash.in_(hashes), "at")
        ],
        "preferences": _show_preferences(connection, customer),
        "profile": _show(profile) if profile is not None else None,
        "orders": bought,
        "events": [_show(event) for event in happened],
        "reviews": _read(connection, reviews, reviews.c.customer_id == customer.id, "at"),
        "enquiries": asked,
        "messages": sent,
    }


def _show_preferences(connection: Connection, customer: Row[Any]) -> dict[str, Any] | None:
    """Return what she chose on the page that messages link to; None when she chose nothing."""
    chosen = read_preferences(connection, name_person(customer.id, customer.email_id))
    if chosen == Preferences():
        return None
    until = chosen.paused_until
    return {
        "declined_topics": sorted(chosen.declined),
        "paused_until": None if until is None else from_moment(until).isoformat(),
        "most_messages": chosen.cap_messages,
        "within_ms": chosen.cap_ms,
        "language": chosen.language,
    }


def _read(connection: Connection, table: Table, where: Any, order: str) -> list[dict[str, Any]]:
    rows = connection.execute(select(table).where(where).order_by(table.c[order]))
    return [_show(row) for row in rows]


def _show(row: Row[Any], currency: str | None = None) -> dict[str, Any]:
    values = row._asdict()
    currency = values.get("currency") or currency
    shown: dict[str, Any] = {}
    for name, value in values.items():
        if name == "content" and isinstance(value, str):
            continue  # a hash of ours that tells her nothing
        if value is not None and (name == "at" or name.endswith(("_at", "_until", "since"))):
            shown[name] = from_moment(value).isoformat()
        elif name in MONEY and value is not None and currency is not None:
            shown[name] = str(from_minor(value, currency))
        elif isinstance(value, bytes):
            shown[name] = value.decode("utf-8", "replace")
        else:
            shown[name] = value
    return shown


def describe_customer(store: Store, key: str) -> dict[str, Any]:
    """Return who a customer is and where she may be written to, without her history.

    Args:
        store: An open store.
        key: The shop's id.

    Raises:
        DataError: There is no such customer, or she was erased.
    """
    with store.read() as connection:
        everything = export_customer_rows(connection, find_customer(connection, key))
    counted = ("orders", "events", "reviews", "enquiries", "messages")
    shown = {name: value for name, value in everything.items() if name not in counted}
    return {**shown, "counts": {name: len(everything[name]) for name in counted}}


def find_customer(connection: Connection, key: str) -> Row[Any]:
    """Return the row of a customer by the shop's id.

    Raises:
        DataError: There is none; the id itself, which may be an address, is not in the message.
    """
    found = connection.execute(select(customers).where(customers.c.key == key)).first()
    if found is None:
        raise DataError(
            "there is no customer with this id",
            hint="it is the shop's own id, as it was imported; an erased customer has none",
        )
    return found
