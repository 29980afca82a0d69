"""Lets plugins learn before a run needs what they learned, and again when it cannot be used."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from ..artifact_manifest import list_files
from ..artifacts import KeptArtifacts, read_data_time
from ..campaign import Campaign, require_plugins
from ..errors import ArtifactRefused, PluginError
from ..recipe.binding import BoundRecipe
from ..stages import ContextFor, train_stages
from .engine import LOG, Engine
from .runs import Run, make_contexts, prepare_contexts

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """What a stage learned.

    Attributes:
        stage: The stage.
        plugin: Its plugin.
        seconds: How long it took.
        data_time: Of when the data is.
        files: How many files the artifact has.
        size_bytes: How long they are together.
        folder: Where it is on this machine.
        variant: The first variant that reads it; None without an experiment.
    """

    stage: str
    plugin: str
    seconds: float
    data_time: datetime
    files: int
    size_bytes: int
    folder: Path
    variant: str | None = None


def train_campaign(engine: Engine, campaign: Campaign, *, seed: int = 0) -> list[Trained]:
    """Let each stage of a campaign that learns do so now, whatever was learned before.

    Args:
        engine: The engine.
        campaign: Loaded from the workspace. What several of its variants share is trained once.
        seed: Of everything random.

    Raises:
        PluginError: A plugin raised, or published nothing.
        DataError: There is too little to learn from.
        EnvironmentMissing: Something that it needs is not there.
    """
    require_plugins(campaign, engine.registry)
    trained: dict[str, Trained] = {}
    for variant, bound in campaign.variants.items():
        context_for = prepare_contexts(engine, bound, run_id=None, seed=seed, data_time=engine.now)
        for stage, artifacts in _list_learning(engine, bound, context_for):
            if artifacts.key not in trained:
                made = _train(engine, bound, context_for, stage, artifacts)
                trained[artifacts.key] = replace(made, variant=variant)
    return list(trained.values())


def train_missing(
    engine: Engine, bound: BoundRecipe, context_for: ContextFor, *, is_look: bool = False
) -> dict[str, str | None]:
    """Let the stages of a recipe learn whose artifact is not there, too old or damaged.

    Args:
        engine: The engine.
        bound: The recipe.
        context_for: Makes the context of each plugin.
        is_look: Somebody only looks, and an old one will do.

    Returns:
        The name of each stage's artifact, by its key.
    """
    max_age = None if is_look else timedelta(days=engine.settings.artifact_days)
    names: dict[str, str | None] = {}
    for stage, artifacts in _list_learning(engine, bound, context_for):
        had_one = artifacts.has_artifact()
        problem = artifacts.find_problem(max_age)
        if problem is not None:
            if had_one:
                LOG.info("%s is trained again: %s", stage, problem)
            _train(engine, bound, context_for, stage, artifacts)
        names[artifacts.key] = artifacts.find_newest()
    return names


def train_for_run(engine: Engine, run: Run) -> dict[str, str]:
    """Let what a run needs be learned, and return the name of the artifact that it reads by key."""
    names: dict[str, str] = {}
    for variant, bound in run.campaign.variants.items():
        found = train_missing(engine, bound, make_contexts(engine, run, variant))
        names |= {key: name for key, name in found.items() if name is not None}
    return names


def with_artifacts(
    engine: Engine,
    bound: BoundRecipe,
    context_for: ContextFor,
    call: Callable[[], Answer],
) -> Answer:
    """Return what a call of stages answers; when one refuses its artifact, train and call again.

    Args:
        engine: The engine.
        bound: The recipe.
        context_for: Makes the context of each plugin.
        call: Calls the stages; a second time when it is needed.

    Raises:
        ArtifactRefused: What was trained just now is refused as well.
    """
    learning = dict(_list_learning(engine, bound, context_for))
    before = {stage: artifacts.find_newest() for stage, artifacts in learning.items()}
    try:
        return call()
    except ArtifactRefused as refused:
        plugin = refused.context.get("plugin")
        LOG.warning("%s; it is trained again", refused.message)
        for stage, artifacts in learning.items():
            if plugin not in (None, bound.stages[stage].plugin):
                continue
            if artifacts.find_newest() == before[stage]:  # else somebody was faster
                artifacts.refuse()
                _train(engine, bound, context_for, stage, artifacts)
    return call()


def _list_learning(
    engine: Engine, bound: BoundRecipe, context_for: ContextFor
) -> Iterator[tuple[str, KeptArtifacts]]:
    """Yield the stages whose plugin learns, with their artifacts; each plugin's once."""
    seen: set[str] = set()
    for stage, binding in bound.stages.items():
        if binding.plugin in seen:
            continue
        if "train" in engine.registry.require(binding.plugin, stage).hooks:
            seen.add(binding.plugin)
            artifacts = context_for(binding.plugin).artifacts
            assert isinstance(artifacts, KeptArtifacts)
            yield stage, artifacts


def _train(
    engine: Engine,
    bound: BoundRecipe,
    context_for: ContextFor,
    stage: str,
    artifacts: KeptArtifacts,
) -> Trained:
    before = set(artifacts.place.list_names(artifacts.key))
    began = time.perf_counter()
    train_stages(engine.registry, bound, context_for, stage)
    seconds = time.perf_counter() - began
    made = [name for name in artifacts.place.list_names(artifacts.key) if name not in before]
    plugin = bound.stages[stage].plugin
    if not made:
        raise PluginError(
            f"the plugin '{plugin}' broke the contract of its hook 'train': it published nothing",
            hint="ballyhoo.testing has a kit that shows it: TrainConformance",
        )
    folder = artifacts.place.open_folder(artifacts.key, made[-1])
    files = list_files(folder)
    LOG.info("%s was trained by %s in %.1f s", stage, plugin, seconds)
    return Trained(
        stage=stage,
        plugin=plugin,
        seconds=seconds,
        data_time=read_data_time(made[-1]),
        files=len(files),
        size_bytes=sum((folder / name).stat().st_size for name in files),
        folder=folder,
    )
