"""Asks a statement that selects customer ids about a few of them only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, Selectable, select

from .parameters import dump_ids, list_ids


def select_among(connection: Connection, statement: Any, ids: Sequence[int]) -> set[int]:
    """Return those of some ids that a statement selects.

    Args:
        connection: Within any transaction.
        statement: A selectable whose first column is an id.
        ids: The ids that are asked about.
    """
    wanted = list_ids(connection.dialect.name, "wanted")
    if isinstance(statement, Select):
        # Inside the statement itself, so that nobody else is even looked at.
        column = statement.selected_columns[0]
        narrowed: Any = statement.where(column.in_(wanted))
    else:
        assert isinstance(statement, Selectable)
        rows = statement.subquery()  # type: ignore[attr-defined]
        first = next(iter(rows.c))
        narrowed = select(first).where(first.in_(wanted))
    return set(connection.execute(narrowed, {"wanted": dump_ids(ids)}).scalars())
