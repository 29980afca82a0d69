"""Adds to what is told which purchases a message led to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace

from sqlalchemy import Connection

from ..attribution.clicks import keep_people
from ..attribution.rules import read_rule
from ..event import Event
from ..store.happened import Batch
from ..store.outcomes import TouchRow, read_clicks, read_recipes
from ..store.reading import to_moment

CONVERSION = "conversion"
PURCHASE = "purchase"

LONGEST_MS = 90 * 86_400_000
"""A click that is older led to nothing."""


def find_types(types: Collection[str] | None) -> Collection[str] | None:
    """Return the types of event that are read for those that are wanted; all when None."""
    return {*types, PURCHASE} if types is not None and CONVERSION in types else types


def add_conversions(connection: Connection, batch: Batch, types: Collection[str] | None) -> Batch:
    """Return a batch with a conversion behind each purchase that followed a click by a person.

    It is told of the message that she clicked last, when the purchase lies within the window of its
    recipe; one for each line of an order, as purchases are.

    Args:
        connection: Within a transaction that reads.
        batch: With purchases, also when they are not wanted.
        types: The types of event that are wanted; all when None.
    """
    if types is not None and CONVERSION not in types:
        return batch
    bought = [one for one in batch.events if one.type == PURCHASE and one.customer_id is not None]
    found = _find_conversions(connection, bought) if bought else {}
    told: list[Event] = []
    for one in batch.events:
        if types is None or one.type in types:
            told.append(one)
        if one.id in found:
            told.append(found[one.id])
    return replace(batch, events=tuple(told))


def _find_conversions(connection: Connection, bought: Sequence[Event]) -> dict[str, Event]:
    moments = [to_moment(one.at) for one in bought]
    clicks: dict[int, list[TouchRow]] = defaultdict(list)
    for click in keep_people(
        read_clicks(
            connection,
            {one.customer_id for one in bought if one.customer_id is not None},
            since=min(moments) - LONGEST_MS,
            until=max(moments) + 1_000,
        )
    ):
        clicks[click.customer_id].append(click)
    recipes = read_recipes(connection, {one.run_id for some in clicks.values() for one in some})
    found = {}
    for one, at in zip(bought, moments, strict=True):
        assert one.customer_id is not None
        before = [click for click in clicks[one.customer_id] if click.at <= at]
        last = max(before, key=lambda click: (click.at, click.message_id), default=None)
        if last is None:
            continue
        campaign, recipe = recipes[last.run_id]
        if at - last.at <= read_rule(recipe).window_ms:
            found[one.id] = replace(
                one,
                id=f"{one.id}/conversion",
                type=CONVERSION,
                properties={
                    "message": last.message_id, "run": last.run_id, "campaign": campaign,
                },
            )  # fmt: skip
    return found
