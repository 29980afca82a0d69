"""Something that happened: a view, a purchase, a click, an unsubscribe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

JsonValue = str | int | float | bool | None | list["JsonValue"] | dict[str, "JsonValue"]

OF_MESSAGES = ("sent", "open", "click", "bounce", "complaint", "unsubscribe")
"""The types of event that are told of messages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened.

    Attributes:
        id: Its key: the same event told twice has the same one.
        type: `view`, `cart`, `purchase`, `return`, `sent`, `open`, `click`, `unsubscribe`,
            `bounce`, `complaint`, `conversion`, `enquiry`, or a word of the shop's own.
        at: When it happened, aware, in UTC.
        customer_id: Who, or None when not known.
        product_id: With which product, or None.
        quantity: How many pieces.
        value: Money of this event in `currency`, or None.
        currency: ISO 4217 code, or None when there is no value.
        source: Who told us (`import`, `web`, the name of a plugin).
        properties: Whatever else was told.
    """

    id: str
    type: str
    at: datetime
    customer_id: int | None = None
    product_id: int | None = None
    quantity: int = 1
    value: Decimal | None = None
    currency: str | None = None
    source: str = ""
    properties: Mapping[str, JsonValue] = field(default_factory=dict)
