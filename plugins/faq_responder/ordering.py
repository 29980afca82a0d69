"""Answers where somebody's order is, from her own record and through slots only."""

from __future__ import annotations

import re

from ballyhoo import Order, Reply

from .case import Case
from .options import ORDER_INTENTS
from .topics import asks_for_order, fold

SURE = 0.5
"""From this probability on the intent alone says that an order is asked for."""


def tell_order(case: Case) -> Reply | None:
    """Return what becomes of her order; None when nobody asks for one."""
    understood, enquiry = case.understood, case.enquiry
    by_intent = (
        understood.intent in (*ORDER_INTENTS, *case.options.orders)
        and understood.confidence >= SURE
    )
    if not (by_intent or asks_for_order(enquiry.text)):
        return None
    told = {"intent": understood.intent if by_intent else "order_status", "confidence": 0.95}
    if enquiry.customer_id is None:
        return _tell_stranger(case)
    if not enquiry.orders:
        return case.reply(case.say("order_none"), **told)
    order = _choose(case)
    if order is None:
        return case.reply(case.say("order_unknown"), **told)
    lines = [case.say("order")]
    if order.returned_at is not None:
        lines.append(case.say("order_returned"))
    elif order.shipped_at is not None and order.state in ("shipped", "delivered"):
        lines.append(case.say("order_shipped"))
    if any(line.title for line in order.lines):
        lines.append(case.say("order_items"))
    if order.tracking_url and order.state == "shipped":
        lines.append(case.say("order_tracking"))
    return case.reply("\n".join(lines), order=order.number, **told)


def _tell_stranger(case: Case) -> Reply | None:
    """Return how an order is asked for; an article that says it comes first."""
    if case.found and case.found[0].hit.fit >= case.options.confidence:
        return None
    return case.reply(case.say("order_stranger"), intent="order_status", confidence=0.9)


def _choose(case: Case) -> Order | None:
    """Return the order that is asked for: the one that is named, or the newest.

    Returns:
        None when one is named that is none of hers.
    """
    orders = case.enquiry.orders
    text = f" {' '.join(_squeeze(part) for part in fold(case.enquiry.text).split())} "
    for order in orders:
        number = _squeeze(order.number)
        if number and re.search(rf"(?<![0-9a-z]){re.escape(number)}(?![0-9a-z])", text):
            return order
    if any(one.kind == "order" for one in case.understood.entities):
        return None
    return orders[0]


def _squeeze(number: str) -> str:
    return re.sub(r"[^0-9a-z]", "", number.casefold())
