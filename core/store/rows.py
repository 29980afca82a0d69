"""The rows that writers take: what a file says, already checked, in the store's own units.

Plain tuples of the same order do as well. Times are integer UTC milliseconds, money is integer
minor units, JSON is text made by `dump_json`. None says that the file does not tell.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, NamedTuple

PriceRow = tuple[str, int, int | None]
"""Currency, price, and price before reduction, both in minor units."""


class ConsentRow(NamedTuple):
    """What a customer said about a channel; `at` is None when the file gives no date."""

    channel: str
    is_given: bool
    at: int | None = None
    place: str | None = None


class CustomerRow(NamedTuple):
    """A customer; a None leaves what the store has, traits are merged name by name."""

    key: str
    email: str | None = None
    phone: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    language: str | None = None
    country: str | None = None
    time_zone: str | None = None
    created_at: int | None = None
    traits: str | None = None
    consents: tuple[ConsentRow, ...] | None = None


class VariantRow(NamedTuple):
    """One variant of a product."""

    sku: str
    title: str | None = None
    stock: int | None = None
    attributes: str | None = None
    prices: tuple[PriceRow, ...] = ()


class ProductRow(NamedTuple):
    """A product, whole: what it was before is replaced."""

    sku: str
    category: tuple[str, ...] = ()
    brand: str | None = None
    tags: tuple[str, ...] = ()
    stock: int | None = None
    url: str | None = None
    image_url: str | None = None
    attributes: str | None = None
    texts: tuple[tuple[str, str, str | None], ...] = ()
    prices: tuple[PriceRow, ...] = ()
    variants: tuple[VariantRow, ...] = ()


class OrderLineRow(NamedTuple):
    """One line of an order; `amount` is for the whole line, `returned` counts pieces."""

    sku: str | None
    title: str | None
    quantity: int
    amount: int
    returned: int = 0


class OrderRow(NamedTuple):
    """An order, whole; purchase and return events follow from it.

    `state` is open, paid, shipped, delivered, returned (all of it), cancelled (no events), or
    credit: a credit note, whose lines are pieces of earlier orders that came back.
    """

    key: str
    customer_key: str | None
    state: str
    placed_at: int
    shipped_at: int | None
    tracking_url: str | None
    currency: str
    total: int
    discount: int | None
    shipping: int | None
    code: str | None
    returned_at: int | None
    lines: tuple[OrderLineRow, ...]


class EventRow(NamedTuple):
    """Something that happened; without an id its content and ordinal are its key."""

    id: str | None
    type: str
    at: int
    customer_key: str | None = None
    sku: str | None = None
    quantity: int = 1
    value: int | None = None
    currency: str | None = None
    order_key: str | None = None
    properties: str | None = None


class ReviewRow(NamedTuple):
    """A review of a product, 1 to 5 stars."""

    id: str | None
    sku: str
    customer_key: str | None
    stars: int
    title: str | None
    text: str | None
    language: str | None
    at: int


class EnquiryRow(NamedTuple):
    """A customer's question."""

    id: str | None
    customer_key: str | None
    text: str
    language: str | None
    at: int
    conversation: str | None = None
    intent: str | None = None


class ArticleRow(NamedTuple):
    """An entry of the knowledge base; other words make a new version of it."""

    id: str
    title: str
    body: str
    language: str = "en"
    questions: tuple[str, ...] = ()
    intent: str | None = None
    audience: str | None = None
    valid_from: int | None = None
    valid_until: int | None = None


class SuppressionRow(NamedTuple):
    """An address that must not be written to on a channel."""

    channel: str
    address: str
    reason: str = "manual"
    at: int | None = None


class Rejection(NamedTuple):
    """A row that the store cannot take.

    Attributes:
        row: Its index in the list that was given to `write`.
        field: The name of the field in its tuple.
        reason: What is wrong, without identity.
    """

    row: int
    field: str
    reason: str


@dataclass(slots=True)
class Counts:
    """What became of the rows of one `write`; new + updated + unchanged + rejected is all.

    Attributes:
        new: Not there before.
        updated: There before, and something changed.
        unchanged: There before, just so.
        rejected: Not taken, in the order of the rows.
        kept_unsubscribed: Consents that did not override a later withdrawal or a suppression.
        unmatched_lines: Order lines whose product is not known; the order is kept.
    """

    new: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: list[Rejection] = field(default_factory=list)
    kept_unsubscribed: int = 0
    unmatched_lines: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.new + other.new,
            self.updated + other.updated,
            self.unchanged + other.unchanged,
            self.rejected + other.rejected,
            self.kept_unsubscribed + other.kept_unsubscribed,
            self.unmatched_lines + other.unmatched_lines,
        )


def dump_json(value: Any) -> str:
    """Return the one form of a JSON value, so that equal values are equal texts."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
