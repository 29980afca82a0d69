"""Learns from the store what recommending needs."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from ballyhoo import Context, Product

from .content import describe_product, find_neighbours, read_content
from .embedding import embed_texts
from .learned import Learned, split_products
from .models.fitting import fit_model
from .models.history import History, make_history
from .models.model import Model
from .options import CfOptions
from .popularity import count_demand, rank_demand

DAY = timedelta(days=1)
ALWAYS_READ = ("purchase", "return")
STARS = "stars"
"""What reviews are called beside the kinds of events."""


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
    countries, demand = _count_demand(context, options, history, now)
    spread = np.zeros((len(demand), len(product_ids)), np.float32)
    spread[:, np.isin(product_ids, history.product_ids, assume_unique=True)] = demand
    categories, names = _number_categories(products)
    return Learned(
        model=model,
        product_ids=product_ids,
        categories=categories,
        category_names=names,
        vectors=content.reduce(context.derive_seed("content")),
        demand=spread,
        countries=countries,
        warm=warm,
        cold=cold,
        neighbours=neighbours,
        nearness=nearness,
    )


def to_milliseconds(context: Context) -> int:
    """Return now in UTC milliseconds."""
    return int(context.clock.now().timestamp() * 1000)


def list_types(options: CfOptions) -> list[str]:
    """Return the types of events that are read."""
    counted = [kind for kind, weight in options.weights.items() if weight and kind != STARS]
    return sorted({*counted, *ALWAYS_READ})


def read_history(context: Context, options: CfOptions, product_ids: np.ndarray) -> History:  # type: ignore[type-arg]
    """Return what all customers did with some products, as the model reads it."""
    now = context.clock.now()
    events = context.store.interactions(types=list_types(options), until=now)
    columns = [events.customer_ids, events.product_ids, events.at, events.kinds, events.quantities]
    types = events.types
    weights = np.array([options.weights.get(kind, 0.0) for kind in types], np.float32)
    weight = weights[events.kinds]
    if options.stars:
        rated = context.store.ratings(until=now)
        added = [
            rated.customer_ids, rated.product_ids, rated.at,
            np.full(len(rated), len(types)), np.ones(len(rated)),
        ]  # fmt: skip
        columns = [np.concatenate(pair) for pair in zip(columns, added, strict=True)]
        types = (*types, STARS)
        weight = np.concatenate([weight, weigh_stars(rated.stars)])
    is_sold = np.isin(columns[1], product_ids)
    customer, product, at, kinds, quantities = (column[is_sold] for column in columns)
    return make_history(
        customer, product, at,
        kinds=kinds, types=types, weights=weight[is_sold], quantities=quantities,
    )  # fmt: skip


def weigh_stars(stars: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
    """Return what reviews are worth: five stars as much as a purchase, one as much against."""
    return np.asarray((stars - 3) / 2, np.float32)


def _fit(context: Context, options: CfOptions, history: History, now: int) -> Model:
    model = fit_model(
        history,
        now=now,
        algorithm=options.algorithm,
        settings=options.settings,
        half_life_days=options.half_life / DAY,
        seed=context.derive_seed("fit"),
        progress=context.log.info,
    )
    for note in model.notes:
        context.log.warning(note)
    return model


def _embed(context: Context, options: CfOptions, products: list[Product]):  # type: ignore[no-untyped-def]
    if options.embed is None or not products:
        return None
    return embed_texts(
        [describe_product(product) for product in products],
        options.embed,
        folder=context.folder,
        progress=context.progress,
    )


def _count_demand(context: Context, options: CfOptions, history: History, now: int):  # type: ignore[no-untyped-def]
    found = context.store.customers(history.customer_ids.tolist())
    names, counts = count_demand(
        history,
        [None if one is None else one.country for one in found],
        now=now,
        window_days=options.popularity.window / DAY,
    )
    return names, rank_demand(counts)


def _number_categories(products: list[Product]) -> tuple[np.ndarray, tuple[str, ...]]:  # type: ignore[type-arg]
    narrowest = [one.category[-1] if one.category else None for one in products]
    names = tuple(sorted({name for name in narrowest if name is not None}))
    numbers = {name: number for number, name in enumerate(names)}
    return np.array([numbers.get(name or "", -1) for name in narrowest], np.int32), names
