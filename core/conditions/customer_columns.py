"""Where the fields of a customer stand in the store."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_

from ..functions import ConditionSubject
from ..store.consent import OF_EMAIL
from ..store.tables import customers, profiles, standings
from .json_values import JsonHoldsUnder
from .measures import Measure, Unit

_CUSTOMER: dict[str, tuple[str, Unit]] = {
    "id": ("id", "plain"),
    "language": ("language", "plain"),
    "country": ("country", "plain"),
    "time_zone": ("time_zone", "plain"),
    "created_at": ("created_at", "moment"),
    "days_since_signup": ("created_at", "days"),
}
_PROFILE: dict[str, tuple[str, Unit]] = {
    "orders": ("orders", "plain"),
    "pieces": ("pieces", "plain"),
    "returned_pieces": ("returned_pieces", "plain"),
    "total_spent": ("total_spent", "money"),
    "currency": ("currency", "plain"),
    "first_order_at": ("first_order_at", "moment"),
    "last_order_at": ("last_order_at", "moment"),
    "days_since_first_order": ("first_order_at", "days"),
    "days_since_last_order": ("last_order_at", "days"),
    "reorder_days": ("reorder_days", "plain"),
    "price_low": ("price_low", "money"),
    "price_high": ("price_high", "money"),
    "favourite_category": ("favourite_category", "plain"),
    "favourite_brand": ("favourite_brand", "plain"),
    "views": ("views", "plain"),
    "last_viewed_at": ("last_viewed_at", "moment"),
    "days_since_last_view": ("last_viewed_at", "days"),
    "last_seen_at": ("last_seen_at", "moment"),
    "days_since_last_seen": ("last_seen_at", "days"),
}
_ADDRESSES = {"has_email": customers.c.email_id, "has_phone": customers.c.phone_id}
_CONSENTS = {"consent_email": "email", "consent_sms": "sms"}


class CustomerColumns:
    """Finds the columns of fields, and remembers which tables they need.

    Attributes:
        table: What a condition is about.
        who: What must hold of everybody.
    """

    table = customers
    who = (customers.c.erased_at.is_(None),)

    def __init__(self) -> None:
        self._uses_profiles = False
        self._consents: dict[str, FromClause] = {}

    def make_subject(self, **facts: Any) -> ConditionSubject:
        """Return what functions are told."""
        return ConditionSubject(id=customers.c.id, **facts)

    def find(self, name: str, missing: int | None) -> Measure:
        """Return what stands for a field; `missing` is what no value counts as."""
        prefix, dot, key = name.partition(".")
        if dot and prefix == "traits":
            return Measure(expression=customers.c.traits, unit="free", key=key)
        if dot or name in _CONSENTS:
            return self._find_consent(key or _CONSENTS[name])
        if name in _ADDRESSES:
            return Measure(expression=_ADDRESSES[name].is_not(None), is_optional=False)
        if name in _CUSTOMER:
            column, unit = _CUSTOMER[name]
            is_optional = name != "id"
            return Measure(expression=customers.c[column], unit=unit, is_optional=is_optional)
        column, unit = _PROFILE[name]
        self._uses_profiles = True
        currency = profiles.c.currency if unit == "money" else None
        return Measure(expression=profiles.c[column], unit=unit, missing=missing, currency=currency)

    def hold(self, name: str, value: str) -> ColumnElement[bool]:
        """Return whether the list in a field holds a value; it is never null."""
        return JsonHoldsUnder(customers.c.traits, name.partition(".")[2], value)

    def lack(self, name: str) -> ColumnElement[bool]:
        """Return whether the list in a field is empty."""
        raise KeyError(name)  # no field of a customer is a list

    def source(self) -> FromClause:
        """Return the tables that were needed so far, joined."""
        joined: FromClause = customers
        if self._uses_profiles:
            joined = joined.outerjoin(profiles, profiles.c.customer_id == customers.c.id)
        for channel, standing in self._consents.items():
            address = customers.c.email_id if channel in OF_EMAIL else customers.c.phone_id
            fits = and_(standing.c.address_id == address, standing.c.channel == channel)
            joined = joined.outerjoin(standing, fits)
        return joined

    def _find_consent(self, channel: str) -> Measure:
        if channel not in self._consents:
            name = f"consent_{len(self._consents) + 1}"
            self._consents[channel] = standings.alias(name)
        given = self._consents[channel].c.is_given
        return Measure(expression=given, missing=False)
