"""Estimates how many people get only products that were chosen without knowing anything of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..campaign import Campaign
from ..product import Recommendation
from ..stages import recommend_products
from ..store.ledger.dry_plans import DryPlan
from ..store.ledger.plans import RunPlan
from ..store.reading import StoredView
from ..store.segments import HeldAudience
from .engine import Engine
from .runs import prepare_contexts
from .training import with_artifacts

ASKED = 200
"""Of so many people, spread over the audience, at most; by variant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FallbackEstimate:
    """How many people would get only products chosen without knowing them, from a sample.

    Attributes:
        asked: How many people the recommender was asked for.
        fallback: How many of them it knew nothing of.
        messages: About how many of all messages that comes to.
    """

    asked: int
    fallback: int
    messages: int


def is_fallback(row: tuple[Recommendation, ...]) -> bool:
    """Whether somebody gets something, and all of it was chosen without knowing her."""
    return bool(row) and all(one.is_fallback for one in row)


def estimate_fallback(
    engine: Engine,
    campaign: Campaign,
    dry: DryPlan,
    plan: RunPlan,
    audience: HeldAudience,
    messages: Mapping[str | None, int],
    *,
    seed: int,
) -> FallbackEstimate | None:
    """Ask the recommender for some of those who get a message; None when no variant has one.

    Args:
        engine: The engine.
        campaign: The campaign.
        dry: Its plan, to choose from.
        plan: The same plan.
        audience: Who is in it.
        messages: How many messages each variant has.
        seed: Of everything random.

    Raises:
        PluginError: The recommender raised, or broke the contract of its hook.
        EnvironmentMissing: Something that it needs is not there.
    """
    candidates = audience.choose(ASKED)
    asked = fallback = 0
    expected = 0.0
    for place, variant in enumerate(plan.variants):
        bound = campaign.variants[variant.name]
        binding = bound.stages.get("recommend")
        if binding is None:
            continue
        ids = [customer for customer, _ in dry.choose(place, candidates, ASKED)]
        found = StoredView(engine.store, engine.clock).customers(ids)
        customers = [one for one in found if one is not None]
        if not customers:
            continue
        context_for = prepare_contexts(engine, bound, run_id=None, seed=seed, data_time=engine.now)
        rows = with_artifacts(
            engine,
            bound,
            context_for,
            lambda: recommend_products(engine.registry, binding, context_for, customers),  # noqa: B023
        )
        unknown = sum(is_fallback(row) for row in rows)
        asked += len(customers)
        fallback += unknown
        expected += messages.get(variant.name, 0) * unknown / len(customers)
    if not asked:
        return None
    return FallbackEstimate(asked=asked, fallback=fallback, messages=round(expected))
