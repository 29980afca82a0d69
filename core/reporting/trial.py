"""Reads what the recipe of a run says of its experiment, and checks how people were shared."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..assignment import BITS
from ..attribution.outcomes import RunOutcome
from ..attribution.windows import OpenedWave
from ..recipe.findings import Findings
from ..recipe.yaml_reader import read_yaml
from ..statistics.sample_ratio import Overlaps, check_sample_ratio
from ..store.ledger.own_shares import OwnShares
from .effect import Metric, SampleCheck

HOLDOUT = "held out"
EVERYBODY = "written to"
"""What the arms of a sample check are called that are no variant; no variant has a space."""

DEFAULT_HOLDOUT = 0.05
"""Of a recipe that says nothing, where somebody was held out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a recipe says of its experiment.

    Attributes:
        variants: Their names, in order; empty without any.
        shares: The share of each; together 1.
        holdout: The share that is held out; None when neither run nor recipe says.
        metric: What variants are compared by.
        allocate: How people are shared among them.
        changes: What each variant changes in the recipe.
        fields: The hand-written text of the recipe.
    """

    variants: tuple[str, ...] = ()
    shares: Mapping[str, float]
    holdout: float | None = None
    metric: Metric = "conversion"
    allocate: str = "fixed"
    changes: Mapping[str, Any]
    fields: Mapping[str, str]


def read_trial(recipe: str, details: Mapping[str, Any]) -> Trial:
    """Return what a recipe says of its experiment.

    Args:
        recipe: Its text, as a run keeps it; it was checked when the run was started. What an older
            one has that is not known any more is passed over.
        details: What the run keeps: how people were drawn, whom the settings held out among it.
    """
    root = read_yaml(recipe.encode(), Findings("recipe"))
    told = root.plain() if root is not None else {}
    told = told if isinstance(told, dict) else {}
    experiment = _take(told, "experiment")
    changes = _take(experiment, "variants")
    names = tuple(str(name) for name in changes)
    given = _take(experiment, "shares")
    metric = experiment.get("metric")
    holdout = experiment.get("holdout")
    return Trial(
        variants=names,
        shares={
            name: _read_share(given[name]) if name in given else 1 / len(names) for name in names
        },
        holdout=_find_holdout(details, None if holdout is None else _read_share(holdout)),
        metric=metric if metric in ("click", "conversion", "revenue") else "conversion",
        allocate=str(experiment.get("allocate") or "fixed"),
        changes=changes,
        fields={
            str(name): str(text) for name, text in _take(_take(told, "deliver"), "fields").items()
        },
    )


def check_sample(
    outcome: RunOutcome, trial: Trial, own: Mapping[int, OwnShares] | None = None
) -> SampleCheck | None:
    """Check whether as many people are in each arm as were meant to be.

    Each wave is held against its own shares, and people of a variant that was stopped count for it.
    Where each person has shares of her own, the holdout is held against all others, and how these
    were drawn against what their shares add up to.

    Args:
        outcome: What is there.
        trial: What the recipe says.
        own: By wave, how its people were drawn, where shares are their own.

    Returns:
        None when there is but one arm, or nobody in any.
    """
    counts: list[Mapping[str, int]] = []
    shares: list[Mapping[str, float]] = []
    overlaps: list[Overlaps | None] = []
    seen, due = Counter[str](), defaultdict[str, float](float)
    has_holdout = outcome.holdout is not None
    holdout = (trial.holdout or DEFAULT_HOLDOUT) if has_holdout else (trial.holdout or 0.0)
    kept = {HOLDOUT: holdout} if holdout else {}
    for wave in outcome.waves:
        meant = wave.shares or trial.shares or {EVERYBODY: 1.0}
        there = _count(outcome, wave, [*meant, *kept])
        if set(there) - {*meant, *kept}:
            return None  # arms of which the recipe says nothing
        hers = (own or {}).get(wave.wave)
        if hers is not None:
            drawn = sum(hers.people.values())
            meant = {name: hers.expected.get(name, 0.0) / drawn for name in meant}
            held_out = {name: there[name] for name in kept}
            there = {name: hers.people.get(name, 0) for name in meant} | held_out
            counts += [hers.people, {EVERYBODY: drawn, **held_out}]
            shares += [hers.expected, {EVERYBODY: 1 - holdout, **kept}]
            overlaps += [hers.overlaps, None]
        expected = {name: share * (1 - holdout) for name, share in meant.items()} | kept
        if hers is None:
            counts.append(there)
            shares.append(expected)
            overlaps.append(None)
        for name, people in there.items():
            seen[name] += people
            due[name] += sum(there.values()) * expected[name] / sum(expected.values())
    if len(seen) < 2 or not any(seen.values()):
        return None
    found = check_sample_ratio(counts, shares, overlaps)
    return SampleCheck(
        p_value=found.p_value,
        is_off=found.is_off,
        arms=tuple((name, seen[name], due[name]) for name in seen),
    )


def _count(outcome: RunOutcome, wave: OpenedWave, names: Iterable[str]) -> dict[str, int]:
    """Return how many people of a wave were drawn for each arm, and at least those named."""
    there = dict.fromkeys(names, 0)
    for cell, arm in outcome.cells.items():
        if cell.wave == wave.wave:
            name = HOLDOUT if cell.is_held_out else cell.variant or EVERYBODY
            there[name] = there.get(name, 0) + arm.people
    for stopped, others in wave.moved.items():  # drawn for it, and given to others since
        for other, people in others.items():
            there[stopped] = there.get(stopped, 0) + people
            there[other] = there.get(other, 0) - people
    return there


def _find_holdout(details: Mapping[str, Any], said: float | None) -> float | None:
    """Return the share of people who were drawn to be held out; of an old run, as it said."""
    drawn = [one for one in details.get("left_out") or () if one.get("reason") == "holdout"]
    if not drawn:
        return said
    return sum(float(one["ends"]) - float(one["begins"]) for one in drawn) / 2.0**BITS


def _take(block: Mapping[str, Any], key: str) -> dict[str, Any]:
    found = block.get(key)
    return found if isinstance(found, dict) else {}


def _read_share(said: Any) -> float:
    from ..recipe.values import parse_percentage

    return float(parse_percentage(str(said)))
