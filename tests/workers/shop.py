"""A shop with people, whose campaigns are worked on by processes of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import redis
from sqlalchemy import select

from ballyhoo.core.campaign import load_campaign
from ballyhoo.core.engine.engine import Engine, open_engine
from ballyhoo.core.engine.starting import start_run
from ballyhoo.core.store.engine import Store, open_store
from ballyhoo.core.store.ledger.receipts import RunReceipt, count_receipt
from ballyhoo.core.store.ledger.runs import RunRow, read_run
from ballyhoo.core.store.rows import ConsentRow, CustomerRow
from ballyhoo.core.store.tables import customers, messages, rates
from ballyhoo.core.store.writers import open_writer
from ballyhoo.core.workspace import Workspace
from ballyhoo.workers.app import make_parts

KEY = "a suppression key of workers"
PEOPLE = 300
SILENT = 10
"""Each tenth person gave no consent."""

WRITER = "from ballyhoo.testing import echo\n\ngenerate = echo.generate\n"

PLAIN = """\
campaign: {name}
segment: {{where: country = 'DE'}}
deliver:
  plugin: outbox
  fields: {{subject: "Hello {{first_name|there}}", body: Come and have a look.}}
{more}
"""

WRITTEN = """\
campaign: {name}
segment: {{where: country = 'DE'}}
generate:
  plugin: writer
  fields: {{subject: {{max_chars: 60}}, body: {{max_words: 20}}}}
  fallback: {{subject: Hello, body: Come and have a look.}}
experiment:
  variants: {{warm: {{generate: {{voice: warm}}}}, terse: {{generate: {{voice: terse}}}}}}
  holdout: 5%
deliver: {{plugin: outbox}}
{more}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """A workspace, its database and its broker."""

    folder: Path
    database_url: str
    broker_url: str

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to know of this shop, files apart."""
        return {
            "BALLYHOO_DATABASE_URL": self.database_url,
            "BALLYHOO_BROKER_URL": self.broker_url,
            "BALLYHOO_SUPPRESSION_KEY": KEY,
            "BALLYHOO_ASSIGNMENT_KEY": "workers",
        }

    @property
    def broker(self) -> Any:
        """Its broker, to look into and to do harm to."""
        return redis.Redis.from_url(self.broker_url)

    def open(self) -> Store:
        return open_store(self.database_url, suppression_key=KEY)

    @contextmanager
    def open_engine(self) -> Iterator[Engine]:
        with open_engine(Workspace(self.folder)) as engine:
            yield engine

    def start(self, recipe: str, *, name: str, more: str = "") -> int:
        """Start a run; nothing is planned and nobody is rung for yet."""
        file = self.folder / "campaigns" / f"{name}.yaml"
        file.write_text(recipe.format(name=name, more=more), encoding="utf-8")
        with self.open_engine() as engine:
            campaign = load_campaign(file, registry=engine.registry, workspace=self.folder)
            return start_run(engine, campaign, self.folder, seed=1).run_id

    def read(self, run_id: int) -> RunRow:
        with self.open() as store, store.read() as connection:
            return read_run(connection, run_id)

    def count(self, run_id: int) -> RunReceipt:
        with self.open() as store, store.read() as connection:
            return count_receipt(connection, run_id)

    def list_messages(self, run_id: int) -> dict[str, tuple[Any, ...]]:
        """What became of each customer: state, reason, variant, and the hash of her bytes."""
        found = (
            select(
                customers.c.key, messages.c.state, messages.c.reason, messages.c.variant,
                messages.c.body_hash,
            )
            .join(customers, customers.c.id == messages.c.recipient)
            .where(messages.c.run_id == run_id)
        )  # fmt: skip
        with self.open() as store, store.read() as connection:
            return {row[0]: tuple(row[1:]) for row in connection.execute(found)}

    def wait_for_end(self, run_id: int, *, seconds: float = 90) -> RunReceipt:
        """Return the receipt of a run when it is finished."""
        wait_until(lambda: self.read(run_id).state == "finished", seconds=seconds)
        return self.count(run_id)

    def read_sweep(self) -> int:
        """When the next sweep is due: another moment after each one."""
        with self.open() as store, store.read() as connection:
            due = select(rates.c.free_at).where(rates.c.key == "sweep")
            return int(connection.execute(due).scalar_one())

    def list_files(self, run_id: int) -> list[str]:
        """The messages that left, by their keys."""
        return [file.stem for file in self.folder.glob(f"outbox/{run_id}/*.txt")]


def make_shop(folder: Path, database_url: str, broker_url: str, *, people: int = PEOPLE) -> Shop:
    """Make the workspace, and put people into a database that has its tables."""
    (folder / "campaigns").mkdir(parents=True)
    (folder / "templates").mkdir()
    (folder / "writer.py").write_text(WRITER, encoding="utf-8")
    (folder / "ballyhoo.toml").write_text(
        f'database_url = "{database_url}"\nbroker_url = "{broker_url}"\n'
        f'suppression_key = "{KEY}"\nassignment_key = "workers"\n'
        'experiments = {holdout = "0%"}\n'
        '[plugins]\nfiles = ["writer.py"]\n',
        encoding="utf-8",
    )
    shop = Shop(folder=folder, database_url=database_url, broker_url=broker_url)
    with shop.open() as store, open_writer(store, "customers") as writer:
        writer.write([_describe(number) for number in range(1, people + 1)])
    return shop


def _describe(number: int) -> CustomerRow:
    return CustomerRow(
        key=f"C-{number}",
        email=f"shopper-{number}@workers.example",
        first_name=f"Name{number}",
        country="DE",
        consents=(ConsentRow("email", number % SILENT != 0, 1_700_000_000_000),),
    )


class Process:
    """A command of Ballyhoo that runs on its own, with its log."""

    def __init__(
        self, arguments: list[str], folder: Path, log: Path, environment: Mapping[str, str]
    ) -> None:
        self._log = log
        with log.open("wb") as file:
            self._process = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=folder,
                env={**os.environ, "PYTHONSAFEPATH": "1", **environment},
                stdout=file,
                stderr=subprocess.STDOUT,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def said(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Its log lines."""
        return [json.loads(line) for line in self.said.splitlines() if line.startswith("{")]

    @property
    def problems(self) -> list[str]:
        """What Ballyhoo itself warned of: Celery says so too when it puts a ring back."""
        told = [line for line in self.lines if line["level"] in ("warning", "error")]
        return [line["message"] for line in told if line["logger"].startswith("ballyhoo")]

    def wait(self, seconds: float = 30) -> int:
        """Return its exit code."""
        return self._process.wait(seconds)

    def stop(self, seconds: float = 30) -> int:
        """End it as an operator does, and return its exit code."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            return self.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"it does not end:\n{self.said}") from None

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


CLI = ["-c", "from ballyhoo.core.cli import main; main()"]


@contextmanager
def run_command(
    shop: Shop,
    *arguments: str,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Iterator[Process]:
    """Run a command of Ballyhoo beside the test, for the block."""
    with run_python(shop, [*CLI, *arguments], environment=environment, folder=folder) as process:
        yield process


@contextmanager
def run_python(
    shop: Shop,
    arguments: list[str],
    *,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Iterator[Process]:
    """Run Python beside the test, for the block."""
    log = shop.folder / f"{time.monotonic_ns()}.log"
    process = Process(arguments, folder or shop.folder, log, environment or {})
    try:
        yield process
    finally:
        process.stop()


def ring(shop: Shop, run_id: int, *, task: str = "plan") -> None:
    """Ring for a run, as the command that starts it does."""
    parts = make_parts(Workspace(shop.folder))
    parts.bells.ring(f"ballyhoo.{task}", run_id)
    parts.app.close()


def wait_until(is_so: Callable[[], bool], *, seconds: float = 60) -> None:
    """Return when something is so; it has to become so."""
    ends = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < ends, "it took too long"
        time.sleep(0.05)
