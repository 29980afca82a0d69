"""Compares two fields with each other, so that the answer is true or false."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, false, func, literal, or_

from .comparing import Moment, apply, invert, plain_sign
from .fields import FieldType
from .json_values import JsonNumber, JsonText, JsonTruth
from .measures import Measure, whole_units
from .tree import Operator


def compare_measures(
    left: Measure,
    sign: Operator,
    right: Measure,
    types: tuple[FieldType, FieldType],
    negated: bool,
    moment: Moment,
) -> ColumnElement[bool]:
    """Return `left sign right`, or its negation; false where one of them is missing.

    Args:
        left: What stands left.
        sign: How they are compared.
        right: What stands right.
        types: What each holds; a free field is read as the type of the other one.
        negated: Whether the negation is asked for, which holds where one of them is missing.
        moment: What "days since" counts from.
    """
    sign, negated = plain_sign(sign, negated)
    sides = (
        _read(left, types[0], types[1], moment),
        _read(right, types[1], types[0], moment),
    )
    clause: ColumnElement[bool] = apply(invert(sign, negated), *sides)
    if not negated:
        return clause
    optional = [
        side.is_(None)
        for side, measure in zip(sides, (left, right), strict=True)
        if measure.is_optional and measure.missing is None
    ]
    return or_(clause, *optional)


def _read(
    measure: Measure, its_type: FieldType, other: FieldType, moment: Moment
) -> ColumnElement[Any]:
    expression = measure.expression
    if measure.unit == "free":
        kinds = {"number": JsonNumber, "boolean": JsonTruth}
        return kinds.get(other, JsonText)(expression, measure.key)
    if measure.unit == "days":
        expression = moment.days_since(expression)
    elif measure.unit == "money":
        expression = whole_units(measure)
    if measure.missing is None:
        return expression
    missing = false() if measure.missing is False else literal(measure.missing)
    return func.coalesce(expression, missing)
