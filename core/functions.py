"""A function of the condition language, as a plugin registers it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

ArgumentType = Literal["text", "number", "duration", "boolean"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionArgument:
    """One argument of a function.

    Attributes:
        name: Its name; a call gives it by place or as `name => value`.
        type: What it takes.
        required: Whether a call must give it.
        help: One sentence.
    """

    name: str
    type: ArgumentType
    help: str
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionFunction:
    """A function that conditions may call.

    Attributes:
        name: In lower case, with underscores.
        arguments: In the order in which a call may give them by place.
        help: One sentence: what is true of a customer for whom it holds, or what it counts.
        returns: Whether it is itself true or false, or a number to compare.
        build: Called with the arguments by name, only when a condition is compiled; answers
            a SQLAlchemy expression over the public tables. It imports SQLAlchemy itself, so
            that checking a recipe does not.
    """

    name: str
    help: str
    build: Callable[..., Any]
    arguments: tuple[FunctionArgument, ...] = ()
    returns: Literal["boolean", "number"] = "boolean"
