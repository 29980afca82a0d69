"""The tests of the engine play in one small shop, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ballyhoo.core.store.engine import Store

from .shop import Shop


@pytest.fixture
def shop(store: Store, tmp_path: Path) -> Iterator[Shop]:
    """A shop without customers, and an engine that works for it."""
    opened = Shop(store, tmp_path)
    with opened.open_engine() as engine:
        opened.engine = engine
        yield opened
