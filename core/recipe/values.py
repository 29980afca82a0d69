"""The values that recipes write as short words: 5%, 30d, 600/min, 21:00-08:00.

Each has a parser, a pydantic type and a JSON Schema with the same pattern, so that an editor
and `check` agree.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time, timedelta
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from pydantic import PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from ..address import normalise_email
from ..quoting import shorten

T = TypeVar("T")

_UNITS = {
    "s": timedelta(seconds=1),
    "min": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
_RATE_UNITS = {
    "s": _UNITS["s"], "min": _UNITS["min"], "h": _UNITS["h"], "hour": _UNITS["h"],
    "d": _UNITS["d"], "day": _UNITS["d"],
}  # fmt: skip
_CLOCK = r"(?:[01]\d|2[0-3]):[0-5]\d"

DURATION_PATTERN = r"^[1-9]\d*(s|min|h|d|w)$"
PERCENTAGE_PATTERN = r"^\d+(\.\d+)?%$"
RATE_PATTERN = r"^[1-9]\d*/(s|min|h|hour|d|day)$"
TIMES_PATTERN = rf"^{_CLOCK}-{_CLOCK}$"
AGAIN_PATTERN = r"^(never|after [1-9]\d*(s|min|h|d|w))$"
APPROVAL_PATTERN = r"^(all|sample [1-9]\d*)$"
DISCOUNT_PATTERN = r"^(\d+(\.\d+)?%|\d+(\.\d+)? [A-Z]{3})$"
ADDRESS_PATTERN = r"^[^\s@<>]+@[^\s@<>]+$"
NAME_PATTERN = r"^[a-z0-9][a-z0-9_-]*$"

LONGEST = timedelta(days=3660)
MOST_COUNTED = 1_000_000_000
"""The greatest number of messages in a rate or a sample."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many messages per so much time."""

    count: int
    per: timedelta


@dataclass(frozen=True, slots=True)
class TimesOfDay:
    """From one time of day to another, over midnight when it ends before it starts."""

    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Again:
    """When a campaign may write to somebody again: never, or after a while."""

    after: timedelta | None

    def __str__(self) -> str:
        return "never" if self.after is None else f"after {write_duration(self.after)}"


@dataclass(frozen=True, slots=True)
class Approval:
    """How many messages a person looks at first; None means all."""

    sample: int | None


def refuse(message: str) -> PydanticCustomError:
    """Return an error whose message is shown as it is, after the place."""
    return PydanticCustomError("ballyhoo", message)  # without facts, braces stay as they are


def _fits(pattern: str, text: str) -> bool:
    # Not re.match: its `$` lets a line break pass at the end, and `\d` digits of any script.
    return re.fullmatch(pattern, text, re.ASCII) is not None


def _read_count(digits: str) -> int:
    if len(digits) > len(str(MOST_COUNTED)) or int(digits) > MOST_COUNTED:
        raise ValueError(f"at most {MOST_COUNTED:,} messages")
    return int(digits)


def parse_duration(text: str) -> timedelta:
    """Read `30d`, `2h`, `90min`, `45s`, `2w`; raise ValueError otherwise."""
    if not _fits(DURATION_PATTERN, text):
        raise ValueError("a duration such as 30d, 2h or 90min")
    digits = text.rstrip("abcdefghijklmnopqrstuvwxyz")
    if (
        len(digits) > len(str(LONGEST // _UNITS["s"]))
        or (duration := int(digits) * _UNITS[text.removeprefix(digits)]) > LONGEST
    ):
        raise ValueError("a duration of at most ten years")
    return duration


def write_duration(duration: timedelta) -> str:
    """Write a duration of whole seconds as recipes do, in the greatest unit that measures it."""
    name, unit = next(
        (name, unit) for name, unit in reversed(_UNITS.items()) if not duration % unit
    )
    return f"{duration // unit}{name}"


def parse_percentage(text: str) -> Decimal:
    """Read `5%` as 0.05; raise ValueError otherwise."""
    if not _fits(PERCENTAGE_PATTERN, text):
        raise ValueError("a percentage such as 5%")
    share = Decimal(text[:-1]) / 100
    if share > 1:
        raise ValueError("a percentage of at most 100%")
    return share


def parse_rate(text: str) -> Rate:
    """Read `600/min`; raise ValueError otherwise."""
    if not _fits(RATE_PATTERN, text):
        raise ValueError("a rate such as 600/min, 10/s or 5000/day")
    count, unit = text.split("/")
    return Rate(_read_count(count), _RATE_UNITS[unit])


def write_rate(rate: Rate) -> str:
    """Write a rate as recipes do: `600/min`."""
    return f"{rate.count}/{next(name for name, unit in _UNITS.items() if unit == rate.per)}"


def parse_times_of_day(text: str) -> TimesOfDay:
    """Read `21:00-08:00`; raise ValueError otherwise."""
    if not _fits(TIMES_PATTERN, text):
        raise ValueError('times of day such as "21:00-08:00", with two digits each')
    start, end = (time.fromisoformat(part) for part in text.split("-"))
    if start == end:
        raise ValueError("two different times of day")
    return TimesOfDay(start, end)


def parse_again(text: str) -> Again:
    """Read `never` or `after 30d`; raise ValueError otherwise."""
    if not _fits(AGAIN_PATTERN, text):
        raise ValueError("'never' or a wait such as 'after 30d'")
    return Again(None if text == "never" else parse_duration(text.removeprefix("after ")))


def parse_approval(text: str) -> Approval:
    """Read `all` or `sample 20`; raise ValueError otherwise."""
    if not _fits(APPROVAL_PATTERN, text):
        raise ValueError("'all' or a number of samples such as 'sample 20'")
    return Approval(None if text == "all" else _read_count(text.removeprefix("sample ")))


def parse_discount(text: str) -> str:
    """Check `20%` or `5.00 EUR`; raise ValueError otherwise."""
    if not _fits(DISCOUNT_PATTERN, text):
        raise ValueError("a discount such as 20% or '5.00 EUR'")
    if text.endswith("%"):
        parse_percentage(text)
    return text


def parse_name(text: str) -> str:
    """Check a name of a campaign or variant; raise ValueError otherwise."""
    if not _fits(NAME_PATTERN, text) or len(text) > 80:
        raise ValueError("a name of lower-case letters, digits, '-' and '_', at most 80 of them")
    return text


def parse_address(text: str) -> str:
    """Return an e-mail address in its one form."""
    try:
        return normalise_email(text)
    except ValueError:
        raise ValueError("an e-mail address") from None


def _validator(parse: Callable[[str], T]) -> Callable[[Any], Any]:
    def validate(value: Any) -> Any:
        try:
            return parse(value if isinstance(value, str) else "")
        except ValueError as error:
            raise refuse(f"must be {error}, not {show_plain(value)}") from None

    return validate


def show_plain(value: Any) -> str:
    """Return a value that is no longer a node as it is quoted in a message."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    return f"'{shorten(value)}'" if isinstance(value, str) else shorten(str(value))


def _schema(pattern: str, description: str, *examples: str) -> WithJsonSchema:
    return WithJsonSchema(
        {"type": "string", "pattern": pattern, "description": description, "examples": [*examples]}
    )


RATE_SCHEMA = _schema(RATE_PATTERN, "Messages per time, over all workers.", "600/min", "5000/day")

Duration = Annotated[
    timedelta, PlainValidator(_validator(parse_duration)),
    _schema(DURATION_PATTERN, "A duration: s, min, h, d or w.", "30d", "2h"),
]  # fmt: skip
Percentage = Annotated[
    Decimal, PlainValidator(_validator(parse_percentage)),
    _schema(PERCENTAGE_PATTERN, "A percentage.", "5%"),
]  # fmt: skip
MessageRate = Annotated[
    Rate, PlainValidator(_validator(parse_rate)), RATE_SCHEMA,
]  # fmt: skip
DailyTimes = Annotated[
    TimesOfDay, PlainValidator(_validator(parse_times_of_day)),
    _schema(TIMES_PATTERN, "Times of day, over midnight when the first is later.", "21:00-08:00"),
]  # fmt: skip
AgainRule = Annotated[
    Again, PlainValidator(_validator(parse_again)),
    _schema(AGAIN_PATTERN, "Whether somebody may get this campaign again.", "never", "after 30d"),
]  # fmt: skip
ApprovalRule = Annotated[
    Approval, PlainValidator(_validator(parse_approval)),
    _schema(APPROVAL_PATTERN, "What a person looks at before it is sent.", "sample 20", "all"),
]  # fmt: skip
Discount = Annotated[
    str, PlainValidator(_validator(parse_discount)),
    _schema(DISCOUNT_PATTERN, "A share or an amount with its currency.", "20%", "5.00 EUR"),
]  # fmt: skip
Name = Annotated[
    str, PlainValidator(_validator(parse_name)),
    _schema(NAME_PATTERN, "Lower-case letters, digits, '-' and '_'.", "spring-trail"),
]  # fmt: skip
Address = Annotated[
    str, PlainValidator(_validator(parse_address)),
    _schema(ADDRESS_PATTERN, "An e-mail address alone.", "support@shop.example"),
]  # fmt: skip
