"""Counts who bought of late: of an audience, and of all customers."""

from __future__ import annotations

from sqlalchemy import Connection, func, literal, select

from .planning import held_audience, open_transaction
from .tables import customers, events


def count_recent_buyers(connection: Connection, since: int) -> tuple[int, int]:
    """Return how many bought something since a moment: of the held audience, and of everybody.

    Args:
        connection: The one that holds the audience.
        since: The moment, in UTC milliseconds.
    """
    bought = (
        select(events.c.customer_id)
        .where(events.c.type == "purchase", events.c.at > since, events.c.customer_id.is_not(None))
        .distinct()
        .subquery()
    )
    theirs = select(func.count()).select_from(
        bought.join(held_audience, held_audience.c.customer_id == bought.c.customer_id)
    )
    everybodys = select(func.count()).select_from(bought)
    with open_transaction(connection, readonly=True):
        counted = [connection.execute(one).scalar_one() for one in (theirs, everybodys)]
    return counted[0], counted[1]


def count_customers(connection: Connection) -> int:
    """Return how many customers there are who were not erased.

    Args:
        connection: The one that holds the audience.
    """
    found = select(func.count(literal(1))).where(customers.c.erased_at.is_(None))
    with open_transaction(connection, readonly=True):
        return int(connection.execute(found.select_from(customers)).scalar_one())
