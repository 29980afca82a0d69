"""What a test looks at: an expression of the database, and how values are told in its terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Numeric,
    Select,
    bindparam,
    case,
    func,
    literal,
    or_,
)
from sqlalchemy.types import TypeEngine

from ..money import DIGITS
from ..store.tables.columns import Word
from .tree import Value

Unit = Literal["plain", "moment", "days", "money", "free"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What a measure comes to for everybody at once, which is faster than one by one.

    Attributes:
        id: Of whom the measure is.
        statement: Selects the ids of those who have anything, grouped by them; the others have 0.
        amount: What each of them has, an aggregate.
        currency: What it is counted in, an aggregate.
    """

    id: ColumnElement[Any]
    statement: Select[Any]
    amount: ColumnElement[Any]
    currency: ColumnElement[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """An expression, and what it is measured in.

    Attributes:
        expression: What the database computes; for `days` the moment that the days are since, for
            `money` minor units, for `free` the JSON column.
        unit: How a value of the language compares with it.
        missing: What a row without a value counts as; None when it stays missing.
        is_optional: Whether the expression can be null.
        currency: For `money`, what it is counted in.
        key: For `free`, the name under which the value stands.
        totals: The same for everybody at once, where many are looked at.
    """

    expression: ColumnElement[Any]
    unit: Unit = "plain"
    missing: int | bool | None = None
    is_optional: bool = True
    currency: ColumnElement[Any] | None = None
    key: str = ""
    totals: Totals | None = None


def bind(value: Value) -> ColumnElement[Any]:
    """Return a value as a parameter, wide enough whatever column it is compared with."""
    return literal(value, _find_type([value]))


def bind_many(values: Sequence[Value]) -> BindParameter[Any]:
    """Return values as the parameters of one IN list."""
    return bindparam(None, list(values), type_=_find_type(values), expanding=True, unique=True)


def _find_type(values: Sequence[Value]) -> TypeEngine[Any]:
    if any(isinstance(value, str) for value in values):
        return Word
    if any(isinstance(value, Decimal) for value in values):
        return Numeric()
    return BigInteger()


_UNCOMMON = {
    digits: [code for code, its in DIGITS.items() if its == digits]
    for digits in sorted(set(DIGITS.values()))
}
"""The currencies that have another number of digits after the point than two."""


def scale_money(value: int | Decimal, currency: ColumnElement[Any] | None) -> ColumnElement[Any]:
    """Return an amount in whole units as minor units of a currency that each row has."""
    common = bind(_minor(value, 2))
    if currency is None or value == 0:
        return common
    cases = [
        (currency.in_(codes), bind(_minor(value, digits))) for digits, codes in _UNCOMMON.items()
    ]
    return case(*cases, else_=common)


def find_money(
    minor: ColumnElement[Any],
    values: Sequence[int | Decimal],
    currency: ColumnElement[Any] | None,
) -> ColumnElement[bool]:
    """Return whether an amount is one of those given in whole units; null where there is none."""
    code = func.coalesce(currency, "")
    uncommon = [code for codes in _UNCOMMON.values() for code in codes]
    found = [minor.in_(bind_many(_whole_minors(values, 2))) & code.not_in(uncommon)]
    for digits, codes in _UNCOMMON.items():
        found.append(minor.in_(bind_many(_whole_minors(values, digits))) & code.in_(codes))
    return or_(*found)


def whole_units(measure: Measure) -> ColumnElement[Any]:
    """Return money as whole units of its currency."""
    divisor: ColumnElement[Any] = literal(100.0)
    if measure.currency is not None:
        code = measure.currency
        cases = [(code.in_(codes), 10.0**digits) for digits, codes in _UNCOMMON.items()]
        divisor = case(*cases, else_=100.0)
    return measure.expression * literal(1.0) / divisor


def _minor(value: int | Decimal, digits: int) -> int | Decimal:
    scaled = Decimal(value).scaleb(digits)
    return int(scaled) if scaled == scaled.to_integral_value() else scaled


def _whole_minors(values: Sequence[int | Decimal], digits: int) -> list[int]:
    minors = [_minor(value, digits) for value in values]
    return [minor for minor in minors if isinstance(minor, int)]
