"""Learns from the store what recommending needs."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta

import numpy as np
import numpy.typing as npt

from ballyhoo import Context, Product, embed_texts

from .baskets import find_partners
from .content import describe_product, find_neighbours, read_content
from .learned import Learned, split_products
from .models.fitting import fit_model
from .models.history import History
from .models.model import Model
from .options import CfOptions
from .popularity import count_demand, rank_demand
from .reading import read_history, to_milliseconds

DAY = timedelta(days=1)
NEVER = np.iinfo(np.int64).max


def learn(context: Context, options: CfOptions) -> Learned:
    """Return what the shop's past and its catalogue teach.

    Args:
        context: What the plugin may touch.
        options: The recipe's block.

    Raises:
        EnvironmentMissing: A library or the model of `embed` is not there.
    """
    products = [one for one in context.store.products() if one is not None]
    product_ids = np.array([one.id for one in products], np.int64)
    history = read_history(context, options, product_ids)
    now = to_milliseconds(context)
    model = _fit(context, options, history, now) if len(history) else None
    content = read_content(products, _embed(context, options, products))
    warm, cold = split_products(product_ids, model)
    neighbours, nearness = find_neighbours(content, cold, warm)
    partners, bonds = find_partners(history)
    countries, demand = _count_demand(context, options, history, now)
    spread = np.zeros((len(demand), len(product_ids)), np.float32)
    spread[:, np.isin(product_ids, history.product_ids, assume_unique=True)] = demand
    seen_at = np.full(len(product_ids), np.iinfo(np.int64).max)
    np.minimum.at(
        seen_at, np.searchsorted(product_ids, history.product_ids)[history.products], history.at
    )
    categories, names = _number_categories(products)
    return Learned(
        model=model,
        product_ids=product_ids,
        categories=categories,
        category_names=names,
        vectors=content.reduce(context.derive_seed("content")),
        demand=spread,
        seen_at=seen_at,
        countries=countries,
        warm=warm,
        cold=cold,
        neighbours=neighbours,
        nearness=nearness,
        partners=partners,
        bonds=bonds,
    )


def _fit(context: Context, options: CfOptions, history: History, now: int) -> Model:
    model = fit_model(
        history,
        now=now,
        algorithm=options.algorithm,
        settings=options.settings,
        half_life_days=options.half_life / DAY,
        popularity_days=options.popularity.window / DAY,
        popularity_weight=options.popularity.share,
        learn=options.learn,
        seed=context.derive_seed("fit") % 2**32,
        progress=context.log.info,
    )
    # That a shop is young is no reason to worry; that another algorithm was taken may be.
    is_other = options.algorithm == "auto" and model.algorithm != "ease"
    for note in model.notes:
        context.log.log(logging.WARNING if is_other else logging.INFO, note)
    return model


def _embed(
    context: Context, options: CfOptions, products: Sequence[Product]
) -> npt.NDArray[np.float32] | None:
    if options.embed is None or not products:
        return None
    return embed_texts(
        [describe_product(product) for product in products],
        options.embed,
        folder=context.folder,
        option="recommend.embed",
        progress=context.progress,
    )


def _count_demand(
    context: Context, options: CfOptions, history: History, now: int
) -> tuple[tuple[str, ...], npt.NDArray[np.float32]]:
    found = context.store.customers(history.customer_ids.tolist())
    names, counts = count_demand(
        history,
        [None if one is None else one.country for one in found],
        now=now,
        window_days=options.popularity.window / DAY,
    )
    return names, rank_demand(counts)


def _number_categories(
    products: Sequence[Product],
) -> tuple[npt.NDArray[np.int32], tuple[str, ...]]:
    narrowest = [one.category[-1] if one.category else None for one in products]
    names = tuple(sorted({name for name in narrowest if name is not None}))
    numbers = {name: number for number, name in enumerate(names)}
    return np.array([numbers.get(name or "", -1) for name in narrowest], np.int32), names
