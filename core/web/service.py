"""What all pages share: the store, what signs and reads links, and what stores what was seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from ..assets import load_assets
from ..clock import Clock, SystemClock
from ..feedback.listening import register_listeners
from ..feedback.names import name_listeners
from ..links import SignedLinks, make_links
from ..setting_tables import Brand
from ..settings import Settings
from ..store.assets import publish_assets
from ..store.engine import Store
from ..store.knowledge import has_articles
from ..store.ledger.links import read_link
from ..store.opening import open_workspace_store
from ..store.reading import to_moment
from ..stored_inbox import StoreInbox
from ..workspace import Workspace
from .answer_desk import AnswerDesk
from .bursts import Bursts
from .gathering import Gathering
from .intake import Intake
from .recorder import Recorder
from .relaying import WriterProcess
from .scanners import ScannerNetworks
from .showing import Shelf
from .sites import Sites
from .upserts import Upserts
from .waiting import Gatherer
from .writes import EVENTS, SEEN, open_writes

MOST_LINKS = 10_000
"""Addresses of links that are remembered; a campaign has a few dozen."""

SOURCE = "web"


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """The service of one process.

    Attributes:
        store: An open store.
        settings: Of the installation.
        links: What signs and reads links.
        recorder: What stores opens and clicks.
        intake: What stores the events that shops tell.
        upserts: What stores customers, products and orders.
        sites: The shop's sites, which tell what visitors do.
        answers: What answers visitors' questions.
        asset_files: The file of each asset that this machine has.
        shelf: Assets that were asked for lately.
        bursts: Who follows many links at once.
        scanners: Whose networks are known for looking at links.
        proxies: How many proxies in a row stand before it and are ours.
        clock: Tells the time.
        writer: The process that stores; None when threads of this one do.
        urls: Where links lead, as far as they were asked for.
    """

    store: Store
    settings: Settings
    links: SignedLinks
    recorder: Recorder
    intake: Intake
    upserts: Upserts
    sites: Sites
    answers: AnswerDesk
    asset_files: Mapping[str, str] = field(default_factory=dict)
    shelf: Shelf = field(default_factory=Shelf)
    bursts: Bursts = field(default_factory=Bursts)
    scanners: ScannerNetworks = field(default_factory=ScannerNetworks)
    proxies: int = 0
    clock: Clock = field(default_factory=SystemClock)
    writer: WriterProcess | None = None
    urls: dict[int, str] = field(default_factory=dict)

    @property
    def now(self) -> int:
        """The moment, in UTC milliseconds."""
        return to_moment(self.clock.now())

    @property
    def brand(self) -> Brand:
        """How the shop presents itself."""
        return self.settings.brand

    def find_url(self, number: int) -> str | None:
        """Return where a link leads; None when it was never kept."""
        known = self.urls.get(number)
        if known is not None:
            return known
        with self.store.read() as connection:
            url = read_link(connection, number)
        if url is not None and len(self.urls) < MOST_LINKS:
            self.urls[number] = url
        return url

    def open_inbox(self, source: str = SOURCE) -> StoreInbox:
        """Return the inbox of somebody who tells something."""
        return StoreInbox(self.store, source=source, signs=self.links, clock=self.clock)


@contextmanager
def open_service(
    workspace: Workspace,
    *,
    clock: Clock | None = None,
    proxies: int = 0,
    writer: WriterProcess | None = None,
) -> Iterator[Service]:
    """Open the service of a workspace, and close it in good order.

    Args:
        workspace: Which.
        clock: Tells the time; the system's when None.
        proxies: How many proxies in a row stand before it and are ours.
        writer: The process that stores what is told; threads of this one when None.

    Raises:
        EnvironmentMissing: The database cannot be opened, or no key signs.
        SettingsError: The settings are wrong.
    """
    with open_workspace_store(workspace) as store:
        links = make_links(workspace.settings)
        assert links.tokens.newest
        told_by = clock or SystemClock()
        register_listeners(store, name_listeners(workspace.registry, workspace.settings))
        files = _publish(store, workspace, links, now=to_moment(told_by.now()))
        with ExitStack() as stack:
            answers = AnswerDesk(workspace, store, told_by)
            stack.callback(answers.close)
            if has_articles(store):
                answers.warm()
            gatherers: Mapping[str, Gatherer[Any, Any]]
            if writer is None:
                gatherers = stack.enter_context(open_threads(store, told_by))
            else:
                gatherers = writer.relays
            yield Service(
                store=store,
                settings=workspace.settings,
                links=links,
                recorder=Recorder(gatherers[SEEN]),
                intake=Intake(gatherers[EVENTS]),
                asset_files=files,
                upserts=Upserts(gatherers),
                answers=answers,
                sites=Sites(workspace.settings.serve.site_keys, links.tokens),
                scanners=ScannerNetworks(workspace.settings.tracking.scanner_networks),
                proxies=proxies,
                clock=told_by,
                writer=writer,
            )


@contextmanager
def open_threads(store: Store, clock: Clock) -> Iterator[Mapping[str, Gathering[Any, Any]]]:
    """Give what stores each kind in a thread of this process; what waits is stored at the end.

    Args:
        store: An open store.
        clock: Gives the moment of what is told without one.
    """
    with open_writes(store, clock) as writes:
        gatherings = {kind: Gathering(kind, write) for kind, write in writes.items()}
        try:
            yield gatherings
        finally:
            for one in gatherings.values():
                one.close()


def _publish(store: Store, workspace: Workspace, links: SignedLinks, *, now: int) -> dict[str, str]:
    """Keep the assets of this machine, for our pages show the logo too."""
    found = load_assets(workspace.folder, workspace.settings.brand).found
    if not found:
        return {}
    with store.begin() as connection:
        return publish_assets(connection, found.values(), links.reference_key, now=now)
