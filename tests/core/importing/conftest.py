"""What the tests of imports share: a file from text, an import, the folder of real data."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ballyhoo.core.importing.importer import Import, Report
from ballyhoo.core.store.engine import Store

Write = Callable[..., Path]
REPOSITORY = Path(__file__).resolve().parents[3]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file below a folder of its own and return its path."""

    def write_file(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write_file


class Importing:
    """Imports files into one store, and keeps what was said."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.told: list[str] = []

    def __call__(self, kind: str, path: Path, *, strict: bool = False, **options: Any) -> Report:
        told = self.told
        return Import(self.store, kind, path, tell=told.append, **options).run(strict=strict)

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        """Return what the database holds."""
        with self.store.engine.connect() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(statement)]


@pytest.fixture
def importing(store: Store) -> Importing:
    """Import into an empty store, on each database."""
    return Importing(store)


@pytest.fixture
def shared_data() -> Path:
    """The folder of real data; skips, saying so, when it is not there."""
    folder = Path(os.environ.get("BALLYHOO_SHARED_DATA") or REPOSITORY.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(f"no real data: {folder} is not there; set BALLYHOO_SHARED_DATA")
    return folder


def counts(report: Report) -> tuple[int, int, int, int, int]:
    """Return read, new, updated, unchanged, rejected; the sum must be right."""
    parts = (report.new, report.updated, report.unchanged, report.rejected)
    assert report.read == sum(parts)
    return (report.read, *parts)


@pytest.fixture
def counted() -> Callable[[Report], tuple[int, int, int, int, int]]:
    """Give the counts of a report, after a look at their sum."""
    return counts
