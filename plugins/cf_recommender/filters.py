"""Which products may be recommended: to everybody, and to one customer."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ballyhoo import CheckedCondition, Context

from .batch import Batch
from .conditions import check_condition, list_conditions
from .learned import Learned
from .models.history import MS_PER_DAY
from .options import CfOptions, Filters

Allowed = npt.NDArray[np.bool_]


def find_allowed(context: Context, filters: Filters, learned: Learned) -> Allowed:
    """Return which products the filters let pass, for everybody: [products]."""
    everything = check_condition({"field": "id", "op": ">", "value": 0})
    allowed = find_fitting(context, everything, learned)
    for condition in list_conditions(filters):
        allowed &= find_fitting(context, condition, learned)
    return allowed


def find_fitting(context: Context, condition: CheckedCondition, learned: Learned) -> Allowed:
    """Return for which of the products that were learned of a condition holds now."""
    allowed = np.zeros(len(learned.product_ids), bool)
    allowed[learned.find(context.store.find_products(condition))] = True
    return allowed


def allow_for_each(options: CfOptions, batch: Batch, allowed: Allowed, now: int) -> Allowed:
    """Return which products may be recommended to each customer: [customers x products].

    Args:
        options: The recipe's block.
        batch: The customers, with what they did.
        allowed: What the filters let pass for everybody.
        now: UTC milliseconds.
    """
    each = np.tile(allowed, (len(batch), 1))
    own = batch.own
    refused = np.zeros(len(own), bool)
    if options.task == "discover":
        refused |= batch.is_hers
    if options.filters.not_bought_days is not None:
        since = now - options.filters.not_bought_days * MS_PER_DAY
        refused |= own.is_bought & (own.at >= since)
    each[own.customers[refused], own.products[refused]] = False
    return each
