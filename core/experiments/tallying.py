"""Tallies what the people of each variant did in a wave, by what its variants are compared by."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

from sqlalchemy import Connection

from ..attribution.clicks import keep_people
from ..attribution.orders import Deed, make_orders
from ..store.ledger.waves import OpenedWave
from ..store.outcomes import TouchRow
from ..store.wave_outcomes import (
    Metric,
    Reach,
    count_reached,
    find_reach,
    read_clicks_of_wave,
    read_orders_of_wave,
)
from .learning import Cell

_FACTS = (
    "customer_id", "type", "at", "product_id", "quantity", "value", "currency", "order",
)  # fmt: skip


def tally_wave(
    connection: Connection,
    run_id: int,
    wave: OpenedWave,
    *,
    metric: Metric,
    until: int,
    window_ms: int,
) -> dict[str, Cell]:
    """Return what the people of each variant did in a wave that left.

    Clicks are those of people. Orders are all that somebody made after her message left, whatever
    led to them: variants were drawn by chance, so what she would have bought anyway is the same in
    each. What was sent back is taken off; of several currencies the one with most orders counts.

    Args:
        connection: Within a transaction that reads.
        run_id: The run.
        wave: The wave.
        metric: What is counted.
        until: Now, in UTC milliseconds.
        window_ms: For how long after her message what somebody does counts.
    """
    reach = find_reach(run_id, wave, until=until, window_ms=window_ms)
    people = count_reached(connection, reach)
    if metric == "click":
        reacted = Counter(_find_clicked(connection, reach).values())
        return {name: Cell(people=count, successes=reacted[name]) for name, count in people.items()}
    paid = _read_paid(connection, reach)
    return {
        name: Cell(
            people=count,
            successes=len(paid[name]),
            total=float(sum(paid[name].values())),
            squares=float(sum(value * value for value in paid[name].values())),
        )
        for name, count in people.items()
    }


def read_values(connection: Connection, reach: Reach, metric: Metric) -> dict[int, float]:
    """Return what each person did who reacted: 1, or by revenue what she paid, in minor units.

    Args:
        connection: Within a transaction that reads.
        reach: Who is counted.
        metric: What is counted.

    Returns:
        Clicks by message, orders by customer.
    """
    if metric == "click":
        return dict.fromkeys(_find_clicked(connection, reach), 1.0)
    return {
        customer: float(value) if metric == "revenue" else 1.0
        for paid in _read_paid(connection, reach).values()
        for customer, value in paid.items()
    }


def _find_clicked(connection: Connection, reach: Reach) -> dict[int, str]:
    """Return the variant of each message that was clicked by a person in time."""
    sent: dict[int, tuple[str, int]] = {}
    clicks = []
    for one in read_clicks_of_wave(connection, reach):
        message_id, at, machine = one.values
        sent[message_id] = (one.variant, one.sent_at)
        clicks.append(
            TouchRow(customer_id=0, message_id=message_id, run_id=0, at=at, machine=machine)
        )
    return {
        one.message_id: sent[one.message_id][0]
        for one in keep_people(clicks)
        if one.at - sent[one.message_id][1] <= reach.within_ms
    }


def _read_paid(connection: Connection, reach: Reach) -> Mapping[str, Counter[int]]:
    """Return what each buyer of each variant paid, in minor units."""
    hers: dict[int, tuple[str, int]] = {}
    deeds = []
    for one in read_orders_of_wave(connection, reach):
        deed = Deed(**dict(zip(_FACTS, one.values, strict=True)))
        hers[deed.customer_id] = (one.variant, one.sent_at)
        deeds.append(deed)
    orders = [
        order
        for order in make_orders(deeds)
        if 0 <= order.at - hers[order.customer_id][1] <= reach.within_ms
    ]
    currencies = Counter(name for order in orders for name in order.values)
    currency = max(currencies, key=lambda name: (currencies[name], name), default="")
    paid: dict[str, Counter[int]] = defaultdict(Counter)
    for order in orders:
        paid[hers[order.customer_id][0]][order.customer_id] += order.values.get(currency, 0)
    return paid
