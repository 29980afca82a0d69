"""Brings the tables of a database to the newest revision; no worker ever does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).parent / "migrations"


def make_config(connection: Connection | None = None) -> Config:
    """Return Alembic's settings; it needs no file of its own, so it works from a wheel too."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def upgrade_engine(engine: Engine, revision: str = "head") -> None:
    """Run the missing migrations up to a revision, all of them or none, in one transaction."""
    from alembic import command

    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            # Two upgrades at once wait for each other; SQLite's lock does that by itself.
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(4711, 1)")
        command.upgrade(make_config(connection), revision)
