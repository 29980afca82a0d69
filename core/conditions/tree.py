"""The tree of a condition; equal for the written and for the structured form.

Where a part was written does not count for equality: offsets into an expression, or the keys that
lead to it in the structured form.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal as OneOf

Value = str | int | Decimal | bool
Operator = OneOf["=", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What every part of a tree knows: where it was written."""

    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)
    path: tuple[str | int, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant(Part):
    """A value that stands in the condition."""

    value: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Field(Part):
    """A field by its name (`country`, `traits.loyalty_tier`)."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument(Part):
    """An argument of a call, by name; before it was checked the name may be None (by place)."""

    name: str | None
    value: Constant


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Part):
    """A call of a function."""

    name: str
    arguments: tuple[Argument, ...] = ()


Operand = Constant | Field | Call


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison(Part):
    """`left operator right`."""

    left: Operand
    operator: Operator
    right: Operand


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership(Part):
    """`operand IN (values)`."""

    operand: Operand
    values: tuple[Constant, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding(Part):
    """`value IN field`, for a field that holds several values."""

    field: Field
    value: Constant


@dataclass(frozen=True, slots=True, kw_only=True)
class Between(Part):
    """`operand BETWEEN low AND high`, both included."""

    operand: Operand
    low: Constant
    high: Constant


@dataclass(frozen=True, slots=True, kw_only=True)
class Like(Part):
    """`operand LIKE pattern`, where % is any text and _ any character; case does not matter."""

    operand: Operand
    pattern: Constant


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing(Part):
    """`operand IS NULL`."""

    operand: Operand


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth(Part):
    """A field or call that is itself true or false."""

    operand: Field | Call


@dataclass(frozen=True, slots=True, kw_only=True)
class Not(Part):
    """Holds when its part does not."""

    part: Condition


@dataclass(frozen=True, slots=True, kw_only=True)
class All(Part):
    """Holds when all of its parts do (AND)."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Any(Part):
    """Holds when one of its parts does (OR)."""

    parts: tuple[Condition, ...]


Condition = Comparison | Membership | Holding | Between | Like | Missing | Truth | Not | All | Any
