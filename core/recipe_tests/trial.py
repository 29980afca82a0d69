"""One test as it is being run: a store of its own, the engine, a clock that stands still."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import event

from ..campaign import Campaign
from ..engine.embedded import RunEnd
from ..engine.engine import Engine
from ..setting_tables import Experiments, Safety
from ..settings import Settings
from ..store.engine import Store, open_store
from ..store.ledger.owners import Owner
from ..testing.clock import SimulatedClock
from ..workspace import Workspace
from .capture import Capture, CapturingRegistry
from .people import Drawing
from .suite import RecipeTest

SUPPRESSION_KEY = "the suppression key of recipe tests"
ASSIGNMENT_KEY = "the assignment key of recipe tests"
SECRET_KEY = "the secret key of recipe tests"
"""The same everywhere, so that a test draws the same people on every machine."""

LEGAL_ADDRESS = "The shop's name and address"
BASE_URL = "https://shop.example"
"""What stands in messages where the settings have nothing yet."""


@dataclass(kw_only=True)
class Trial:
    """A test that is being run.

    Attributes:
        test: The test.
        campaign: Its recipe.
        currency: Of money that does not say one.
        engine: The engine over the test's own store.
        clock: What it tells the time by.
        capture: What takes the messages.
        drawing: What chooses the ids of customers.
        runs: The ids of its runs, in order.
        ends: Where each run stood when it was left, by its id.
    """

    test: RecipeTest
    campaign: Campaign
    currency: str
    engine: Engine
    clock: SimulatedClock
    capture: Capture
    drawing: Drawing
    runs: list[int] = field(default_factory=list)
    ends: dict[int, RunEnd] = field(default_factory=dict)

    @property
    def store(self) -> Store:
        """The test's own store."""
        return self.engine.store


def make_template(folder: Path) -> Path:
    """Make an empty store at the newest revision, of which each test gets a copy."""
    path = folder / "template.db"
    open_store(f"sqlite:///{path}", suppression_key=SUPPRESSION_KEY, create=True).close()
    return path


@contextmanager
def open_trial(
    workspace: Workspace,
    campaign: Campaign,
    currency: str,
    test: RecipeTest,
    *,
    template: Path,
    folder: Path,
) -> Iterator[Trial]:
    """Open what a test needs; nothing of it is the workspace's own but its plugins and files.

    Args:
        workspace: Where the recipe is.
        campaign: The recipe.
        currency: Of money that does not say one.
        test: The test.
        template: What `make_template` made.
        folder: An empty folder of this test's own.
    """
    path = folder / "ballyhoo.db"
    shutil.copy(template, path)
    settings = _make_settings(workspace.settings, folder)
    clock = SimulatedClock(test.at)
    capture = Capture()
    registry = CapturingRegistry(
        workspace.registry, capture, campaign, fallback_writes=test.fallback_writes
    )
    with ExitStack() as closing:
        store = closing.enter_context(_open_quick_store(path))
        engine = Engine(
            store=store,
            registry=registry,
            settings=settings,
            tells=False,
            folder=workspace.folder,
            clock=clock,
            make_owner=lambda: Owner(store),
            sleep=None,
            closing=closing,
        )
        yield Trial(
            test=test,
            campaign=campaign,
            currency=currency,
            engine=engine,
            clock=clock,
            capture=capture,
            drawing=Drawing(campaign, engine.settings, test.draw),
        )


def _open_quick_store(path: Path) -> Store:
    """Open a store that need not outlive a power cut: nothing waits for the disk."""
    store = open_store(f"sqlite:///{path}", suppression_key=SUPPRESSION_KEY)
    store.engine.dispose()

    @event.listens_for(store.engine, "connect")
    def hurry(connection: object, _: object) -> None:
        connection.execute("PRAGMA synchronous = OFF")  # type: ignore[attr-defined]

    return store


def _make_settings(settings: Settings, folder: Path) -> Settings:
    """Return the workspace's settings without what belongs to its machine and its people."""
    brand = settings.brand
    if not brand.legal_address.strip():
        brand = brand.model_copy(update={"legal_address": LEGAL_ADDRESS})
    has_url = settings.base_url.startswith("https://")
    return settings.model_copy(
        update={
            "brand": brand,
            "base_url": settings.base_url if has_url else BASE_URL,
            "safety": Safety(),
            "experiments": Experiments.model_validate({"holdout": "0%"}),
            "secret_key": SecretStr(SECRET_KEY),
            "assignment_key": SecretStr(ASSIGNMENT_KEY),
            "suppression_key": SecretStr(SUPPRESSION_KEY),
            "old_suppression_keys": [],
            "artifact_place": str(folder / "artifacts"),
        }
    )
