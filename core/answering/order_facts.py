"""The facts about an order that fill the slots of a reply."""

from __future__ import annotations

from datetime import datetime

from ..enquiry import Order
from ..localising import write_date, write_price

ORDER_SLOTS = (
    "order.number",
    "order.state",
    "order.placed",
    "order.shipped",
    "order.returned",
    "order.tracking",
    "order.total",
    "order.items",
)

STATES = {
    "en": {
        "open": "being processed",
        "paid": "paid and being prepared",
        "shipped": "on its way",
        "delivered": "delivered",
        "returned": "returned",
        "cancelled": "cancelled",
        "credit": "credited",
    },
    "de": {
        "open": "in Bearbeitung",
        "paid": "bezahlt und in Vorbereitung",
        "shipped": "unterwegs",
        "delivered": "zugestellt",
        "returned": "zurückgesandt",
        "cancelled": "storniert",
        "credit": "gutgeschrieben",
    },
    "zh": {
        "open": "处理中",
        "paid": "已付款,正在备货",
        "shipped": "已发货,正在运送",
        "delivered": "已送达",
        "returned": "已退货",
        "cancelled": "已取消",
        "credit": "已退款",
    },
}
"""What the states of an order are called, by language."""


def collect_order_facts(order: Order, language: str) -> dict[str, str]:
    """Return the value of each of `ORDER_SLOTS` that has one.

    Args:
        order: The order.
        language: BCP 47 tag of the reply.
    """
    words = STATES.get(language.partition("-")[0].lower(), STATES["en"])
    items = [f"{line.quantity} × {line.title}" for line in order.lines if line.title]
    facts = {
        "order.number": order.number,
        "order.state": words.get(order.state, order.state),
        "order.placed": _write_day(order.placed_at, language),
        "order.shipped": _write_day(order.shipped_at, language),
        "order.returned": _write_day(order.returned_at, language),
        "order.tracking": order.tracking_url or "",
        "order.total": write_price(order.total, order.currency, language),
        "order.items": ", ".join(items),
    }
    return {name: value for name, value in facts.items() if value}


def _write_day(at: datetime | None, language: str) -> str:
    return "" if at is None else write_date(at.date(), language)
