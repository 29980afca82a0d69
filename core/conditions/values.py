"""What a value that stands in a condition is, and whether it fits where it stands."""

from __future__ import annotations

from decimal import Decimal

from ..functions import ArgumentType
from ..quoting import shorten
from ..recipe.values import parse_duration
from .fields import FieldType
from .moments import read_moment
from .tree import Call, Constant, Field, Operand

ARGUMENT_NAMES: dict[ArgumentType, str] = {
    "text": "text in single quotes",
    "number": "a number",
    "duration": "a duration such as '30d'",
    "boolean": "TRUE or FALSE",
}


def fits_argument(value: object, kind: ArgumentType) -> bool:
    """Whether a value may be given for an argument of this type."""
    if kind == "boolean":
        return isinstance(value, bool)
    if kind == "number":
        return isinstance(value, int | Decimal) and not isinstance(value, bool)
    if kind == "text":
        return isinstance(value, str)
    try:
        parse_duration(str(value))
    except ValueError:
        return False
    return isinstance(value, str)


def type_of(constant: Constant) -> FieldType:
    """Return the type of a value."""
    if isinstance(constant.value, bool):
        return "boolean"
    return "text" if isinstance(constant.value, str) else "number"


def is_moment(text: str) -> bool:
    """Whether a text is a date or a moment."""
    try:
        read_moment(text)
    except ValueError:
        return False
    return True


def show_operand(operand: Operand) -> str:
    """Return a field, a call or a value as a message shows it."""
    return (
        f"'{shorten(operand.name)}'"
        if isinstance(operand, Field | Call)
        else show_constant(operand)
    )


def show_constant(constant: Constant) -> str:
    """Return a value as a message shows it."""
    if isinstance(constant.value, bool):
        return str(constant.value).upper()
    if isinstance(constant.value, str):
        return f"'{shorten(constant.value)}'"
    return str(constant.value)
