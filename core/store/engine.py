"""Opens the database: SQLite or PostgreSQL, durable, at the right revision, with the right key."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from types import TracebackType
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError

from ..errors import EnvironmentMissing
from .drawing import draw_in_python
from .migrations import HEAD
from .rows import dump_json
from .secrets import AddressHasher, check_key

BUSY_SECONDS = 30
"""How long a SQLite writer waits for another one."""

PATIENCE_SECONDS = 20.0
"""A server that is restarted is back within it."""

OLDEST_POSTGRESQL = 15
OLDEST_SQLITE = (3, 35)


_POSTGRESQL: dict[str, Any] = {
    "pool_pre_ping": True,
    # Whoever waited for a lock must see what was committed meanwhile: with one picture for the
    # whole transaction, as a database may have it by default, a cap would count too little.
    "isolation_level": "READ COMMITTED",
}


class Store:
    """One open database; every query of the core goes through one of its transactions.

    Attributes:
        engine: SQLAlchemy's engine.
        dialect: `sqlite` or `postgresql`.
        patience_seconds: How long it may be away before whoever can wait for it gives up.
    """

    def __init__(self, engine: Engine, hasher: AddressHasher | None = None) -> None:
        self.engine = engine
        self.patience_seconds = PATIENCE_SECONDS
        self.dialect = engine.dialect.name
        self._hasher = hasher
        # SQLite's own waiting is a sleep that grows; threads of one process take turns instead.
        self._turn: AbstractContextManager[Any] = (
            threading.RLock() if self.dialect == "sqlite" else nullcontext()
        )

    @property
    def hasher(self) -> AddressHasher:
        """What hashes addresses; raises EnvironmentMissing when there is no suppression key."""
        if self._hasher is None:
            raise EnvironmentMissing(
                "there is no suppression key, so unsubscribed people cannot be told apart",
                hint="'ballyhoo init' writes one; else set BALLYHOO_SUPPRESSION_KEY",
            )
        return self._hasher

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """Open a transaction that writes; it is durable when the block is left without error."""
        with self._turn, self.engine.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a transaction that only reads, one picture of the database from end to end."""
        with self.engine.connect() as connection:
            options: dict[str, Any] = {"readonly": True}
            if self.dialect == "postgresql":
                options["isolation_level"] = "REPEATABLE READ"
                options["postgresql_readonly"] = True
            with connection.execution_options(**options).begin():
                yield connection

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_store(
    url: str,
    *,
    suppression_key: str | None = None,
    old_suppression_keys: Sequence[str] = (),
    create: bool = False,
) -> Store:
    """Open the store.

    Args:
        url: SQLAlchemy URL of SQLite or PostgreSQL.
        suppression_key: What addresses are hashed with; without it nothing that needs a hash works.
        old_suppression_keys: Those that were in use before; a database that still has one of them
            is moved to the new one.
        create: Make the tables when the database has none; never an upgrade of those it has.

    Raises:
        EnvironmentMissing: It cannot be reached, is at another revision, or was made with another
            suppression key.
    """
    engine = open_engine(url)
    try:
        _require_revision(engine, create=create)
        hasher = None
        if suppression_key:
            hasher = AddressHasher(suppression_key, tuple(old_suppression_keys))
            check_key(engine, hasher)
    except OperationalError as error:
        engine.dispose()
        raise _say_closed(engine.url, error) from None
    except BaseException:
        engine.dispose()
        raise
    return Store(engine, hasher)


def open_engine(url: str) -> Engine:
    """Open the database without looking at what is in it.

    Raises:
        EnvironmentMissing: It cannot be reached, or its driver is not installed.
    """
    parsed = _parse_url(url)
    try:
        engine = create_engine(
            parsed,
            **_POSTGRESQL if parsed.get_backend_name() == "postgresql" else {},
            json_serializer=dump_json,  # SQLite finds a key as it is written, not as "\u00fc"
            hide_parameters=True,  # an error is logged, and addresses are parameters
        )
    except ModuleNotFoundError as error:
        raise EnvironmentMissing(
            f"the database driver {error.name} is not installed",
            hint="pip install 'ballyhoo[postgres]'",
        ) from None
    if engine.dialect.name == "postgresql":
        _prepare_postgresql(engine)
    if engine.dialect.name == "sqlite":
        if sqlite3.sqlite_version_info < OLDEST_SQLITE:
            raise EnvironmentMissing(
                f"this Python has SQLite {sqlite3.sqlite_version}; 3.35 or newer is needed"
            )
        _prepare_sqlite(engine)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("SELECT 1")
            version = engine.dialect.server_version_info
    except DBAPIError as error:
        engine.dispose()
        raise _say_closed(parsed, error) from None
    if engine.dialect.name == "postgresql" and version and int(version[0]) < OLDEST_POSTGRESQL:
        engine.dispose()
        raise EnvironmentMissing(
            f"the database is PostgreSQL {version[0]}; {OLDEST_POSTGRESQL} or newer is needed"
        )
    return engine


def describe_url(url: URL) -> str:
    """Return a URL for people: without user, password and options."""
    shown = URL.create(url.get_backend_name(), host=url.host, port=url.port, database=url.database)
    return shown.render_as_string()


def read_revision(engine: Engine) -> str | None:
    """Return the revision of the tables; None when there are none."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _parse_url(url: str) -> URL:
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
    except (ArgumentError, NoSuchModuleError, ValueError):
        backend = ""
    if backend in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise EnvironmentMissing(
            "database_url names no database that Ballyhoo knows",
            hint="sqlite:///ballyhoo.db or postgresql://user:password@host/name",
        )
    return parsed


def _prepare_postgresql(engine: Engine) -> None:
    """Make every commit durable before its answer, also where a database or role says otherwise.

    A server that stops at once would forget a mark, and the message would be sent again.
    """

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _: object) -> None:
        connection.autocommit = True
        connection.execute(
            "SELECT set_config('synchronous_commit', 'on', false) "
            "WHERE current_setting('synchronous_commit') = 'off'"
        )
        connection.autocommit = False


def _prepare_sqlite(engine: Engine) -> None:
    """Make every commit durable, and every writing transaction take its lock at the start.

    A transaction that reads first and writes later fails at once when another one wrote in
    between, however long it would be willing to wait; BEGIN IMMEDIATE waits at the start.
    """

    @event.listens_for(engine, "connect")
    def set_up(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None
        connection.create_function("ballyhoo_draw", 3, draw_in_python, deterministic=True)
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA cache_size = -65536")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        readonly = connection.get_execution_options().get("readonly", False)
        connection.exec_driver_sql("BEGIN" if readonly else "BEGIN IMMEDIATE")


def _say_closed(url: URL, error: DBAPIError) -> EnvironmentMissing:
    return EnvironmentMissing(
        f"the database {describe_url(url)} cannot be opened: {_reason(error, url)}",
        hint="look at database_url in ballyhoo.toml, or BALLYHOO_DATABASE_URL",
    )


def _reason(error: DBAPIError, url: URL) -> str:
    lines = str(error.orig).strip().splitlines()
    said = lines[0] if lines else type(error.orig).__name__
    for secret in (url.password, url.username):
        if secret:
            said = said.replace(str(secret), "***")
    return said


def _require_revision(engine: Engine, *, create: bool) -> None:
    found = read_revision(engine)
    if found is None and create:
        from .upgrading import upgrade_engine

        upgrade_engine(engine)
        return
    if found != HEAD:
        state = "has no tables yet" if found is None else f"is at revision {found}, not {HEAD}"
        raise EnvironmentMissing(
            f"the database {describe_url(engine.url)} {state}", hint="run 'ballyhoo db upgrade'"
        )
