"""The database's own time: leases go by it, whatever clock a process or a test has."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, ColumnElement
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class DatabaseNow(FunctionElement[int]):
    """The moment of the statement, in UTC milliseconds."""

    type = BigInteger()
    inherit_cache = True


@compiles(DatabaseNow, "sqlite")
def _now_of_sqlite(element: DatabaseNow, compiler: Any, **how: Any) -> str:
    return "CAST((julianday('now') - 2440587.5) * 86400000.0 AS INTEGER)"


@compiles(DatabaseNow, "postgresql")
def _now_of_postgresql(element: DatabaseNow, compiler: Any, **how: Any) -> str:
    # Not now(): that is the beginning of the transaction.
    return "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)"


def lease_until(seconds: float) -> ColumnElement[int]:
    """Return the moment so many seconds from now."""
    return DatabaseNow() + round(seconds * 1000)
