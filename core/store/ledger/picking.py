"""Picks rows for a move that waits for nobody, so that no two moves can wait for each other."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Table, literal_column, select


def pick_rows(table: Table, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return whether a row fulfils conditions, and was locked without waiting.

    What somebody else moves at this moment is passed over. SQLite locks the whole database at the
    beginning of the transaction, and passes over nothing.
    """
    picked = (
        select(table.c.id)
        .where(*conditions)
        .order_by(table.c.id + literal_column("0"))  # SQLite would go through all ids for it
        .with_for_update(skip_locked=True)
        .cte("picked")
    )
    return table.c.id.in_(select(picked.c.id))
