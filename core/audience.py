"""Looks at the audience of a recipe: how many, who for example, and why somebody is not in it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .artifacts import NoArtifacts
from .campaign import load_campaign, require_plugins
from .clock import Clock, SystemClock
from .conditions.checked import CheckedCondition
from .context import Context, Progress
from .errors import DataError
from .plugin_settings import read_plugin_settings
from .recipe.binding import Binding
from .stages import select_audience
from .workspace import Workspace

if TYPE_CHECKING:
    from .conditions.inspecting import ExplainedCondition, FunnelStep
    from .store.engine import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedCustomer:
    """Why a customer is in an audience, or is not.

    Attributes:
        id: Her id.
        is_in: Whether she is.
        conditions: The parts of the segment's condition; empty when it has none.
    """

    id: int
    is_in: bool
    conditions: tuple[ExplainedCondition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectedAudience:
    """What there is to see of an audience before anything is planned.

    Attributes:
        campaign: The campaign's name.
        audience: How many people it has.
        everybody: How many customers there are.
        unknown: How many ids of the segment named nobody known.
        repeats: How many named somebody again.
        funnel: How each part of the condition narrows it; empty when the segment has none.
        sample: Some of them: `id` is ours, `key` the shop's.
        explained: The customer who was asked for.
    """

    campaign: str
    audience: int
    everybody: int
    unknown: int
    repeats: int
    funnel: tuple[FunnelStep, ...]
    sample: tuple[dict[str, Any], ...]
    explained: ExplainedCustomer | None


def inspect_audience(
    workspace: Workspace,
    recipe: Path,
    *,
    sample: int,
    explain: str | None = None,
    clock: Clock | None = None,
    progress: Progress = lambda done, total=None: None,
) -> InspectedAudience:
    """Look at the audience of a recipe.

    Args:
        workspace: Where it is.
        recipe: The recipe's file.
        sample: How many people to show; spread over the audience, the same ones every time.
        explain: The shop's id of a customer, or our number of her.
        clock: What tells the time.
        progress: Told how many parts of the condition were counted, from 0 on when the audience
            was found.

    Raises:
        RecipeError: The recipe has mistakes, or no segment.
        DataError: There is no such customer.
        EnvironmentMissing: A plugin or the database is not there.
    """
    from .store.opening import open_workspace_store

    clock = clock or SystemClock()
    campaign = load_campaign(recipe, registry=workspace.registry, workspace=workspace.folder)
    require_plugins(campaign, workspace.registry)
    binding = next(iter(campaign.variants.values())).stages.get("segment")
    if binding is None:
        raise DataError(f"{recipe} has no segment", hint="a campaign's audience is its segment")
    with open_workspace_store(workspace) as store:
        return _inspect(store, workspace, campaign.name, binding, clock, sample, explain, progress)


def _inspect(
    store: Store,
    workspace: Workspace,
    name: str,
    binding: Binding,
    clock: Clock,
    sample: int,
    explain: str | None,
    progress: Progress,
) -> InspectedAudience:
    from .conditions.inspecting import count_funnel, explain_condition
    from .store.segments import count_customers, find_customer, hold_audience, read_keys

    wanted = None if explain is None else find_customer(store, explain)
    now, condition = clock.now(), find_condition(binding)
    answer = select_audience(
        workspace.registry,
        binding,
        lambda plugin: _make_context(store, workspace, plugin, clock),
    )
    funnel: list[FunnelStep] = []
    explained = None
    with hold_audience(store, answer) as audience, store.read() as connection:
        everybody = count_customers(connection)
        progress(0, None)
        if condition is not None:
            everybody, funnel = count_funnel(connection, condition, now, progress)
        if wanted is not None:
            conditions = explain_condition(connection, condition, now, wanted) if condition else ()
            explained = ExplainedCustomer(
                id=wanted, is_in=audience.has(wanted), conditions=conditions
            )
        shown = read_keys(connection, audience.choose(sample))
    return InspectedAudience(
        campaign=name,
        audience=audience.people,
        everybody=everybody,
        unknown=audience.unknown,
        repeats=audience.repeats,
        funnel=tuple(funnel),
        sample=tuple({"id": id, "key": key} for id, key in shown),
        explained=explained,
    )


def find_condition(binding: Binding) -> CheckedCondition | None:
    """Return the condition among the options of a segment, whatever its plugin."""
    options = binding.options
    values = (
        [] if options is None else [getattr(options, name) for name in type(options).model_fields]
    )
    return next((value for value in values if isinstance(value, CheckedCondition)), None)


def _make_context(store: Store, workspace: Workspace, plugin: str, clock: Clock) -> Context:
    from .store.reading import StoredView

    record = workspace.registry.require(plugin, "segment")
    return Context(
        plugin=plugin,
        seed=0,
        clock=clock,
        store=StoredView(store, clock),
        artifacts=NoArtifacts(plugin),
        settings=read_plugin_settings(record, workspace.settings.plugins.tables),
        folder=workspace.folder,
        log=logging.getLogger(f"ballyhoo.plugins.{plugin}"),
        progress=lambda done, total=None: None,
    )
