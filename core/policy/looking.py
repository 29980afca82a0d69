"""Looks something up for each recipient that policy judges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """The columns of the row that is judged.

    Attributes:
        id: Her id.
        address_id: The id of the address that would be written to.
        message_id: The id of her message, when there is one already.
    """

    id: Any
    address_id: Any
    message_id: Any = None


def finds(rows: Select[Any]) -> ColumnElement[bool]:
    """Return whether there is a row, looked up for each recipient.

    For EXISTS, PostgreSQL may collect the messages of whole runs into a hash instead, once for
    each statement; a scalar subquery it can only look up.
    """
    return rows.limit(1).scalar_subquery().is_not(None)
