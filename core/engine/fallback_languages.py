"""Finds the languages of an audience in which a recipe has no fallback."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func, select

from ..briefing import DEFAULT_LANGUAGE
from ..campaign import Campaign
from ..copywriting import fall_back
from ..recipe.binding import BoundRecipe
from ..store.planning import held_audience, open_transaction
from ..store.segments import HeldAudience
from ..store.tables import customers
from .engine import Engine
from .planning import hold_segment


def find_lacking(engine: Engine, campaign: Campaign) -> dict[str, int]:
    """Return how many people of the audience have each language that lacks a fallback.

    Empty where the recipe's fallback is the same for all, or there is none.

    Raises:
        DataError: The recipe has no segment.
        PluginError: The segment's plugin raised.
        EnvironmentMissing: Something that it needs is not there.
    """
    if not any(map(_is_by_language, campaign.variants.values())):
        return {}
    with hold_segment(engine, campaign, None) as audience:
        return list_lacking(campaign, audience)


def list_lacking(campaign: Campaign, audience: HeldAudience) -> dict[str, int]:
    """Return the same as `find_lacking`, of an audience that is held."""
    bounds = [one for one in campaign.variants.values() if _is_by_language(one)]
    if not bounds:
        return {}
    language = func.coalesce(customers.c.language, DEFAULT_LANGUAGE).label("language")
    spoken = (
        select(language, func.count())
        .select_from(held_audience.join(customers, customers.c.id == held_audience.c.customer_id))
        .group_by(language)
        .order_by(language)
    )
    with open_transaction(audience.connection, readonly=True):
        counted = audience.connection.execute(spoken).all()
    return {
        name: count
        for name, count in counted
        if any(fall_back(one, name) is None for one in bounds)
    }


def say_lacking(lacking: Mapping[str, int]) -> str:
    """Return for a person that people of these languages have no fallback."""
    shown = ", ".join(f"{name} ({count:,})" for name, count in lacking.items())
    return f"there is no fallback for the audience's languages {shown}"


def _is_by_language(bound: BoundRecipe) -> bool:
    generate = bound.recipe.generate
    return generate is not None and generate.has_fallback_by_language
