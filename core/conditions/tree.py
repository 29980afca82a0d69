"""The tree of a condition; equal for the written and for the structured form.

Where a part was written does not count for equality: offsets into an expression, or the keys that
lead to it in the structured form.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal as OneOf


def normalise_name(name: str) -> str:
    """Write a name as the tree has it: the case of what the shop named itself is kept."""
    prefix, dot, rest = name.partition(".")
    return f"{prefix.lower()}{dot}{rest}"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Named(Part):
    """`in_segment(name)`, with the condition of that segment once it was found."""

    name: str
    condition: Condition


Test = Comparison | Membership | Holding | Between | Like | Missing | Truth
"""What has no condition inside."""

Condition = Test | Not | All | Any | Named


def find_parts(condition: Condition) -> tuple[Condition, ...]:
    """Return the conditions right inside of one."""
    if isinstance(condition, All | Any):
        return condition.parts
    if isinstance(condition, Not):
        return (condition.part,)
    return (condition.condition,) if isinstance(condition, Named) else ()


def find_tests(condition: Condition) -> Iterator[Test]:
    """Yield every test of a condition, those of named segments too, in order."""
    parts = find_parts(condition)
    for part in parts:
        yield from find_tests(part)
    if not parts:
        assert not isinstance(condition, Not | All | Any | Named)
        yield condition


def find_values(test: Test) -> tuple[Constant, ...]:
    """Return the values that stand in a test; arguments of functions are left out."""
    if isinstance(test, Membership):
        return test.values
    if isinstance(test, Between):
        return test.low, test.high
    if isinstance(test, Like):
        return (test.pattern,)
    if isinstance(test, Holding):
        return (test.value,)
    sides = (test.left, test.right) if isinstance(test, Comparison) else ()
    return tuple(side for side in sides if isinstance(side, Constant))


def find_operands(test: Test) -> tuple[Operand, ...]:
    """Return the fields and calls of a test."""
    if isinstance(test, Comparison):
        sides: tuple[Operand, ...] = (test.left, test.right)
    elif isinstance(test, Holding):
        sides = (test.field,)
    else:
        sides = (test.operand,)
    return tuple(side for side in sides if not isinstance(side, Constant))
