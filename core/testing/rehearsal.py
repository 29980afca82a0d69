"""Rehearses a campaign in memory: the real stages and plugins, invented people, no ledger."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..campaign import Campaign, load_campaign, require_plugins
from ..clock import Clock, SystemClock
from ..copywriting import Written
from ..message import Message, Receipt
from ..registry import Registry
from ..store.view import StoreView
from ..workspace import Workspace
from .play import Play


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """What came of a rehearsal, by our customer id.

    Attributes:
        messages: What was rendered.
        states: `sent`, `failed`, `unknown` or `ready` of each message.
        receipts: What the channel answered.
        skipped: Why somebody of the audience got no message: `unknown_customer`, `no_address`,
            `bad_address`, `refused_copy`, `unfilled_slot`.
        written: How the copy came about, for campaigns with a generator.
        breaches: Where the channel broke the protocol of `Dispatch`.
    """

    messages: Mapping[int, Message]
    states: Mapping[int, str]
    receipts: Mapping[int, Receipt]
    skipped: Mapping[int, str]
    written: Mapping[int, Written]
    breaches: Sequence[str]


def rehearse(
    recipe: Path | Campaign,
    *,
    workspace: Path,
    people: Mapping[int, Mapping[str, str]],
    store: StoreView | None = None,
    registry: Registry | None = None,
    plugin_settings: Mapping[str, Any] | None = None,
    clock: Clock | None = None,
    seed: int = 1,
    run_id: int = 1,
) -> Rehearsal:
    """Play a campaign once, in this process and in memory.

    Every stage that the recipe has is called as a run calls it: segment, recommend, generate with
    its reviewers and the fallback, render, deliver. Plugins that can be trained are trained on the
    store first. The policy is not applied, conditions of offers are not looked at (the first offer
    without one is made), and nothing is remembered.

    A segment that is found inside of a database, as that of `sql_segment`, needs one: leave
    `store` out, and the workspace's database is read. Nobody is written to but `people`.

    Args:
        recipe: The recipe's file, or a campaign that was loaded before.
        workspace: The folder with templates/ and ballyhoo.toml (if any); channels write below it.
        people: Identity by our customer id: the channel's address field, names. It is never
            taken from a database; `ballyhoo segment` shows the ids there.
        store: Customers and products; those of the workspace's database when left out.
        registry: The plugins, instead of those of the workspace.
        plugin_settings: The tables of `[plugins]` by name, instead of those of the workspace.
        clock: What tells the time.
        seed: The run's seed.
        run_id: The run's id, as messages carry it.

    Raises:
        RecipeError: The recipe is wrong.
        EnvironmentMissing: A plugin or reviewer that the campaign needs did not load, or the
            database is not there, or the segment needs one and `store` has none.
        PluginError: A plugin raised, or broke the contract of a hook.
    """
    place = Workspace(workspace.resolve())
    clock = clock or SystemClock()
    plugins = place.registry if registry is None else registry
    if isinstance(recipe, Path):
        recipe = load_campaign(recipe, registry=plugins, workspace=place.folder)
    require_plugins(recipe, plugins)
    if plugin_settings is None:
        plugin_settings = place.settings.plugins.tables
    with tempfile.TemporaryDirectory() as folder, _open_view(place, store, clock) as view:
        played = Play(
            campaign=recipe,
            registry=plugins,
            store=view,
            people=people,
            workspace=place.folder,
            tables=plugin_settings,
            clock=clock,
            seed=seed,
            run_id=run_id,
            artifacts=Path(folder),
        )
        played.run()
    return Rehearsal(
        messages=played.messages,
        states=played.states,
        receipts=played.receipts,
        skipped=played.skipped,
        written=played.written,
        breaches=played.breaches,
    )


@contextmanager
def _open_view(place: Workspace, store: StoreView | None, clock: Clock) -> Iterator[StoreView]:
    """Open the workspace's database, unless there is a store already."""
    if store is not None:
        yield store
        return
    from ..store.opening import open_workspace_store
    from ..store.reading import StoredView

    with open_workspace_store(place) as opened:
        yield StoredView(opened, clock)
