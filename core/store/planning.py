"""Inserts the planned messages of a held audience, a range of ids at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Insert,
    MetaData,
    Table,
    bindparam,
    func,
    literal,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from .tables import customers, messages
from .tables.columns import Id

MOST_ID = 2**63 - 1

held_audience = Table(
    "held_audience",
    MetaData(),
    Column("customer_id", Id, primary_key=True, autoincrement=False),
    prefixes=["TEMPORARY"],
)
_id = held_audience.c.customer_id


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedMessage:
    """What the planned messages of one step have in common.

    Attributes:
        run_id: The run.
        channel: The channel's name.
        address_field: The customer's field that the channel writes to: `email` or `phone`.
        at: When they are planned, in UTC milliseconds.
        step: The step of the campaign.
        entry: Why somebody is in it again; "" for a campaign.
    """

    run_id: int
    channel: str
    address_field: str
    at: int
    step: str = ""
    entry: str = ""


@contextmanager
def open_transaction(connection: Connection, *, readonly: bool) -> Iterator[None]:
    """Open a transaction on a connection that is kept; `readonly` takes no lock of the database."""
    # Temporary tables may be written in it: SQLite does not lock the database for them.
    with connection.execution_options(readonly=readonly).begin():
        yield


class Insertion:
    """Inserts the planned messages of a range of ids.

    Looking out for messages that are there already makes each row a third dearer on PostgreSQL, so
    it is done only up to the highest id that has one, and once somebody else turns out to plan too.
    """

    def __init__(self, connection: Connection, message: PlannedMessage) -> None:
        self.connection = connection
        plain, conflict = _write_insert(connection, message)
        self.plain = plain.execution_options(preserve_rowcount=True)
        self.careful = conflict.execution_options(preserve_rowcount=True)
        highest = select(func.max(messages.c.recipient)).where(messages.c.run_id == message.run_id)
        with open_transaction(connection, readonly=True):
            self.planned_upto = connection.execute(highest).scalar() or 0

    def insert(self, above: int, upto: int) -> int:
        """Insert those above one id and up to another; return how many were new."""
        bounds = {"above": above, "upto": upto}
        if above >= self.planned_upto:
            try:
                with open_transaction(self.connection, readonly=False):
                    return self.connection.execute(self.plain, bounds).rowcount
            except IntegrityError:
                self.planned_upto = MOST_ID
        with open_transaction(self.connection, readonly=False):
            return self.connection.execute(self.careful, bounds).rowcount


def in_range(column: ColumnElement[int]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return that a column is above the parameter `above`, and not above `upto`."""
    return column > bindparam("above", type_=Id), column <= bindparam("upto", type_=Id)


def _write_insert(connection: Connection, message: PlannedMessage) -> tuple[Insert, Insert]:
    address = {"email": customers.c.email_id, "phone": customers.c.phone_id}[message.address_field]
    values = {
        messages.c.run_id: literal(message.run_id, Id),
        messages.c.recipient: customers.c.id,
        messages.c.step: literal(message.step),
        messages.c.entry: literal(message.entry),
        messages.c.address_id: address,
        messages.c.channel: literal(message.channel),
        messages.c.state: literal("planned"),
        messages.c.created_at: literal(message.at, Id),
    }
    found = (
        select(*values.values())
        .select_from(held_audience.join(customers, customers.c.id == _id))
        .where(*in_range(_id), *in_range(customers.c.id), customers.c.erased_at.is_(None))
        .order_by(_id)
    )
    dialects: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
    into = dialects[connection.dialect.name](messages)
    plain = into.from_select(list(values), found)
    return plain, plain.on_conflict_do_nothing()
