"""A function of the condition language, as a plugin registers it."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

SUBJECT = "subject"
"""The argument of `build` that no call gives: whom the condition is about."""

ArgumentType = Literal["text", "number", "duration", "boolean"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionArgument:
    """One argument of a function.

    Attributes:
        name: Its name; a call gives it by place or as `name => value`.
        type: What it takes.
        required: Whether a call must give it.
        help: One sentence.
        least: Of a number, the least that makes sense.
        most: Of a number, the most that makes sense; None when there is no limit.
    """

    name: str
    type: ArgumentType
    help: str
    required: bool = False
    least: int = 0
    most: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionFunction:
    """A function that conditions may call.

    Attributes:
        name: In lower case, with underscores.
        arguments: In the order in which a call may give them by place.
        help: One sentence: what is true of a customer for whom it holds, or what it counts.
        returns: Whether it is itself true or false, or a number to compare.
        build: Called with the arguments by name, only when a condition is compiled; answers
            a SQLAlchemy expression over the public tables, in which `tables.customers` is the
            customer that the condition is about. It imports SQLAlchemy itself, so that checking
            a recipe does not. One that takes an argument named `subject` gets a
            `ConditionSubject`: whom, and at which moment. Numbers come as int or Decimal,
            durations as timedelta.
    """

    name: str
    help: str
    build: Callable[..., Any]
    arguments: tuple[FunctionArgument, ...] = ()
    returns: Literal["boolean", "number"] = "boolean"

    @property
    def takes_subject(self) -> bool:
        """Whether `build` wants to know whom the condition is about."""
        return SUBJECT in inspect.signature(self.build).parameters


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionSubject:
    """Whom a condition is about while it is compiled, and at which moment.

    Attributes:
        id: The SQLAlchemy column of her id.
        now: The moment, aware.
        is_few: Whether few customers are looked at, so that their rows are better found one by
            one than all at once.
    """

    id: Any
    now: datetime
    is_few: bool = False

    def ago(self, days: float | timedelta) -> int:
        """Return the moment so many days, or so long, before now, in UTC milliseconds."""
        length = days if isinstance(days, timedelta) else timedelta(days=float(days))
        return to_milliseconds(self.now - length)


def to_milliseconds(moment: datetime) -> int:
    """Return an aware moment as the store has it: UTC milliseconds since 1970, rounded down."""
    return (moment - _EPOCH) // timedelta(milliseconds=1)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
