"""Invented customers, products, events and the like: the same ones every time.

`sample_customers(5)` are the first five of `sample_customers(50)`, and so for all of them.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import cache

from ..brief import Brief, BriefedProduct, FieldLimits, Offer
from ..customer import Customer, TraitValue
from ..enquiry import Article, Enquiry, Order, OrderLine
from ..event import Event
from ..facts import collect_facts
from ..message import Message
from ..product import Product, Reason
from .invented import (
    ARTICLES,
    BRANDS,
    HOSTILE_TEXTS,
    KINDS,
    QUESTIONS,
    SAMPLE_NOW,
    SERIES,
)
from .store import FakeStore

SAMPLE_PERSON = {"first_name": "Noor", "last_name": "Ashgrove", "full_name": "Noor Ashgrove"}
"""Who a message is for, when slots are filled."""

FOR_FEW, AUDIENCE = "sizes", "country = 'DE'"
"""The article that is not for everybody, and whom it is for."""

_HOMES = (
    ("de", "DE", "Europe/Berlin"),
    ("en", "GB", "Europe/London"),
    ("de-AT", "AT", "Europe/Vienna"),
    ("en", "US", "America/Denver"),
    (None, None, None),
)
_LIMITS: tuple[dict[str, FieldLimits], ...] = (
    {
        "subject": FieldLimits(max_chars=60),
        "preheader": FieldLimits(max_chars=90),
        "body": FieldLimits(max_words=80),
    },
    {"subject": FieldLimits(max_chars=15), "body": FieldLimits(max_words=5)},
    {"subject": FieldLimits(max_chars=60, min_chars=20), "body": FieldLimits(min_words=25)},
    {"body": FieldLimits(max_chars=160, max_words=20, tone="calm")},
)


def sample_customers(n: int = 24) -> list[Customer]:
    """Return customers 1 to n; of some nothing is known, some hold hostile text in a trait."""
    return [_make_customer(number) for number in range(1, n + 1)]


def _make_customer(number: int) -> Customer:
    language, country, time_zone = _HOMES[number % len(_HOMES)]
    traits: dict[str, TraitValue] = {}
    if number % 6:
        _, _, category, _ = KINDS[_first_kind(number)]
        traits = {
            "orders": number % 5,
            "days_since_last_order": 3 * number if number % 5 else None,
            "favourite_category": category[-1],
            "newsletter": number % 2 == 0,
        }
    if number % 8 == 0:
        traits["note"] = HOSTILE_TEXTS[number // 8 % len(HOSTILE_TEXTS)]
    return Customer(
        id=number, language=language, country=country, time_zone=time_zone, traits=traits
    )


def _first_kind(customer: int) -> int:
    """Return the kind that a customer buys; she buys the one after it too."""
    return 2 * (customer % 3)


def sample_products(n: int = 24) -> list[Product]:
    """Return products 1 to n; every fourth has a hostile title and description."""
    return [_make_product(number) for number in range(1, n + 1)]


def _make_product(number: int) -> Product:
    english, german, category, price = KINDS[(number - 1) % len(KINDS)]
    turn, series = divmod((number - 1) // len(KINDS), len(SERIES))
    name = SERIES[series] + (f" {turn + 1}" if turn else "")
    hostile = "" if number % 4 else " " + HOSTILE_TEXTS[(number // 4 - 1) % len(HOSTILE_TEXTS)]
    list_price = price + Decimal("20.00")
    return Product(
        id=number,
        sku=f"SKU-{number:04}",
        titles={"en": f"{name} {english}{hostile}", "de": f"{name} {german}{hostile}"},
        descriptions={
            "en": f"A {english} for long days outside.{hostile}",
            "de": f"Für lange Tage draußen: {german}.{hostile}",
        },
        category=category,
        brand=BRANDS[number % len(BRANDS)],
        tags=("spring",) if number % 2 else (),
        prices={"EUR": price} if number % 5 else {"EUR": price, "GBP": price},
        list_prices={"EUR": list_price} if number % 3 == 0 else {},
        stock=None if number % 7 == 0 else number % 4 * 5,
        url=f"https://shop.example.com/products/{number}",
        image_url=f"https://shop.example.com/images/{number}.jpg" if number % 2 else None,
        attributes={"colour": "moss"} if number % 2 else {},
    )


def sample_events(customers: int = 24, products: int = 24) -> list[Event]:
    """Return what customers 1 to `customers` did with products 1 to `products`, in order.

    There is something to learn: a customer views and buys within one pair of kinds (shoes and
    socks, tents and stoves, ropes and chalk), by her number modulo 3. Every sixth did nothing.
    """
    events: list[Event] = []
    for customer in range(1, customers + 1):
        if customer % 6 == 0:
            continue
        for step in range(4):
            kind = _first_kind(customer) + step % 2
            product = kind + 1 + len(KINDS) * ((customer // 3 + step // 2) % 4)
            if product <= products:
                events += _visit(customer, step, product, KINDS[kind][3])
    return sorted(events, key=lambda event: event.at)


def _visit(customer: int, step: int, product: int, price: Decimal) -> list[Event]:
    at = SAMPLE_NOW - timedelta(days=20 * (4 - step) + customer, minutes=customer)
    quantity = 1 + customer % 2
    seen = [("view", 0, None), ("cart", 4, None), ("purchase", 9, price * quantity)]
    if customer % 4 == 0 and step == 3:
        seen.append(("return", 24 * 60, price * quantity))
    return [
        Event(
            id=f"event-{customer}-{step}-{kind}",
            type=kind,
            at=at + timedelta(minutes=minutes),
            customer_id=customer,
            product_id=product,
            quantity=quantity,
            value=value,
            currency="EUR" if value is not None else None,
            source="import",
            properties={"page": f"/products/{product}"} if kind == "view" else {},
        )
        for kind, minutes, value in seen
    ]


def sample_articles() -> list[Article]:
    """Return the articles of a small knowledge base, in English and German; one is for few."""
    return [
        Article(
            id=id,
            language=language,
            intent=intent,
            title=title,
            body=body,
            questions=(question,),
            audience=AUDIENCE if id == FOR_FEW else None,
        )
        for id, language, intent, title, body, question in ARTICLES
    ]


def sample_store(customers: int = 24, products: int = 24) -> FakeStore:
    """Return a store with all samples; the shop calls customer 7 `customer-7`."""
    return _make_store(customers, products)


@cache  # a store cannot be changed, so one is enough for many tests
def _make_store(customers: int, products: int) -> FakeStore:
    return FakeStore(
        sample_customers(customers),
        sample_products(products),
        sample_events(customers, products),
        sample_articles(),
        {f"customer-{number}": number for number in range(1, customers + 1)},
    )


def sample_briefs(n: int = 12) -> list[Brief]:
    """Return briefs for customers 1 to n: both languages, with and without products and offer.

    Their slots are exactly those that have a value; their limits run from ample to tight.
    """
    products = sample_products(n + 2)
    return [_make_brief(customer, products) for customer in sample_customers(n)]


def _make_brief(customer: Customer, products: list[Product]) -> Brief:
    number = customer.id
    language = customer.language or "en"
    chosen = [] if number % 5 == 4 else products[number - 1 : number + 2]
    briefed = tuple(
        BriefedProduct(product=one, reason=Reason(kind="popular", category=one.category[-1]))
        for one in chosen
    )
    offer = Offer(code="THAW15", discount="15%", ends=date(2026, 3, 31)) if number % 3 else None
    return Brief(
        campaign="spring-trail",
        language=language,
        fields=_LIMITS[number % len(_LIMITS)],
        slots=tuple(collect_facts(SAMPLE_PERSON, briefed, offer, language)),
        products=briefed,
        offer=offer,
        traits=customer.traits,
        variant=(None, "warm", "terse")[number % 3],
        seed=1000 + number,
    )


def sample_enquiries(n: int = 14) -> list[Enquiry]:
    """Return questions, ordinary ones and hostile ones, from customers and from strangers."""
    asked = [*QUESTIONS, *((text, None) for text in HOSTILE_TEXTS)]
    return [
        Enquiry(
            text=asked[number % len(asked)][0],
            language=asked[number % len(asked)][1],
            customer_id=None if number % 2 else number + 1,
            orders=() if number % 2 else (_make_order(number),),
            audiences=frozenset() if number % 4 else frozenset({AUDIENCE}),
            conversation_id=f"conversation-{number}",
        )
        for number in range(n)
    ]


def _make_order(number: int) -> Order:
    return Order(
        number=f"W-{1000 + number}",
        state=("open", "shipped", "delivered")[number % 3],
        placed_at=SAMPLE_NOW - timedelta(days=number + 1),
        total=Decimal("119.00"),
        currency="EUR",
        shipped_at=SAMPLE_NOW - timedelta(days=number) if number % 3 == 1 else None,
        lines=(OrderLine(title="Tarn trail shoe", quantity=1, product_id=1),),
    )


def sample_addresses(n: int, address_field: str = "email") -> list[str]:
    """Return addresses that nobody has: example.com, or numbers kept for films.

    Raises:
        ValueError: The field is neither `email` nor `phone`.
    """
    if address_field == "email":
        return [f"reader-{number}@example.com" for number in range(1, n + 1)]
    if address_field == "phone":
        return [f"+447700900{number % 1000:03}" for number in range(1, n + 1)]
    raise ValueError(f"there are no sample addresses for the field '{address_field}'")


def sample_messages(n: int = 5, *, address_field: str = "email") -> list[Message]:
    """Return messages of one run, slots filled; from the second on with hostile text in them."""
    products = sample_products(n + 1)
    return [
        Message(
            id=number,
            key=f"sample-1-{number}",
            run_id=1,
            campaign="spring-trail",
            address=address,
            fields=_write_fields(number),
            dated_at=SAMPLE_NOW,
            language="de" if number % 2 else "en",
            customer_id=number,
            products=(BriefedProduct(product=products[number]),) if number % 3 else (),
        )
        for number, address in enumerate(sample_addresses(n, address_field), start=1)
    ]


def _write_fields(number: int) -> dict[str, str]:
    hostile = HOSTILE_TEXTS[(number - 2) % len(HOSTILE_TEXTS)] if number > 1 else "See you outside."
    return {
        "subject": f"New for your next trail {number}",
        "preheader": f"Fresh from the barn: {hostile}",
        "body": f"Hello Noor,\n\nyour trail is waiting. {hostile}\n\nThe Fernpfad team",
    }
