"""Who listens: plugins with the hook `feedback`, and the endpoints of the settings."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..artifacts import NoArtifacts
from ..clock import Clock
from ..context import Context
from ..event import Event
from ..plugin_settings import read_plugin_settings
from ..store.engine import Store
from ..store.happened import find_newest
from ..store.listeners import add_listeners, read_listeners
from ..store.reading import StoredView
from .names import HOOK, PLUGIN

if TYPE_CHECKING:
    from pathlib import Path

    from ..registry import Registry
    from ..settings import Settings

SECONDS_OF_PLUGIN = 600.0
"""After so long another process may tell a plugin the same: the first one seems to be gone."""

MOST_OF_PLUGIN = 500
LONGEST_WAIT_OF_PLUGIN = 3_600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """Somebody who is told what happened.

    Attributes:
        name: `plugin:NAME` or `webhook:NAME`.
        tell: Tells a batch, which has an event in it, with its key, which is the same when it is
            told again; whatever it raises lets it be told again.
        most: How many rows of each table a batch is made of.
        types: The types of event that it is told; all when None.
        turn_seconds: How long a turn holds: after it somebody else may tell the same.
        longest_wait_seconds: The longest pause between two tries.
        patience_seconds: For how long it may fail before it is paused; None for ever.
    """

    name: str
    tell: Callable[[Sequence[Event], str], object]
    most: int
    turn_seconds: float
    longest_wait_seconds: float
    types: Collection[str] | None = None
    patience_seconds: float | None = None


def list_plugins(
    registry: Registry, settings: Settings, *, store: Store, folder: Path, clock: Clock
) -> list[Listener]:
    """Return the plugins that are told what happened."""

    def make_telling(plugin: str) -> Callable[[Sequence[Event], str], object]:
        def tell(events: Sequence[Event], key: str) -> None:
            # Made here, so that a plugin whose settings are wrong holds up nobody else.
            record = registry.require(plugin, HOOK)
            context = Context(
                plugin=plugin,
                seed=0,
                clock=clock,
                store=StoredView(store, clock),
                artifacts=NoArtifacts(plugin),
                settings=read_plugin_settings(record, settings.plugins.tables),
                folder=folder,
                log=logging.getLogger(f"ballyhoo.plugins.{plugin}"),
                progress=lambda done, total=None: None,
                brand=settings.brand,
            )
            registry.call(plugin, HOOK, context=context, events=events)

        return tell

    return [
        Listener(
            name=f"{PLUGIN}{name}",
            tell=make_telling(name),
            most=MOST_OF_PLUGIN,
            turn_seconds=SECONDS_OF_PLUGIN,
            longest_wait_seconds=LONGEST_WAIT_OF_PLUGIN,
        )
        for name in registry.names(HOOK)
    ]


def register_listeners(store: Store, names: Iterable[str]) -> None:
    """Make listeners known; who is new is told what happens from now on."""
    wanted = set(names)
    if not wanted:
        return
    with store.read() as connection:
        wanted -= set(read_listeners(connection))
    if wanted:
        with store.begin() as connection:
            add_listeners(connection, wanted, find_newest(connection))
