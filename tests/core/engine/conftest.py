"""The tests of the engine play in one small shop, on SQLite and on PostgreSQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event

from ballyhoo.core.store.engine import Store

from .shop import Shop


@pytest.fixture
def shop(store: Store, tmp_path: Path) -> Iterator[Shop]:
    """A shop without customers, and an engine that works for it."""
    if store.dialect == "sqlite":
        event.listen(store.engine, "connect", _forget_about_the_disk)
        store.engine.dispose()
    opened = Shop(store, tmp_path)
    with opened.open_engine() as engine:
        opened.engine = engine
        yield opened


def _forget_about_the_disk(connection: sqlite3.Connection, _: object) -> None:
    """Commit without waiting for the disk: the file need not outlive the test."""
    connection.execute("PRAGMA synchronous = OFF")
