"""Shares an order among the messages that led to it; pure, and exact to the last cent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .orders import Order
from .rules import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Touch:
    """A message that reached somebody: it was clicked, or sent.

    Attributes:
        message_id: Which.
        run_id: Of which run.
        at: When it was clicked by a person, or sent; in UTC milliseconds.
    """

    message_id: int
    run_id: int
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What a message has of an order.

    Attributes:
        message_id: Which.
        run_id: Of which run.
        values: Its part of what was paid, in minor units by currency.
    """

    message_id: int
    run_id: int
    values: Mapping[str, int]


def share_order(order: Order, touches: Iterable[Touch], rule: Rule) -> list[Share]:
    """Return which messages have what of an order; nothing when none of them led to it.

    A message counts once, however often it was clicked. Parts of money are equal but for the last
    units that do not divide, which go to the messages that came first; they add up to the order.

    Args:
        order: The order.
        touches: Of the same customer, by messages of all campaigns, in any order.
        rule: By which.
    """
    latest: dict[int, Touch] = {}
    for one in touches:
        if 0 <= order.at - one.at <= rule.window_ms:
            known = latest.get(one.message_id)
            if known is None or known.at < one.at:
                latest[one.message_id] = one
    led = sorted(latest.values(), key=lambda one: (one.at, one.message_id))
    if not rule.is_linear:
        led = led[-1:]
    return [
        Share(
            message_id=one.message_id,
            run_id=one.run_id,
            values={
                currency: divide(value, len(led), place) for currency, value in order.values.items()
            },
        )
        for place, one in enumerate(led)
    ]


def divide(value: int, parts: int, place: int) -> int:
    """Return one of some equal parts of whole units; the first ones have what is left over."""
    whole, rest = divmod(value, parts)
    return whole + (1 if place < rest else 0)
