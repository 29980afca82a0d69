"""Compares a measure with values of a condition, so that the answer is true or false.

A row without a value counts as what the measure says (0 orders); where it says nothing, no test
of the row holds, and every negated one does.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, false, not_, or_, true

from .json_values import JsonKind, JsonNumber, JsonText, JsonTruth
from .measures import Measure, Totals, bind, bind_many, find_money, scale_money
from .moments import DAY, MOST_DAYS, Span, read_moment, span_of_days
from .tree import Operator, Value

_APPLY: dict[Operator, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_INVERSE: dict[Operator, Operator] = {
    "=": "!=", "!=": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Moment:
    """The moment that "days since" counts from, in UTC milliseconds."""

    now: int

    def days_since(self, at: ColumnElement[Any]) -> ColumnElement[Any]:
        """Return the whole days since a moment, rounded down also for one to come."""
        shifted = self.now + MOST_DAYS * DAY
        return (shifted - at) // DAY - MOST_DAYS

    def is_missing(self, measure: Measure, negated: bool) -> ColumnElement[bool]:
        """Return whether there is no value, or whether there is one."""
        if measure.missing is not None or not measure.is_optional:
            return true() if negated else false()
        expression = measure.expression
        if measure.unit == "free":
            expression = JsonKind(expression, measure.key)
        return expression.is_not(None) if negated else expression.is_(None)


def compare(
    measure: Measure, sign: Operator, value: Value, negated: bool, moment: Moment
) -> ColumnElement[bool]:
    """Return `measure sign value`, or its negation."""
    sign, negated = plain_sign(sign, negated)
    effective = _INVERSE[sign] if negated else sign
    if measure.totals is not None:
        return _compare_totals(measure.totals, effective, value)
    measure = type_free(measure, value)
    clause = _clause(measure, effective, value, moment)
    counted = _APPLY[sign](measure.missing, value) if measure.missing is not None else False
    holds_without = counted is not negated
    if effective == "!=" and holds_without and measure.unit == "plain":
        # Computes the expression once, where `!= OR IS NULL` would do so twice.
        known = bind(value) if not isinstance(value, bool) else true() if value else false()
        return measure.expression.is_distinct_from(known)
    return or_missing(clause, measure, holds_without)


def _compare_totals(totals: Totals, sign: Operator, value: Value) -> ColumnElement[bool]:
    """Compare totals within the groups; who has nothing has 0."""
    assert isinstance(value, int | Decimal)
    limit = scale_money(value, totals.currency)
    if _APPLY[sign](0, value):
        others = totals.statement.having(apply(_INVERSE[sign], totals.amount, limit))
        return totals.id.not_in(others)
    return totals.id.in_(totals.statement.having(apply(sign, totals.amount, limit)))


def compare_between(
    measure: Measure, low: Value, high: Value, negated: bool, moment: Moment
) -> ColumnElement[bool]:
    """Return `measure BETWEEN low AND high`, or its negation."""
    measure = type_free(measure, low)
    if negated:
        clause = or_(_clause(measure, "<", low, moment), _clause(measure, ">", high, moment))
    else:
        clause = and_(_clause(measure, ">=", low, moment), _clause(measure, "<=", high, moment))
    counted = measure.missing is not None and low <= measure.missing <= high  # type: ignore[operator]
    return or_missing(clause, measure, counted is not negated)


def compare_like(measure: Measure, pattern: str, negated: bool) -> ColumnElement[bool]:
    """Return `measure LIKE pattern`, or its negation; the case of a to z does not matter."""
    measure = type_free(measure, pattern)
    escaped = pattern.replace("\\", "\\\\")
    like = measure.expression.not_ilike if negated else measure.expression.ilike
    return or_missing(like(escaped, escape="\\"), measure, negated)


def compare_membership(
    measure: Measure, values: Sequence[Value], negated: bool, moment: Moment
) -> ColumnElement[bool]:
    """Return `measure IN values`, or its negation."""
    if measure.unit == "free":
        return _compare_free(measure, values, negated, moment)
    clause = _find_in(measure, values, moment)
    clause = not_(clause) if negated else clause
    counted = measure.missing is not None and measure.missing in values
    return or_missing(clause, measure, counted is not negated)


def plain_sign(sign: Operator, negated: bool) -> tuple[Operator, bool]:
    """Take `!=` as the negation of `=`, which it is also where a value is missing."""
    return ("=", not negated) if sign == "!=" else (sign, negated)


def invert(sign: Operator, negated: bool) -> Operator:
    """Return the operator that holds where `sign` does not, if negated."""
    return _INVERSE[sign] if negated else sign


def apply(sign: Operator, left: Any, right: Any) -> Any:
    """Return `left sign right` of two expressions."""
    return _APPLY[sign](left, right)


def or_missing(clause: ColumnElement[bool], measure: Measure, holds: bool) -> ColumnElement[bool]:
    """Let a clause hold where the measure has no value too, if it is to."""
    if not holds or not measure.is_optional:
        return clause
    return or_(clause, measure.expression.is_(None))


def type_free(measure: Measure, value: Value) -> Measure:
    """Read a free field as the type of what it is compared with."""
    if measure.unit != "free":
        return measure
    read = JsonText
    if isinstance(value, bool):
        read = JsonTruth  # type: ignore[assignment]
    elif not isinstance(value, str):
        read = JsonNumber  # type: ignore[assignment]
    return Measure(expression=read(measure.expression, measure.key))


def _clause(measure: Measure, sign: Operator, value: Value, moment: Moment) -> ColumnElement[bool]:
    at = measure.expression
    if measure.unit == "moment":
        return _compare_span(at, sign, read_moment(str(value)))
    if isinstance(value, bool):
        return apply(sign, at, true() if value else false())  # type: ignore[no-any-return]
    if measure.unit == "days":
        assert isinstance(value, int | Decimal)
        return _compare_days(at, sign, value, moment)
    if measure.unit == "money":
        assert isinstance(value, int | Decimal)
        return apply(sign, at, scale_money(value, measure.currency))  # type: ignore[no-any-return]
    return apply(sign, at, bind(value))  # type: ignore[no-any-return]


def _compare_span(at: ColumnElement[Any], sign: Operator, span: Span) -> ColumnElement[bool]:
    if sign == "=":
        return and_(at >= span.start, at < span.end)
    if sign == "!=":
        return or_(at < span.start, at >= span.end)
    if sign in ("<", ">="):
        return apply(sign, at, span.start)  # type: ignore[no-any-return]
    return at < span.end if sign == "<=" else at >= span.end


def _compare_days(
    at: ColumnElement[Any], sign: Operator, days: int | Decimal, moment: Moment
) -> ColumnElement[bool]:
    """Compare whole days; more days are an earlier moment, so that an index on it serves."""
    whole = math.floor(days)
    if whole != days:
        if sign in ("=", "!="):
            return false() if sign == "=" else at.is_not(None)
        sign = "<=" if sign in ("<", "<=") else ">"
    span = span_of_days(whole, moment.now)
    turned: dict[Operator, Operator] = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
    return _compare_span(at, turned.get(sign, sign), span)


def _find_in(measure: Measure, values: Sequence[Value], moment: Moment) -> ColumnElement[bool]:
    at = measure.expression
    if isinstance(values[0], bool):
        return or_(*(apply("=", at, true() if one else false()) for one in set(values)))
    if measure.unit == "moment":
        spans = [read_moment(str(value)) for value in values]
        moments = [span.start for span in spans if span.end == span.start + 1]
        shifted = (at + MOST_DAYS * DAY) // DAY
        days = [span.start // DAY + MOST_DAYS for span in spans if span.end != span.start + 1]
        return or_(at.in_(bind_many(moments)), shifted.in_(bind_many(days)))
    numbers = [value for value in values if isinstance(value, int | Decimal)]
    if measure.unit == "days":
        wholes = [int(one) for one in numbers if one % 1 == 0]
        return moment.days_since(at).in_(bind_many(wholes))
    if measure.unit == "money":
        return find_money(at, numbers, measure.currency)
    return at.in_(bind_many(numbers or values))


def _compare_free(
    measure: Measure, values: Sequence[Value], negated: bool, moment: Moment
) -> ColumnElement[bool]:
    """Look among values of several types for what is under a key."""
    groups: dict[type, list[Value]] = {}
    for value in values:
        groups.setdefault(str if isinstance(value, str) else type(value), []).append(value)
    numbers = groups.pop(int, []) + groups.pop(Decimal, [])
    if numbers:
        groups[int] = numbers
    clauses = [
        compare_membership(type_free(measure, group[0]), group, negated, moment)
        for group in groups.values()
    ]
    return and_(*clauses) if negated else or_(*clauses)
