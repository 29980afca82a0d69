"""Finds what is known when an enquiry is answered: the conversation, her orders, her audiences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Connection, or_, select

from ..conditions.built_in import BUILT_IN
from ..conditions.customer_fields import CUSTOMER_FIELDS
from ..conditions.reading import read_condition
from ..conditions.selecting import compile_condition
from ..enquiry import Enquiry, Order, OrderLine, Turn
from ..money import from_minor
from ..store.ledger.narrowing import select_among
from ..store.preferences import name_person, read_preferences
from ..store.reading import from_moment
from ..store.tables import articles, customers, enquiries, order_lines, orders, replies
from .asked import Asked

if TYPE_CHECKING:
    from ..engine.engine import Engine

MOST_ORDERS = 20
MOST_TURNS = 10
"""How far back orders and a conversation go."""


def describe_enquiry(
    engine: Engine, connection: Connection, asked: Asked, audiences: Mapping[int, frozenset[str]]
) -> Enquiry:
    """Return a question with all that may be known of whoever asks it."""
    customer = asked.customer_id
    return Enquiry(
        text=asked.text,
        language=asked.language or _read_language(connection, customer),
        customer_id=customer,
        conversation_id=asked.conversation_id,
        key=asked.key,
        subject=asked.subject,
        earlier=read_turns(connection, asked),
        audiences=frozenset() if customer is None else audiences.get(customer, frozenset()),
        has_address=customer is not None or asked.address is not None,
        orders=() if customer is None else read_orders(connection, customer),
    )


def read_turns(connection: Connection, asked: Asked) -> tuple[Turn, ...]:
    """Return the conversation of a question up to it, oldest first.

    What a proved customer asked is shown to nobody else, whoever knows the conversation's id.
    """
    if asked.conversation_id is None:
        return ()
    own: ColumnElement[bool] = enquiries.c.customer_id.is_(None)
    if asked.customer_id is not None:
        own = or_(own, enquiries.c.customer_id == asked.customer_id)
    rows = connection.execute(
        select(enquiries.c.text, enquiries.c.at, replies.c.text.label("reply"), replies.c.intent,
               replies.c.articles)
        .join(replies, replies.c.enquiry_id == enquiries.c.id, isouter=True)
        .where(
            enquiries.c.conversation == asked.conversation_id,
            enquiries.c.key != asked.key,
            enquiries.c.text.is_not(None),
            own,
        )
        .order_by(enquiries.c.at.desc(), enquiries.c.id.desc())
        .limit(MOST_TURNS)
    ).all()  # fmt: skip
    return tuple(
        Turn(
            text=row.text,
            at=from_moment(row.at),
            reply=row.reply,
            intent=row.intent,
            articles=tuple(key for key, *_ in row.articles or ()),
        )
        for row in reversed(rows)
    )


def read_orders(connection: Connection, customer_id: int) -> tuple[Order, ...]:
    """Return the last orders of a customer, newest first."""
    found = connection.execute(
        select(orders)
        .where(orders.c.customer_id == customer_id)
        .order_by(orders.c.placed_at.desc(), orders.c.id.desc())
        .limit(MOST_ORDERS)
    ).all()
    lines: dict[int, list[OrderLine]] = {}
    for line in connection.execute(
        select(order_lines)
        .where(order_lines.c.order_id.in_([row.id for row in found]))
        .order_by(order_lines.c.order_id, order_lines.c.position)
    ):
        lines.setdefault(line.order_id, []).append(
            OrderLine(title=line.title, quantity=line.quantity, product_id=line.product_id)
        )
    return tuple(
        Order(
            number=row.key,
            state=row.state,
            placed_at=from_moment(row.placed_at),
            total=from_minor(row.total, row.currency),
            currency=row.currency,
            shipped_at=None if row.shipped_at is None else from_moment(row.shipped_at),
            returned_at=None if row.returned_at is None else from_moment(row.returned_at),
            tracking_url=row.tracking_url,
            lines=tuple(lines.get(row.id, ())),
        )
        for row in found
    )


def find_audiences(engine: Engine, customer_ids: Sequence[int]) -> dict[int, frozenset[str]]:
    """Return for each customer which of the articles' audiences she belongs to."""
    with engine.store.read() as connection:
        texts: Iterable[str] = connection.scalars(
            select(articles.c.audience)
            .where(articles.c.is_current, articles.c.audience.is_not(None))
            .distinct()
        ).all()
        hers: dict[int, set[str]] = {one: set() for one in customer_ids}
        for text in texts if customer_ids else ():
            condition, _ = read_condition(text, CUSTOMER_FIELDS, BUILT_IN)
            if condition is None:
                continue  # looked at when it was imported, and by an older language
            statement = compile_condition(condition, now=engine.clock.now(), is_few=True)
            for one in select_among(connection, statement, customer_ids):
                hers[one].add(text)
    return {one: frozenset(found) for one, found in hers.items()}


def _read_language(connection: Connection, customer_id: int | None) -> str | None:
    if customer_id is None:
        return None
    row = connection.execute(
        select(customers.c.language, customers.c.email_id).where(customers.c.id == customer_id)
    ).first()
    if row is None:
        return None
    chosen = read_preferences(connection, name_person(customer_id, row.email_id)).language
    language: str | None = chosen or row.language
    return language
