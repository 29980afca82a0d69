"""Finds people of an audience to show a plan by: of every language, with long and short names."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from ..planning import held_audience, open_transaction
from ..tables import customers

MOST_LANGUAGES = 12
OF_EACH = 5
"""How many of a kind there are: most of them may be skipped, or of another variant."""


def list_striking(connection: Connection) -> list[list[int]]:
    """Return groups of people, one of each of whom shows something that others do not.

    Some of each language, the one that most people speak first; who has the longest name; who has
    the shortest, or none. Each group is in order: the first one shows it best.

    Args:
        connection: The one that holds the audience.
    """
    held = held_audience.join(customers, customers.c.id == held_audience.c.customer_id)
    language = func.coalesce(customers.c.language, "")
    people = select(
        customers.c.id,
        language.label("language"),
        func.row_number().over(partition_by=language, order_by=customers.c.id).label("number"),
        func.count().over(partition_by=language).label("many"),
    ).select_from(held)
    numbered = people.subquery()
    some = (
        select(numbered.c.language, numbered.c.id)
        .where(numbered.c.number <= OF_EACH)
        .order_by(numbered.c.many.desc(), numbered.c.language, numbered.c.id)
        .limit(MOST_LANGUAGES * OF_EACH)
    )
    length = func.length(func.coalesce(customers.c.first_name, ""))
    named = select(customers.c.id).select_from(held).limit(OF_EACH)
    by_language: dict[str, list[int]] = {}
    with open_transaction(connection, readonly=True):
        for spoken, id in connection.execute(some):
            by_language.setdefault(spoken, []).append(id)
        longest = connection.execute(named.order_by(length.desc(), customers.c.id)).scalars().all()
        shortest = connection.execute(named.order_by(length, customers.c.id)).scalars().all()
    return [*by_language.values(), list(longest), list(shortest)]
