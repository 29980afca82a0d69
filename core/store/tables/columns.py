"""The kinds of columns that the tables are made of, the same on SQLite and PostgreSQL."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Integer, MetaData, Text
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Id = BigInteger().with_variant(Integer, "sqlite")
"""Our own integer ids; SQLite counts them up only when they are called INTEGER."""

Moment = BigInteger()
"""UTC milliseconds since 1970."""

Money = BigInteger()
"""Minor units of the currency that stands beside it."""

Word = Text().with_variant(Text(collation="C"), "postgresql")
"""Text that is compared, not sorted for people: keys, words, codes."""

Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
"""Free facts."""


def make_id() -> Column[Any]:
    """Return the primary key that a table gives itself."""
    return Column("id", Id, primary_key=True, autoincrement=True)
