"""A small shop with its workspace and plugins, and what its people do with a campaign."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select, update

from ballyhoo.core.campaign import Campaign, load_campaign
from ballyhoo.core.engine.delivering import Delivered, Delivery
from ballyhoo.core.engine.embedded import RunEnd, run_here
from ballyhoo.core.engine.engine import Engine, open_engine
from ballyhoo.core.engine.planning import plan_run
from ballyhoo.core.engine.preparing import Prepared, prepare_next
from ballyhoo.core.engine.runs import Run, load_run
from ballyhoo.core.engine.starting import start_run
from ballyhoo.core.registry import Registry
from ballyhoo.core.store.engine import Store
from ballyhoo.core.store.ledger.receipts import RunReceipt, count_receipt
from ballyhoo.core.store.ledger.runs import RunRow, move_run, read_run
from ballyhoo.core.store.rows import (
    ConsentRow,
    CustomerRow,
    EventRow,
    ProductRow,
    SuppressionRow,
    dump_json,
)
from ballyhoo.core.store.tables import customers, messages, products
from ballyhoo.core.store.writers import open_writer
from ballyhoo.core.workspace import Workspace
from ballyhoo.testing import SimulatedClock, always_objects, echo

from .plugins import Capture, Learner, Recommender, Scribe

BEGIN = datetime(2026, 3, 2, 9, tzinfo=UTC)
KEYS = 'assignment_key = "an assignment key of tests"\nexperiments = {holdout = "0%"}\n'


def make_recipe(campaign: str = "letter", **blocks: Any) -> str:
    """Return a recipe: everybody in Germany gets a hand-written letter, but for what is given.

    A block is merged key by key; one that is None is left out, and a segment of another plugin
    takes the place of ours. JSON is YAML.
    """
    recipe: dict[str, Any] = {
        "campaign": campaign,
        "segment": {"where": "country = 'DE'"},
        "deliver": {"plugin": "capture"},
    }
    if "generate" in blocks:
        fields = {"subject": {"max_chars": 60}, "body": {"max_words": 80}}
        recipe["generate"] = {"plugin": "scribe", "fields": fields}
    else:
        recipe["deliver"]["fields"] = {"subject": "Hello {first_name|you}", "body": "Look."}
    for name, block in blocks.items():
        if block is None:
            recipe.pop(name, None)
        elif name == "segment" and "plugin" in block:
            recipe[name] = block
        else:
            recipe[name] = {**recipe.get(name, {}), **block}
    return json.dumps(recipe)


def listed(*names: str) -> dict[str, Any]:
    """Return a segment of these customers."""
    return {"plugin": "list_segment", "customers": list(names)}


class Shop:
    """The shop.

    Attributes:
        engine: Works on its runs; it never sleeps.
        clock: Stands still until a test moves it.
        channel: The plugin `capture`.
        scribe: The plugin `scribe`.
        recommender: The plugin `shelf`.
        learner: The plugin `learner`.
    """

    def __init__(self, store: Store, folder: Path) -> None:
        self.store = store
        self.folder = folder
        self.clock = SimulatedClock(BEGIN)
        (folder / "ballyhoo.toml").write_text(KEYS)
        self.workspace = Workspace(folder)
        self.registry = self.workspace.registry
        self.channel = Capture()
        self.scribe = Scribe()
        self.recommender = Recommender()
        self.learner = Learner()
        self.add_plugin("capture", self.channel)
        self.add_plugin("scribe", self.scribe)
        self.add_plugin("shelf", self.recommender)
        self.add_plugin("learner", self.learner)
        self.add_plugin("echo", echo)
        self.add_plugin("always_objects", always_objects)
        self.engine: Engine

    @contextmanager
    def open_engine(self, **how: Any) -> Iterator[Engine]:
        """Open one more engine, as another process would."""
        given = {"clock": self.clock, "sleep": None, **how}
        with open_engine(self.workspace, store=self.store, **given) as engine:
            engine.settings = self.engine.settings if hasattr(self, "engine") else engine.settings
            yield engine

    def add_plugin(self, name: str, plugin: Any, *, version: str = "1.0") -> None:
        self.registry.add(name, plugin, version=version, origin="tests")

    def install(self, name: str, version: str | None) -> None:
        """Have another version of a plugin from now on; with None, do without it."""
        before, self.registry = self.registry, Registry()
        for one in before:
            here = version if one.name == name else one.version
            if one.plugin is not None and here is not None:
                self.registry.add(one.name, one.plugin, version=here, origin=one.origin)
        self.engine.registry = self.registry
        self.engine.runs.clear()

    def set(self, **settings: Any) -> None:
        """Change settings of the installation."""
        self.engine.settings = self.engine.settings.model_copy(update=settings)

    # ---- what is in the store

    def add(
        self, *names: str, says: str = "email", domain: str = "customers.example", **fields: Any
    ) -> list[int]:
        """Add customers in Germany who said yes, and return their ids; names are lower case."""
        consents = (ConsentRow(says, True, 1),) if says else ()
        rows = [
            CustomerRow(
                name,
                **{
                    "email": f"{name}@{domain}",
                    "first_name": name.capitalize(),
                    "country": "DE",
                    "consents": consents,
                    **fields,
                },
            )
            for name in names
        ]
        with open_writer(self.store, "customers", now=self.clock.now()) as writer:
            counts = writer.write(rows)
        assert not counts.rejected
        return [self.find(name) for name in names]

    def add_products(self, *skus: str, stock: int | None = 5, price: int = 11_900) -> list[int]:
        """Add products, or change them, and return their ids."""
        rows = [
            ProductRow(
                sku,
                category=("outdoor", "shoes"),
                brand="Fernpfad",
                stock=stock,
                attributes=dump_json({"sole": "cork", "colour": "moss"}),
                texts=(("en", f"{sku.title()} shoe", None), ("de", f"{sku.title()}schuh", None)),
                prices=(("EUR", price, None),),
            )
            for sku in skus
        ]
        with open_writer(self.store, "products", now=self.clock.now()) as writer:
            writer.write(rows)
        with self.store.read() as connection:
            rows = connection.execute(select(products.c.sku, products.c.id)).all()
            found = {row.sku: row.id for row in rows}
        return [found[sku] for sku in skus]

    def order(self, name: str, sku: str) -> None:
        """Let somebody buy something now."""
        self.happen(name, "purchase", sku=sku, value=11_900, currency="EUR")

    def unsubscribe(self, name: str) -> None:
        self.happen(name, "unsubscribe")

    def happen(self, name: str, kind: str, **facts: Any) -> None:
        at = int(self.clock.now().timestamp() * 1000)
        with open_writer(self.store, "events", now=self.clock.now()) as writer:
            counts = writer.write([EventRow(None, kind, at, customer_key=name, **facts)])
        assert not counts.rejected

    def suppress(self, *addresses: str, channel: str = "email") -> None:
        with open_writer(self.store, "suppressions", now=self.clock.now()) as writer:
            writer.write([SuppressionRow(channel, address) for address in addresses])

    def find(self, name: str) -> int:
        """Return our id of a customer."""
        with self.store.read() as connection:
            found = connection.execute(select(customers.c.id).where(customers.c.key == name))
            return int(found.scalar_one())

    def name_of(self, recipient: int) -> str:
        with self.store.read() as connection:
            found = connection.execute(select(customers.c.key).where(customers.c.id == recipient))
            return str(found.scalar_one())

    # ---- what is done with a campaign

    def load(self, recipe: str, file: str = "letter.yaml") -> Campaign:
        path = self.folder / file
        path.write_text(recipe)
        return load_campaign(path, registry=self.registry, workspace=self.folder)

    def start(self, recipe: str | None = None, *, seed: int = 1, **how: Any) -> Run:
        """Start a run; nothing is planned yet."""
        campaign = self.load(make_recipe() if recipe is None else recipe)
        start = start_run(self.engine, campaign, self.folder, seed=seed, **how)
        return load_run(self.engine, start.run_id)

    def plan(self, recipe: str | None = None, **how: Any) -> Run:
        """Start a run and plan it."""
        run = self.start(recipe, **how)
        assert plan_run(self.engine, run)
        return run

    def prepare(self, run: Run) -> list[Prepared]:
        """Prepare every batch that is due."""
        found = []
        while (prepared := prepare_next(self.engine, run)) is not None:
            found.append(prepared)
        return found

    def deliver(self, run: Run) -> Delivered:
        return Delivery(self.engine, run).deliver_due()

    def run(self, recipe: str | None = None, **how: Any) -> Run:
        """Start a run, and do all that can be done now."""
        run = self.start(recipe, **how)
        self.go_on(run)
        return run

    def go_on(self, run: Run) -> RunEnd:
        return run_here(self.engine, run.id)

    def move(self, run: Run, state: Any, **values: Any) -> None:
        """Do what `pause`, `resume` and `cancel` do to the row of a run."""
        with self.store.begin() as connection:
            working = ("planning", "running", "waiting", "paused")
            assert move_run(connection, run.id, working, state, **values)

    def move_back(self, run: Run) -> None:
        """Let a run that is through have something to do again."""
        with self.store.begin() as connection:
            assert move_run(connection, run.id, ["finished"], "waiting", finished_at=None)

    # ---- what became of it

    def read(self, run: Run) -> RunRow:
        with self.store.read() as connection:
            return read_run(connection, run.id)

    def receipt(self, run: Run) -> RunReceipt:
        with self.store.read() as connection:
            return count_receipt(connection, run.id)

    def fates(self, run: Run) -> dict[str, str]:
        """Return what became of each message, by the customer's name: `skipped: capped`."""
        rows = self.rows(run)
        return {
            name: row["state"] if row["reason"] is None else f"{row['state']}: {row['reason']}"
            for name, row in rows.items()
        }

    def rows(self, run: Run) -> dict[str, Mapping[str, Any]]:
        """Return the row of each message, by the customer's name (her id once she is erased)."""
        found = (
            select(customers.c.key, messages)
            .join(customers, customers.c.id == messages.c.recipient)
            .where(messages.c.run_id == run.id)
            .order_by(messages.c.recipient)
        )
        with self.store.read() as connection:
            rows = connection.execute(found).mappings().all()
        return {row["key"] or str(row["recipient"]): row for row in rows}

    def tamper(self, run: Run, name: str, **values: Any) -> None:
        """Change the row of a message behind everybody's back."""
        own = (messages.c.run_id == run.id, messages.c.recipient == self.find(name))
        with self.store.begin() as connection:
            assert connection.execute(update(messages).where(*own).values(**values)).rowcount == 1


def at(hour: int, minute: int = 0, *, day: int = 2) -> datetime:
    """Return a moment of March 2026, UTC."""
    return BEGIN.replace(hour=hour, minute=minute, day=day)


def to_ms(moment: datetime) -> int:
    """Return a moment as the ledger keeps it."""
    return int(moment.timestamp() * 1000)
