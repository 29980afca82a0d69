"""Recommends products to the customers of a batch, block by block."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ballyhoo import Context, Customer, Reason, Recommendation

from .batch import Batch, read_batch
from .choosing import choose_products
from .exploring import draw_new, find_new
from .filters import allow_for_each, find_allowed, find_fitting
from .learned import Learned
from .options import CfOptions
from .reading import to_milliseconds
from .reasons import Reasons
from .scoring import Scores, score_products
from .starting_points import StartingPoints, find_starting_points

BLOCK_SCORES = 4_000_000
"""Scores of one block: 16 MB for each array of them."""

MOST_CUSTOMERS = 500

Chosen = npt.NDArray[np.int32]
Allowed = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Catalogue:
    """What may be recommended now: for all, [products].

    Attributes:
        allowed: Which products pass the filters.
        promoted: Which of them are promoted, or None.
        new: Which of them are new, or None when nothing is explored.
    """

    allowed: Allowed
    promoted: Allowed | None
    new: Allowed | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Choice:
    """What was chosen, as places of products; -1 for nothing: [customers x any].

    Attributes:
        explored: What is new in the shop.
        fitting: What fits, the new and the promoted among it.
        filled: What is popular, where too few fit.
    """

    explored: Chosen
    fitting: Chosen
    filled: Chosen


def recommend_products(
    context: Context, options: CfOptions, learned: Learned, customers: Sequence[Customer]
) -> list[list[Recommendation]]:
    """Return the recommendations of each customer, aligned, best first.

    Args:
        context: What the plugin may touch.
        options: The recipe's block.
        learned: What training left.
        customers: The batch.
    """
    if not len(learned.product_ids):
        return [[] for _ in customers]
    catalogue = _look_at_products(context, options, learned)
    size = max(1, min(MOST_CUSTOMERS, BLOCK_SCORES // len(learned.product_ids)))
    answers: dict[int, list[Recommendation]] = {}
    for start in range(0, len(customers), size):
        part = customers[start : start + size]
        batch = read_batch(context, options, learned, part)
        answers.update(_recommend_block(context, options, learned, batch, catalogue))
    return [answers[one.id] for one in customers]


def _look_at_products(context: Context, options: CfOptions, learned: Learned) -> Catalogue:
    allowed = find_allowed(context, options.filters, learned)
    promoted = None
    if options.promote is not None:
        promoted = allowed & find_fitting(context, options.promote.where, learned)
    new = allowed & find_new(context, options, learned) if options.explore else None
    return Catalogue(allowed=allowed, promoted=promoted, new=new)


def _recommend_block(
    context: Context, options: CfOptions, learned: Learned, batch: Batch, catalogue: Catalogue
) -> Iterator[tuple[int, list[Recommendation]]]:
    now = to_milliseconds(context)
    points: StartingPoints | None = None
    if options.task in ("similar", "together"):
        points = find_starting_points(context, options, learned, batch, now)
    scores = score_products(options, learned, batch, points, now)
    allowed = allow_for_each(options, batch, catalogue.allowed, now)
    if points is not None:
        allowed[points.customers, points.products] = False
    chosen = _choose(context, options, learned, batch, catalogue, scores, allowed)
    reasons = Reasons(options, learned, batch, scores)
    for customer, customer_id in enumerate(batch.ids.tolist()):
        yield customer_id, _put_in_order(options, learned, scores, reasons, chosen, customer)


def _put_in_order(
    options: CfOptions,
    learned: Learned,
    scores: Scores,
    reasons: Reasons,
    chosen: Choice,
    customer: int,
) -> list[Recommendation]:
    """Return a customer's products, best first: those that fit, then those that fill up."""
    new = set(chosen.explored[customer].tolist())
    rows = []
    for place in _list_places(chosen.fitting[customer]):
        fits = bool(scores.fits[customer, place])
        rows.append(
            Recommendation(
                product_id=int(learned.product_ids[place]),
                score=float(scores.values[customer, place]),
                reason=reasons.call_new(place)
                if place in new
                else reasons.explain(customer, place)
                if fits
                else Reason(kind="promoted"),
                is_fallback=not fits and options.task != "popular",
            )
        )
    rows.sort(key=lambda one: -one.score)
    lowest = rows[-1].score if rows else 1.0
    for rank, place in enumerate(_list_places(chosen.filled[customer]), start=1):
        reason = reasons.call_popular(customer, place)
        rows.append(
            Recommendation(
                product_id=int(learned.product_ids[place]),
                score=lowest - rank,
                reason=reason,
                is_fallback=reason.category is None,
            )
        )
    return rows


def _list_places(row: Chosen) -> list[int]:
    return [place for place in row.tolist() if place >= 0]


def _choose(
    context: Context,
    options: CfOptions,
    learned: Learned,
    batch: Batch,
    catalogue: Catalogue,
    scores: Scores,
    allowed: Allowed,
) -> Choice:
    before = np.full((len(batch), 0), -1, np.int32)
    if catalogue.promoted is not None and options.promote is not None:
        before = choose_products(
            np.where(scores.fits, scores.values, scores.fillers - 1e6),
            allowed & catalogue.promoted, options.promote.slots, learned=learned,
        )  # fmt: skip
    explored = before[:, :0]
    if catalogue.new is not None:
        rows, columns = np.nonzero(before >= 0)
        free = allowed & catalogue.new
        free[rows, before[rows, columns]] = False
        explored = draw_new(context, options, batch, scores, free, options.top - before.shape[1])
        before = np.hstack([before, explored])
    fitting = choose_products(
        scores.values, allowed & scores.fits, options.top,
        learned=learned, before=before,
        most=options.max_per_category, diversity=options.diversity,
    )  # fmt: skip
    is_short = (fitting < 0).any(axis=1)
    filled = np.full_like(fitting, -1)
    if is_short.any():
        chosen = choose_products(
            scores.fillers[is_short], allowed[is_short] & (scores.fillers[is_short] > 0),
            options.top, learned=learned, before=fitting[is_short],
            most=options.max_per_category, diversity=options.diversity,
        )  # fmt: skip
        known = (fitting[is_short] >= 0).sum(axis=1)
        filled[is_short] = np.where(np.arange(options.top) >= known[:, None], chosen, -1)
    return Choice(explored=explored, fitting=fitting, filled=filled)
