"""Sums up what was recommended, and what of it those bought to whom it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection

from ..attribution.outcomes import Buyer
from ..store.deliveries import read_contents, read_titles
from ..store.ledger.choices import Choices
from .parts import ProductResult, Products

MOST_PRODUCTS = 10


def sum_up_products(
    connection: Connection,
    choices: Choices,
    contents: Iterable[tuple[str | None, Mapping[str, Any]]],
    buyers: Iterable[Buyer],
    *,
    one_of: float,
    offline: tuple[str, ...] = (),
) -> Products | None:
    """Return what was recommended and bought; None when nothing was recommended.

    Args:
        connection: Within a transaction that reads.
        choices: For how many products were chosen.
        contents: Variant and content of messages, one of so many.
        buyers: Who bought within the window.
        one_of: Of how many messages one is among `contents`.
        offline: What an evaluation of the recommender said.
    """
    shown: Counter[int] = Counter()
    for _, content in contents:
        shown.update({int(one["id"]) for one in content.get("products") or ()})
    if not shown and not choices.recommended:
        return None
    treated = {one.message_id: one for one in buyers if not one.cell.is_held_out}
    bought: Counter[int] = Counter()
    asked = lucky = 0
    for message_id, content in read_contents(connection, treated):
        recommended = {int(one["id"]) for one in content.get("products") or ()}
        asked += bool(recommended)
        hers = recommended & treated[message_id].products
        lucky += bool(hers)
        bought.update(hers)
    # What was bought is in the list in any case: it is what one looks for.
    ranked = [id for id, _ in shown.most_common(MOST_PRODUCTS)]
    ranked += [id for id, _ in bought.most_common(5) if id not in ranked]
    titles = read_titles(connection, ranked)
    return Products(
        recommended=choices.recommended,
        fallback=choices.fallback,
        one_of=round(one_of),
        buyers=asked,
        bought_recommended=lucky,
        results=tuple(
            ProductResult(
                product=id,
                title=titles.get(id, f"product {id}"),
                recommended=round(shown[id] * one_of),
                bought=bought[id],
            )
            for id in ranked
        ),
        offline=offline,
    )
