"""Chooses the offer of each recipient: of a recipe's offers the first whose condition holds."""

from __future__ import annotations

from collections.abc import Sequence

from ..brief import Offer
from ..briefing import list_offers
from ..conditions.checked import CheckedCondition
from ..conditions.selecting import compile_condition
from ..recipe.binding import BoundRecipe
from .engine import Engine


def choose_offers(
    engine: Engine, bound: BoundRecipe, customer_ids: Sequence[int]
) -> dict[int, Offer]:
    """Return the offer of each customer who gets one.

    An offer whose last day is over is nobody's.
    """
    today = engine.clock.now().date()
    chosen: dict[int, Offer] = {}
    for condition, offer in list_offers(bound):
        if offer.ends is not None and offer.ends < today:
            continue
        left = [one for one in customer_ids if one not in chosen]
        if not left:
            break
        fitting = left if condition is None else find_holding(engine, condition, left)
        chosen.update(dict.fromkeys(fitting, offer))
    return chosen


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
