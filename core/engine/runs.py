"""A run as the engine works on it: its campaign as it was started, and contexts for its plugins."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..artifact_place import ArtifactPlace
from ..artifacts import KeptArtifacts, NoArtifacts, choose_artifact_place
from ..campaign import Campaign, require_plugins
from ..context import Artifacts, Context
from ..errors import BallyhooError, EnvironmentMissing
from ..links import InertLinks, Links, make_links
from ..message import Channel
from ..plugin_settings import read_plugin_settings
from ..policy.rules import PolicyRules, read_rules
from ..recipe.binding import BoundRecipe
from ..registry import Registry
from ..senders import list_senders
from ..setting_tables import Brand
from ..stages import ContextFor
from ..store.ledger.runs import RunRow, read_files, read_run
from ..store.ledger.standing import is_standing
from ..store.reading import StoredView, from_moment
from ..store.view import StoreView
from ..tracking import Tracking
from .engine import Engine
from .health import Health
from .keeping import load_kept
from .picturing import InlineAssets, address_assets

PINS = "artifacts"
"""What a run keeps among its details: the name of the artifact that it reads of each key."""


class VersionsDiffer(EnvironmentMissing):
    """This process has other versions of a run's plugins, and leaves the run alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run with its campaign.

    Attributes:
        id: Its id.
        seed: Of everything random in it.
        campaign: As it was when the run was started.
        row: The run's row when it was loaded; only its state changes later.
        folder: Where the files of the recipe are.
        health: What became of its last messages, in this process.
    """

    id: int
    seed: int
    campaign: Campaign
    row: RunRow
    folder: tempfile.TemporaryDirectory[str]
    health: Health = field(default_factory=Health, compare=False)

    @property
    def is_standing(self) -> bool:
        """Whether it is the run of an inbox, whose messages are answers."""
        return is_standing(self.row.details)

    @property
    def variants(self) -> Sequence[str | None]:
        """The names of its variants; one that is None without an experiment."""
        return list(self.campaign.variants)


def load_run(engine: Engine, run_id: int) -> Run:
    """Return a run with its campaign, from what it keeps.

    Raises:
        DataError: There is no such run.
        VersionsDiffer: Its plugins have other versions here.
        EnvironmentMissing: A plugin that it needs is not here.
    """
    known = engine.runs.get(run_id)
    if isinstance(known, Run):
        return known
    with engine.store.read() as connection:
        row, files = read_run(connection, run_id), read_files(connection, run_id)
    differing = find_other_versions(row.details.get("plugins", {}), engine.registry)
    if differing:
        raise VersionsDiffer(
            f"run {run_id} was started with other versions of its plugins: {', '.join(differing)}",
            hint=f"install those, or go on: 'ballyhoo resume {run_id} --accept-versions'",
        )
    campaign, folder = load_kept(row.recipe, files, engine.registry, run_id=run_id)
    engine.closing.enter_context(folder)
    require_plugins(campaign, engine.registry)
    run = Run(id=run_id, seed=row.seed, campaign=campaign, row=row, folder=folder)
    engine.runs[run_id] = run
    return run


def list_versions(campaign: Campaign, registry: Registry) -> dict[str, str]:
    """Return the version of each plugin that a campaign needs, by name."""
    found = {name: registry.find(name) for name in campaign.plugins}
    return {name: record.version for name, record in found.items() if record is not None}


def find_other_versions(kept: Mapping[str, str], registry: Registry) -> list[str]:
    """Return what differs between kept versions and those of this process, in words."""
    here = {name: registry.find(name) for name in kept}
    return [
        f"{name} {version} (here {record.version or 'without a version'})"
        for name, version in kept.items()
        if (record := here[name]) is not None and record.version != version
    ]


def ask_channel(engine: Engine, bound: BoundRecipe) -> Channel:
    """Return what the delivering plugin of a variant declares."""
    channel: Channel = engine.registry.call(bound.stages["deliver"].plugin, "channel")
    return channel


def find_rules(engine: Engine, run: Run, variant: str | None) -> PolicyRules:
    """Return the policy that a variant's messages are bound by, here and now."""
    bound = run.campaign.variants[variant]
    channel, only_to = ask_channel(engine, bound), engine.settings.safety.only_to
    if run.is_standing:
        return PolicyRules(
            run_id=run.id, campaign=run.row.campaign, channel=channel.name,
            only_to=tuple(one.strip().lower() for one in only_to), is_answer=True,
        )  # fmt: skip
    return read_rules(
        bound.recipe.policy, channel,
        run_id=run.id, campaign=run.campaign.name, only_to=only_to,
    )  # fmt: skip


def find_tracking(bound: BoundRecipe) -> Tracking:
    """Return what a recipe measures."""
    deliver = bound.recipe.deliver
    if deliver is None:
        return Tracking()
    asked = deliver.tracking
    return Tracking(clicks=asked.clicks, opens=asked.opens, utm=asked.utm)


def make_contexts(engine: Engine, run: Run, variant: str | None) -> ContextFor:
    """Return what makes the context of each plugin of a variant."""
    return prepare_contexts(
        engine,
        run.campaign.variants[variant],
        run_id=run.id,
        seed=run.seed,
        data_time=run.row.created_at,
        files=Path(run.folder.name),
        brand=Brand.model_validate(run.row.details.get("brand", {})),
        assets=run.row.details.get("assets", {}),
        read_pins=lambda: _read_pins(engine, run),
    )


def _read_pins(engine: Engine, run: Run) -> Mapping[str, str]:
    """Return which artifact of each key a run began with; empty while it is not planned."""
    with engine.store.read() as connection:
        pins: Mapping[str, str] = read_run(connection, run.id).details.get(PINS, {})
    return pins


def prepare_contexts(
    engine: Engine,
    bound: BoundRecipe,
    *,
    run_id: int | None,
    seed: int,
    data_time: int,
    files: Path | None = None,
    brand: Brand | None = None,
    assets: Mapping[str, str] | None = None,
    place: ArtifactPlace | None = None,
    view: StoreView | None = None,
    read_pins: Callable[[], Mapping[str, str]] = dict,
) -> ContextFor:
    """Return what makes the context of each plugin of a bound recipe.

    Args:
        engine: The engine.
        bound: The recipe.
        run_id: The run, or None outside of one.
        seed: Of everything random.
        data_time: The moment of the data that `train` learns from, in UTC milliseconds.
        files: The folder of the recipe's files; the workspace when None.
        brand: How the shop presents itself; as the settings say now when None.
        assets: The files of its assets, as the run keeps them.
        place: Where artifacts are kept; as the settings say when None.
        view: What the plugins may read; the engine's store as it is now when None.
        read_pins: Returns the name of the artifact that is read of each key; of a key that is not
            among them it is the newest.
    """
    stage_of: dict[str, str] = {}
    options_of: dict[str, Any] = {}
    for stage, binding in bound.stages.items():
        stage_of.setdefault(binding.plugin, stage)
        options_of.setdefault(binding.plugin, binding.options)
    shown = StoredView(engine.store, engine.clock) if view is None else view
    kept_at = place or choose_artifact_place(engine.settings.artifact_place, engine.folder)
    senders = list_senders(engine.settings)
    tracking = find_tracking(bound)
    links: Links = (
        InertLinks(tracking=tracking, assets=InlineAssets(engine.folder, engine.settings.brand))
        if run_id is None
        else make_links(engine.settings, tracking, address_assets(engine, assets or {}))
    )

    def make_context(plugin: str) -> Context:
        record = engine.registry.find(plugin)
        if record is None:
            raise BallyhooError(f"there is no plugin '{plugin}'")
        stage = stage_of.get(plugin, "review")
        artifacts: Artifacts = NoArtifacts(plugin)
        if "train" in record.hooks:
            kept = artifacts = KeptArtifacts(
                kept_at,
                plugin=plugin,
                version=record.version,
                options=options_of.get(plugin),
                stage=stage,
                data_time=from_moment(data_time),
                workspace=files,
            )
            kept.pinned = read_pins().get(kept.key)
        return Context(
            plugin=plugin,
            run_id=run_id,
            seed=seed,
            clock=engine.clock,
            store=shown,
            artifacts=artifacts,
            settings=read_plugin_settings(record, engine.settings.plugins.tables),
            folder=engine.folder,
            log=logging.getLogger(f"ballyhoo.plugins.{plugin}"),
            progress=lambda done, total=None: engine.progress(stage, done, total),
            brand=engine.settings.brand if brand is None else brand,
            senders=senders,
            links=links,
        )

    return make_context
