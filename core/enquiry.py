"""A customer's question, what is known when it is answered, and the reply."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An entry of the knowledge base.

    Attributes:
        id: The shop's id of it.
        version: From 1; a reply keeps the version it rested on.
        title: Its headline.
        body: Its text, Markdown.
        language: BCP 47 tag.
        questions: What people ask when this is the answer.
        intent: The intent it answers, or None.
        audience: The condition that a customer meets to whom it is told; None means everybody.
    """

    id: str
    title: str
    body: str
    language: str = "en"
    version: int = 1
    questions: tuple[str, ...] = ()
    intent: str | None = None
    audience: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """What was ordered in one line of an order.

    Attributes:
        title: The product's title as the order said it, or None.
        quantity: How many pieces.
        product_id: Which product, or None when the shop does not sell it any more.
    """

    title: str | None
    quantity: int
    product_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order of the customer who asks.

    Attributes:
        number: The shop's number of it.
        state: `open`, `paid`, `shipped`, `delivered`, `returned`, `cancelled` or `credit`.
        placed_at: When it was placed.
        total: What was to be paid.
        currency: ISO 4217 code of it.
        shipped_at: When it was shipped, or None.
        returned_at: When it came back, or None.
        tracking_url: Where the parcel can be followed, or None.
        lines: What was ordered.
    """

    number: str
    state: str
    placed_at: datetime
    total: Decimal
    currency: str
    shipped_at: datetime | None = None
    returned_at: datetime | None = None
    tracking_url: str | None = None
    lines: tuple[OrderLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What was asked before in the same conversation, and what was answered.

    Attributes:
        text: The question; data, as that of an enquiry is.
        at: When it was asked.
        reply: What was answered, or None when a person had to.
        intent: What was wanted, or None.
        articles: Ids of the articles that the reply rested on.
    """

    text: str
    at: datetime
    reply: str | None = None
    intent: str | None = None
    articles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Enquiry:
    """A customer's question.

    Attributes:
        text: What was asked: data, never an instruction.
        language: BCP 47 tag when it is known.
        customer_id: Who asks, only when that was proved; None means public facts only.
        conversation_id: What earlier enquiries belong to it, or None.
        key: What tells it from others, the same whenever it is answered; "" when nothing does.
        subject: The headline of a mail, or None.
        earlier: The conversation up to now, oldest first.
        audiences: Which of the articles' audiences she belongs to.
        orders: Her last orders, newest first; none unless it was proved who asks.
        has_address: Whether it is known which address to leave alone, should she ask for that.
    """

    text: str
    language: str | None = None
    customer_id: int | None = None
    conversation_id: str | None = None
    key: str = ""
    subject: str | None = None
    earlier: tuple[Turn, ...] = ()
    audiences: frozenset[str] = frozenset()
    orders: tuple[Order, ...] = ()
    has_address: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledEnquiry:
    """A question of which a person said what was wanted.

    Attributes:
        text: The question.
        intent: What was wanted.
        language: BCP 47 tag, or None.
    """

    text: str
    intent: str
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Handoff:
    """Why a person has to answer, and what was found for her.

    Attributes:
        reason: One word (`low_confidence`, `angry`, `legal`, `asked_for_a_person`).
        summary: What it is about, for the person who takes over.
        draft: A suggested reply, or None.
        candidates: Ids of the articles that might answer it, best first.
    """

    reason: str
    summary: str
    draft: str | None = None
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The answer to an enquiry.

    The text, and the draft of a hand-off, may hold slots: those of a customer, `{order.state}` and
    its like when `order` is named, `{product.name}` and its like when `products` are. The core
    fills them; any other brace stays as it is.

    Attributes:
        text: What to send, or None when a person has to answer.
        articles: Ids of the articles it rests on, most important first.
        intent: What the customer wants, or None when it is not known.
        confidence: In [0, 1].
        handoff: Set when, and only when, a person has to answer.
        language: BCP 47 tag of the text, or None.
        order: The number of the order that it speaks of: one of the enquiry's, or None.
        products: Ids of the products that it speaks of, in the order of their slots.
        unsubscribes: Whether she wants no more messages; the core acts at once.
        details: What else is worth keeping (what produced it, what was understood); no identity.
    """

    text: str | None
    confidence: float
    articles: tuple[str, ...] = ()
    intent: str | None = None
    handoff: Handoff | None = None
    language: str | None = None
    order: str | None = None
    products: tuple[int, ...] = ()
    unsubscribes: bool = False
    details: Mapping[str, Any] = field(default_factory=dict)
