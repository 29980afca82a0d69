"""What the engine works with, on whichever machine: store, plugins, settings, clock."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from ..clock import Clock, SystemClock
from ..registry import Registry
from ..settings import Settings
from ..store.engine import Store
from ..store.ledger.owners import BEAT_SECONDS, CLAIM_SECONDS, SENDING_SECONDS, Owner
from ..store.reading import to_moment
from ..workspace import Workspace
from .looks import Looks

LOG = logging.getLogger("ballyhoo.engine")


@dataclass(kw_only=True)
class Engine:
    """What plans, prepares and delivers; one for each process.

    Attributes:
        store: The open store.
        registry: The plugins.
        settings: Of this installation.
        folder: The workspace's folder, which channels may write below.
        clock: What tells the time of everything but leases.
        make_owner: Makes this process known to the ledger; see `owner`.
        sleep: Called with seconds to wait for a rate; None when waiting is somebody else's.
        tells: Whether listeners are told what happens; not where it is a test's invention.
        progress: Told what was done of how much, of long work.
        runs: Runs that were loaded, by id; see `runs.load_run`.
        harmless: Bounces and complaints of each run that were found to be no problem.
        looks: When this process looked at what is dear to count.
        closing: What is closed with it, such as the folders of those runs' files.
    """

    store: Store
    registry: Registry
    settings: Settings
    folder: Path
    clock: Clock
    make_owner: Callable[[], Owner]
    sleep: Callable[[float], None] | None = time.sleep
    tells: bool = True
    progress: Callable[[str, int, int | None], None] = lambda what, done, total: None
    runs: dict[int, object] = field(default_factory=dict)
    harmless: dict[int, object] = field(default_factory=dict)
    looks: Looks = field(default_factory=Looks)
    closing: ExitStack = field(default_factory=ExitStack)

    @cached_property
    def owner(self) -> Owner:
        """This process as the ledger knows it, known from the first time that it is asked for."""
        return self.closing.enter_context(self.make_owner())

    @property
    def known_owner(self) -> int | None:
        """The id of this process in the ledger; None when the ledger does not know it."""
        return self.owner.id if "owner" in vars(self) else None

    @property
    def is_listened_to(self) -> bool:
        """Whether anybody is told what happens."""
        return self.tells and bool(self.registry.names("feedback") or self.settings.webhooks)

    @property
    def notes_sent(self) -> bool:
        """Whether somebody is told what left, so that it is noted."""
        wanted = any("sent" in one.kinds for one in self.settings.webhooks)
        return self.tells and (wanted or bool(self.registry.names("feedback")))

    @property
    def now(self) -> int:
        """The moment by the clock, in UTC milliseconds."""
        return to_moment(self.clock.now())


@contextmanager
def open_engine(
    workspace: Workspace,
    *,
    store: Store | None = None,
    clock: Clock | None = None,
    queues: str = "all",
    sleep: Callable[[float], None] | None = time.sleep,
    claim_seconds: float = CLAIM_SECONDS,
    sending_seconds: float = SENDING_SECONDS,
    beat_seconds: float = BEAT_SECONDS,
    may_create: bool = True,
    works: bool = True,
) -> Iterator[Engine]:
    """Open the engine of a workspace; leaving the block gives up what it holds.

    Args:
        workspace: Where it works.
        store: An open store, instead of the workspace's own.
        clock: What tells the time; the workspace's when None. Nothing waits for another one than
            this machine's that a workspace has.
        queues: What this process works on, for people.
        sleep: See `Engine.sleep`.
        claim_seconds: How long its claims hold without a sign of life.
        sending_seconds: How long its marks hold without an answer.
        beat_seconds: How often it says that it is there; the same for all that share a database.
        may_create: Make the tables of a SQLite file that is new.
        works: Make this process known to the ledger as one that works; False for one that looks.

    Raises:
        EnvironmentMissing: The database is not there, or not at this revision.
        SettingsError: The settings are wrong.
    """
    from ..store.opening import open_workspace_store

    opened = open_workspace_store(workspace, may_create=may_create) if store is None else store
    is_rehearsal = clock is None and not isinstance(workspace.clock, SystemClock)
    engine = Engine(
        store=opened,
        registry=workspace.registry,
        settings=workspace.settings,
        folder=workspace.folder,
        clock=clock or workspace.clock,
        make_owner=lambda: Owner(
            opened,
            queues=queues,
            plugins={record.name: record.version for record in workspace.registry},
            claim_seconds=claim_seconds,
            sending_seconds=sending_seconds,
            beat_seconds=beat_seconds,
        ),
        sleep=None if is_rehearsal else sleep,
    )
    try:
        with engine.closing:
            if works:
                engine.owner  # noqa: B018
            yield engine
    finally:
        if store is None:
            opened.close()
