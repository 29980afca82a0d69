"""Builds the functions that look at what a customer did: did, bought, viewed, spent."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, FromClause, case, func, literal, select

from ..functions import ConditionSubject
from ..store.tables import customers, events, product_categories, products, profiles, skus
from .measures import Measure, Totals

Number = int | Decimal


def build_did(
    subject: ConditionSubject, type: str, at_least: Number = 1, **which: Any
) -> ColumnElement[bool]:
    """Return whether events of a type happened, `at_least` so many."""
    event = events.alias("done")
    found = [event.c.type == type, *_narrow(event, subject, **which)]
    own = event.c.customer_id == subject.id
    if at_least <= 1:
        return select(literal(1)).where(own, *found).correlate(customers).exists()
    if subject.is_few:
        count = select(func.count()).select_from(event).where(own, *found)
        return count.correlate(customers).scalar_subquery() >= at_least
    often = (
        select(event.c.customer_id)
        .where(event.c.customer_id.is_not(None), *found)
        .group_by(event.c.customer_id)
        .having(func.count() >= at_least)
    )
    return subject.id.in_(often)  # type: ignore[no-any-return]


def build_bought(subject: ConditionSubject, **which: Any) -> ColumnElement[bool]:
    """Return whether she bought."""
    return build_did(subject, "purchase", **which)


def build_viewed(subject: ConditionSubject, **which: Any) -> ColumnElement[bool]:
    """Return whether she looked at a product."""
    return build_did(subject, "view", **which)


def build_spent(subject: ConditionSubject, **which: Any) -> Measure:
    """Return what she paid less what she got back, in the currency of her latest purchase."""
    event, profile = events.alias("paid"), profiles.alias("payer")
    signed = case((event.c.type == "purchase", event.c.value), else_=-event.c.value)
    amount = func.coalesce(func.sum(signed), 0)
    found = (
        select(amount)
        .select_from(event.join(profile, profile.c.customer_id == event.c.customer_id))
        .where(
            event.c.type.in_(["purchase", "return"]),
            event.c.currency == profile.c.currency,
            *_narrow(event, subject, **which),
        )
    )
    own = found.where(event.c.customer_id == subject.id).correlate(customers)
    currency = select(profiles.c.currency).where(profiles.c.customer_id == subject.id)
    everybody = found.with_only_columns(event.c.customer_id).group_by(event.c.customer_id)
    return Measure(
        expression=own.scalar_subquery(),
        unit="money",
        is_optional=False,
        currency=currency.correlate(customers).scalar_subquery(),
        totals=None
        if subject.is_few
        else Totals(
            id=subject.id,
            statement=everybody,
            amount=amount,
            currency=func.max(profile.c.currency),
        ),
    )


def _narrow(
    event: FromClause,
    subject: ConditionSubject,
    days: Number | None = None,
    category: str | None = None,
    product: str | None = None,
    brand: str | None = None,
) -> list[ColumnElement[bool]]:
    clauses: list[ColumnElement[bool]] = []
    if days is not None:
        clauses.append(event.c.at > subject.ago(float(days)))
    about = event.c.product_id
    if category is not None:
        named = select(product_categories.c.product_id)
        clauses.append(about.in_(named.where(product_categories.c.name == category)))
    if product is not None:
        clauses.append(about.in_(select(skus.c.product_id).where(skus.c.sku == product)))
    if brand is not None:
        clauses.append(about.in_(select(products.c.id).where(products.c.brand == brand)))
    return clauses
