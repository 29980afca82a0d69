"""Builds orders with their lines, one row for each line."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ...money import to_minor
from ..kinds import LINE_FIELDS
from ..numbers import MAX_NUMBER
from .batch import Making, StoreRow
from .grouping import Group

MOST_MINOR = 1 << 63
"""What the database's integers do not hold any more."""

CREDIT = "credit"
"""The state of a credit note: its lines are pieces that came back, whatever their sign."""


def build_order(group: Group, making: Making) -> StoreRow | None:
    """Return an order, or None when the group is bad.

    What stands once for an order is taken from the first row that says it.
    """
    first = group.first
    if not group.bad and first("placed_at") is None:
        group.bad.append((0, making.mapper.column_of("placed_at"), "is missing"))
    if group.bad:
        return None
    amounts = (value for row in group.rows for value in row)
    try:
        currency = making.find_currency(first("currency"), *amounts)
    except ValueError as error:
        group.bad.append((0, making.mapper.column_of("currency"), str(error)))
        return None
    state = _find_state(group)
    lines = _build_lines(group, making, currency, state == CREDIT)
    if group.bad:
        return None
    discount, shipping, total = (
        None if amount is None else to_minor(abs(amount), currency)
        for amount in (first("discount"), first("shipping"), first("total"))
    )
    if total is None:
        total = max(0, sum(line[3] for line in lines) + (shipping or 0) - (discount or 0))
        if total >= MOST_MINOR:
            group.bad.append((0, making.mapper.column_of("total"), "is too large a number"))
            return None
    return (
        first("key"),
        first("customer"),
        state,
        first("placed_at"),
        first("shipped_at"),
        first("tracking_url"),
        currency,
        total,
        discount,
        shipping,
        first("code"),
        first("returned_at"),
        lines,
    )


def _find_state(group: Group) -> str:
    if group.first("cancelled_at") is not None:
        return "cancelled"
    state: str = group.first("state") or "paid"
    if state in ("open", "paid") and group.first("shipped_at") is not None:
        return "shipped"
    return state


def _build_lines(
    group: Group, making: Making, currency: str, is_credit: bool
) -> tuple[tuple[str | None, str | None, int, int, int], ...]:
    names = group.names
    at = [names.get(name) for name in LINE_FIELDS]
    lines = []
    for index, row in enumerate(group.rows):
        sku, title, quantity, price, amount, discount, returned = (
            None if position is None else row[position] for position in at
        )
        if sku is None and title is None and quantity is None:
            continue
        if is_credit:
            quantity, price, amount = (
                None if number is None else abs(number) for number in (quantity, price, amount)
            )
        quantity = 1 if quantity is None else quantity
        problem = _find_problem(quantity, price, amount, returned)
        if problem is not None:
            group.bad.append((index, making.mapper.column_of(problem[0]), problem[1]))
            continue
        if amount is None:
            amount = max(Decimal(0), (price or Decimal(0)) * quantity - abs(discount or 0))
        if amount >= MAX_NUMBER:
            group.bad.append((index, making.mapper.column_of("quantity"), "is too large a number"))
            continue
        lines.append((sku, title, quantity, to_minor(amount, currency), returned or 0))
    return tuple(lines)


def _find_problem(
    quantity: int, price: Decimal | None, amount: Decimal | None, returned: int | None
) -> tuple[str, str] | None:
    if quantity < 1:
        return "quantity", "is not 1 or more; give what came back the state `credit`"
    if price is not None and price < 0:
        return "price", "is negative"
    if amount is not None and amount < 0:
        return "amount", "is negative"
    if returned is not None and not 0 <= returned <= quantity:
        return "returned", "is not between 0 and the quantity"
    return None


def line_skus(rows: list[StoreRow]) -> list[Any]:
    """Return the sku of every line of orders."""
    return [line[0] for row in rows for line in row[12]]
