"""Real Redis and real PostgreSQL, and shops of their own on both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from ..databases import make_database
from .redis_server import RedisServer, start_redis
from .shop import Shop, make_shop


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """A Redis server that this session started, or the reason to skip."""
    with start_redis(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def open_shop(
    request: pytest.FixtureRequest, redis_server: RedisServer, tmp_path: Path
) -> Iterator[Callable[..., Shop]]:
    """Make shops with a database and a broker of their own each."""
    server = request.getfixturevalue("postgresql_server")
    template = request.getfixturevalue("postgresql_template")
    with ExitStack() as stack:

        def make(name: str = "shop", **how: int) -> Shop:
            url = stack.enter_context(make_database(server, template))
            return make_shop(tmp_path / name, url, redis_server.make_url(), **how)

        yield make


@pytest.fixture
def shop(open_shop: Callable[..., Shop]) -> Shop:
    """A shop on PostgreSQL, with a broker; nobody works for it yet."""
    return open_shop()
