"""Says whom a campaign leaves out by chance: for another experiment, or for a holdout."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from ..campaign import Campaign
from ..setting_tables import Experiments
from ..store.drawing import find_threshold
from ..store.ledger.plans import LeftOut

GLOBAL_HOLDOUT = "global_holdout"
HOLDOUT = "holdout"
OTHER_EXPERIMENT = "other_experiment"

EXPERIMENTS = "experiments"
"""Where a run's details keep the workspace's settings."""
LEFT_OUT = "left_out"
"""Where a run's details keep how people were drawn."""


def keep_experiments(experiments: Experiments) -> dict[str, Any]:
    """Return the workspace's settings as a run keeps them: whoever plans it may have others."""
    kept = experiments.model_dump()
    for name in ("holdout", "global_holdout"):
        kept[name] = f"{kept[name] * 100:f}%"
    return kept


def read_experiments(details: Mapping[str, Any]) -> Experiments:
    """Return the settings that a run keeps, from its details."""
    return Experiments.model_validate(details.get(EXPERIMENTS, {"holdout": "0%"}))


def find_left_out(campaign: Campaign, experiments: Experiments, people: int) -> tuple[LeftOut, ...]:
    """Return how people of an audience are drawn who get nothing, in the order in which it counts.

    Each draw has a hash of its own, so that none depends on another.

    Args:
        campaign: The campaign.
        experiments: The workspace's settings.
        people: How many the segment gave: few are not held out unless the recipe asks for it.
    """
    return tuple(_list_left_out(campaign, experiments, people))


def find_holdout(campaign: Campaign, experiments: Experiments, people: int) -> Decimal:
    """Return the share of a campaign's audience that is held out, in [0, 1)."""
    experiment = campaign.recipe.experiment
    if experiment is not None and experiment.holdout is not None:
        return experiment.holdout
    return experiments.holdout if people >= experiments.holdout_from else Decimal(0)


def read_left_out(details: Mapping[str, Any]) -> tuple[LeftOut, ...]:
    """Return how people of a run were drawn, from its details."""
    return tuple(
        LeftOut(**{**one, "names": tuple(one["names"])}) for one in details.get(LEFT_OUT, ())
    )


def _list_left_out(campaign: Campaign, experiments: Experiments, people: int) -> Iterator[LeftOut]:
    experiment = campaign.recipe.experiment
    if experiment is not None and experiment.exclusive is not None:
        exclusive = experiment.exclusive
        begins = find_threshold((exclusive.part - 1) / exclusive.of)
        ends = find_threshold(exclusive.part / exclusive.of)
        names = ("exclusive", exclusive.group)
        yield LeftOut(reason=OTHER_EXPERIMENT, names=names, begins=0, ends=begins)
        yield LeftOut(reason=OTHER_EXPERIMENT, names=names, begins=ends, ends=find_threshold(1.0))
    if experiments.global_holdout and (experiment is None or experiment.global_holdout):
        yield LeftOut(
            reason=GLOBAL_HOLDOUT,
            names=("global_holdout",),
            begins=0,
            ends=find_threshold(float(experiments.global_holdout)),
        )
    yield LeftOut(
        reason=HOLDOUT,
        names=("holdout", campaign.name),
        begins=0,
        ends=find_threshold(float(find_holdout(campaign, experiments, people))),
    )
