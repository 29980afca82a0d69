"""How a run gives people to its variants: as its recipe says, and as the run keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from ..policy.rules import to_milliseconds
from ..recipe.allocation import Waves
from ..recipe.models import Recipe

ALLOCATION = "allocation"
"""Where a run keeps it among its details; a run whose shares are fixed has none."""

GUARDRAIL = "guardrail"
"""Where a run keeps the limits of its variants; a run without variants has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """How people are given to variants wave by wave.

    Attributes:
        allocate: By what the shares of a wave are drawn.
        waves: How many waves there are.
        wait_ms: How long after a wave has left the next one opens, in milliseconds.
        feedback: After so many people of a wave reacted it opens earlier; None is never.
        metric: What a reaction is.
        window_ms: How long after her message what somebody does counts, in milliseconds.
    """

    allocate: Literal["thompson", "contextual"]
    waves: int
    wait_ms: int
    feedback: int | None
    metric: Literal["click", "conversion", "revenue"]
    window_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What stops a variant; shares of its people in [0, 1].

    Attributes:
        unsubscribe: So much more of its people than of the others' may unsubscribe.
        complaint: So much more of its people than of the others' may complain.
        most_unsubscribe: So many of its people may unsubscribe, whatever the others do.
    """

    unsubscribe: float
    complaint: float
    most_unsubscribe: float


def find_allocation(recipe: Recipe) -> Allocation | None:
    """Return how a recipe gives people to variants; None when its shares are fixed."""
    from ..attribution.rules import DEFAULT_WINDOW

    experiment = recipe.experiment
    if experiment is None or experiment.allocate == "fixed" or len(experiment.variants) < 2:
        return None
    waves = experiment.waves or Waves()
    return Allocation(
        allocate=experiment.allocate,
        waves=waves.number,
        wait_ms=to_milliseconds(waves.wait),
        feedback=waves.feedback,
        metric=experiment.metric,
        window_ms=to_milliseconds(experiment.window or DEFAULT_WINDOW),
    )


def find_limits(recipe: Recipe) -> Limits | None:
    """Return what stops a variant of a recipe; None where there is nothing to choose from."""
    experiment = recipe.experiment
    if experiment is None or len(experiment.variants) < 2:
        return None
    guardrail = experiment.guardrail
    return Limits(
        unsubscribe=float(guardrail.unsubscribe),
        complaint=float(guardrail.complaint),
        most_unsubscribe=float(guardrail.most_unsubscribe),
    )


def describe_experiment(recipe: Recipe) -> dict[str, Any]:
    """Return what a run keeps of its experiment, so that a process without plugins can read it."""
    allocation, limits = find_allocation(recipe), find_limits(recipe)
    kept: dict[str, Any] = {}
    if allocation is not None:
        kept[ALLOCATION] = asdict(allocation)
    if limits is not None:
        kept[GUARDRAIL] = asdict(limits)
    return kept


def read_allocation(details: Mapping[str, Any]) -> Allocation | None:
    """Return how a run gives people to variants; None when its shares are fixed."""
    kept = details.get(ALLOCATION)
    return None if kept is None else Allocation(**kept)


def read_limits(details: Mapping[str, Any]) -> Limits | None:
    """Return what stops a variant of a run; None when nothing does."""
    kept = details.get(GUARDRAIL)
    return None if kept is None else Limits(**kept)
