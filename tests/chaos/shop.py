"""A shop to do harm to: a workspace with the faulty channel, its people, and its campaigns."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ballyhoo.core.campaign import load_campaign
from ballyhoo.core.clock import Clock
from ballyhoo.core.engine.engine import Engine, open_engine
from ballyhoo.core.engine.starting import start_run
from ballyhoo.core.store.engine import Store, open_store
from ballyhoo.core.store.rows import ConsentRow, CustomerRow
from ballyhoo.core.store.writers import open_writer
from ballyhoo.core.workspace import Workspace

KEY = "a suppression key of chaos"
SILENT = 10
"""Each tenth person gave no consent: a receipt has to tell who is skipped from who is missed."""

PLUGINS = {
    "faults.py": (
        "from ballyhoo.testing import faulty_channel as it\n\n"
        "channel, render, deliver = it.channel, it.render, it.deliver\n"
    ),
    "writer.py": "from ballyhoo.testing import echo\n\ngenerate = echo.generate\n",
}

GENERATE = """\
generate:
  plugin: writer
  fields: {subject: {max_chars: 60}, body: {max_words: 20}}
  fallback: {subject: "Hello", body: "Come and have a look."}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What a campaign of the shop is like.

    Attributes:
        name: The campaign's name.
        generates: Whether its copy is generated, so that there are batches.
        policy: The inside of its policy block.
        experiment: The inside of its experiment block; "" is none.
        deliver: Options of the faulty channel.
    """

    name: str = "chaos"
    generates: bool = False
    policy: str = "again: never"
    experiment: str = ""
    deliver: dict[str, Any] = field(default_factory=dict)

    def write(self) -> str:
        deliver = {"plugin": "faults", **self.deliver}
        lines = [f"campaign: {self.name}", "segment: {where: country = 'DE'}"]
        if self.generates:
            lines.append(GENERATE.rstrip())
        else:
            deliver["fields"] = {"subject": "Hello {first_name|there}", "body": "Come and look."}
        if self.experiment:
            lines.append(f"experiment: {{{self.experiment}}}")
        lines += [f"deliver: {json.dumps(deliver)}", f"policy: {{{self.policy}}}"]
        return "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """A workspace on disk, and how to open what is in it."""

    folder: Path
    url: str

    def open(self) -> Store:
        return open_store(self.url, suppression_key=KEY)

    @contextmanager
    def open_engine(self, clock: Clock | None = None, **options: Any) -> Iterator[Engine]:
        with open_engine(Workspace(self.folder), clock=clock, **options) as engine:
            yield engine

    def start(self, recipe: Recipe, **options: Any) -> int:
        """Start a run of a campaign; nothing is planned yet."""
        file = self.folder / "campaigns" / f"{recipe.name}.yaml"
        file.write_text(recipe.write(), encoding="utf-8")
        with self.open_engine() as engine:
            campaign = load_campaign(file, registry=engine.registry, workspace=self.folder)
            return start_run(engine, campaign, self.folder, seed=1, **options).run_id

    @property
    def witness(self) -> Path:
        return self.folder / "witness.log"

    @property
    def clock_file(self) -> Path:
        return self.folder / "clock"

    def set_clock(self, seconds_ahead: float) -> None:
        """Set the clock of all processes of this shop to so much more than the machine's."""
        new = self.folder / "clock.new"
        new.write_text(str(seconds_ahead), encoding="utf-8")
        new.replace(self.clock_file)


def make_shop(folder: Path, url: str, *, people: int) -> Shop:
    """Make the workspace, and put people into a database that has its tables."""
    (folder / "campaigns").mkdir(parents=True)
    files = ", ".join(f'"{name}"' for name in PLUGINS)
    (folder / "ballyhoo.toml").write_text(
        f'database_url = "{url}"\nsuppression_key = "{KEY}"\nassignment_key = "chaos"\n'
        'experiments = {holdout = "0%"}\n'
        f"[plugins]\nfiles = [{files}]\n",
        encoding="utf-8",
    )
    for name, text in PLUGINS.items():
        (folder / name).write_text(text, encoding="utf-8")
    shop = Shop(folder=folder, url=url)
    with shop.open() as store, open_writer(store, "customers") as writer:
        writer.write([_describe(number) for number in range(1, people + 1)])
    return shop


def _describe(number: int) -> CustomerRow:
    return CustomerRow(
        key=f"shopper-{number}",
        email=f"shopper-{number}@chaos.example",
        first_name=f"Name{number}",
        country="DE",
        consents=(ConsentRow("email", number % SILENT != 0, 1_700_000_000_000),),
    )
