"""Lets all engines of a test process share their compiled statements, which cost more than they do.

Each test has a database and so an engine of its own, and SQLAlchemy compiles a statement once for
each engine. Dialects that count as the same one find what another compiled.
"""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import Engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite


class _Shared:
    """A dialect that is equal to every other one of its class."""

    compiled: ClassVar[dict[Any, Any]]

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self)

    def __hash__(self) -> int:
        return hash(type(self))

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        """Let an engine look up and keep its statements with all the others."""
        engine.update_execution_options(compiled_cache=cls.compiled)


class SharedSqlite(_Shared, SQLiteDialect_pysqlite):
    """SQLite's."""

    supports_statement_cache = True
    compiled: ClassVar[dict[Any, Any]] = {}


class SharedPostgresql(_Shared, PGDialect_psycopg):
    """PostgreSQL's."""

    supports_statement_cache = True
    compiled: ClassVar[dict[Any, Any]] = {}


def share_statements() -> None:
    """Let every engine that is made from now on share its compiled statements."""
    registry.register("sqlite", __name__, SharedSqlite.__name__)
    registry.register("postgresql.psycopg", __name__, SharedPostgresql.__name__)
