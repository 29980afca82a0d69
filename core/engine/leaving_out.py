"""Says whom a campaign leaves out by chance: for another experiment, or for a holdout."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from ..campaign import Campaign
from ..settings import Settings
from ..store.drawing import find_threshold
from ..store.ledger.plans import LeftOut

GLOBAL_HOLDOUT = "global_holdout"
HOLDOUT = "holdout"
OTHER_EXPERIMENT = "other_experiment"

LEFT_OUT = "left_out"
"""Where a run's details keep how people were drawn."""


def find_left_out(campaign: Campaign, settings: Settings, people: int) -> tuple[LeftOut, ...]:
    """Return how people of an audience are drawn who get nothing, in the order in which it counts.

    Each draw has a hash of its own, so that none depends on another.

    Args:
        campaign: The campaign.
        settings: Of the workspace.
        people: How many the segment gave: few are not held out unless the recipe asks for it.
    """
    return tuple(_list_left_out(campaign, settings, people))


def find_holdout(campaign: Campaign, settings: Settings, people: int) -> Decimal:
    """Return the share of a campaign's audience that is held out, in [0, 1)."""
    experiment = campaign.recipe.experiment
    if experiment is not None and experiment.holdout is not None:
        return experiment.holdout
    is_enough = people >= settings.experiments.holdout_from
    return settings.experiments.holdout if is_enough else Decimal(0)


def read_left_out(details: Mapping[str, Any]) -> tuple[LeftOut, ...]:
    """Return how people of a run were drawn, from its details."""
    return tuple(
        LeftOut(**{**one, "names": tuple(one["names"])}) for one in details.get(LEFT_OUT, ())
    )


def _list_left_out(campaign: Campaign, settings: Settings, people: int) -> Iterator[LeftOut]:
    experiment = campaign.recipe.experiment
    if experiment is not None and experiment.exclusive is not None:
        exclusive = experiment.exclusive
        begins = find_threshold((exclusive.part - 1) / exclusive.of)
        ends = find_threshold(exclusive.part / exclusive.of)
        names = ("exclusive", exclusive.group)
        yield LeftOut(reason=OTHER_EXPERIMENT, names=names, begins=0, ends=begins)
        yield LeftOut(reason=OTHER_EXPERIMENT, names=names, begins=ends, ends=find_threshold(1.0))
    if settings.experiments.global_holdout and (experiment is None or experiment.global_holdout):
        yield LeftOut(
            reason=GLOBAL_HOLDOUT,
            names=("global_holdout",),
            begins=0,
            ends=find_threshold(float(settings.experiments.global_holdout)),
        )
    yield LeftOut(
        reason=HOLDOUT,
        names=("holdout", campaign.name),
        begins=0,
        ends=find_threshold(float(find_holdout(campaign, settings, people))),
    )
