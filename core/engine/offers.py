"""Chooses the offer of each recipient: of a recipe's offers the first whose condition holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ..brief import Offer, name_offer
from ..briefing import list_offers
from ..conditions.checked import CheckedCondition
from ..conditions.selecting import compile_condition
from ..recipe.binding import BoundRecipe
from ..store.ledger.dry_plans import DryPlan
from .engine import Engine


def choose_offers(
    engine: Engine, bound: BoundRecipe, customer_ids: Sequence[int]
) -> dict[int, Offer]:
    """Return the offer of each customer who gets one.

    An offer whose last day is over is nobody's.
    """
    chosen: dict[int, Offer] = {}
    for condition, offer in _list_open(engine, bound):
        left = [one for one in customer_ids if one not in chosen]
        if not left:
            break
        fitting = left if condition is None else find_holding(engine, condition, left)
        chosen.update(dict.fromkeys(fitting, offer))
    return chosen


def count_offers(engine: Engine, bound: BoundRecipe, dry: DryPlan, place: int) -> dict[str, int]:
    """Return how many messages of a variant would make each offer, by its name.

    Args:
        engine: The engine.
        bound: The recipe of the variant.
        dry: The plan, its audience held.
        place: Which of the plan's variants.
    """
    offers = _list_open(engine, bound)
    if not offers:
        return {}
    now = engine.clock.now()
    conditions = [
        None if condition is None else compile_condition(condition, now=now)
        for condition, _ in offers
    ]
    counts: Counter[str] = Counter()
    for (_, offer), count in zip(offers, dry.count_holding(place, conditions), strict=True):
        counts[name_offer(offer)] += count
    return dict(counts)


def _list_open(engine: Engine, bound: BoundRecipe) -> list[tuple[CheckedCondition | None, Offer]]:
    today = engine.clock.now().date()
    return [
        (condition, offer)
        for condition, offer in list_offers(bound)
        if offer.ends is None or offer.ends >= today
    ]


def find_holding(
    engine: Engine, condition: CheckedCondition, customer_ids: Sequence[int]
) -> list[int]:
    """Return those of some customers for whom a condition holds now."""
    statement = compile_condition(condition, now=engine.clock.now(), is_few=True)
    return find_among(engine, statement, customer_ids)


def find_among(engine: Engine, statement: object, customer_ids: Sequence[int]) -> list[int]:
    """Return those of some customers whom a statement of ids selects, in their order."""
    from ..store.ledger.narrowing import select_among

    with engine.store.read() as connection:
        found = select_among(connection, statement, customer_ids)
    return [one for one in customer_ids if one in found]
