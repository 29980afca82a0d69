"""Reads a number of a file, with a decimal point or comma, with or without a currency's sign."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import Any

from .values import Reader

MAX_NUMBER = Decimal(10) ** 15
MOST_PIECES = (1 << 31) - 1
"""What the database's small integers hold."""

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,2})?", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:[ ,'\u00a0\u202f]\d{3})+(?:\.\d*)?", re.ASCII)
_GROUPS = re.compile(r"[ ,'\u00a0\u202f]")
_MONEY_SIGNS = re.compile(r"^([A-Z]{3}|[€$£¥₹]|US\$)\s*|\s*([A-Z]{3}|[€$£¥₹])$")
_CURRENCIES = {"€": "EUR", "£": "GBP", "₹": "INR", "US$": "USD", "$": None, "¥": None}
"""Two of the signs are of several currencies."""


class Money(Decimal):
    """An amount whose text says its currency.

    Attributes:
        currency: ISO 4217 code.
    """

    currency: str

    @classmethod
    def of(cls, amount: Decimal, currency: str) -> Money:
        """Return an amount in a currency."""
        made = cls(amount)
        made.currency = currency
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return Money.of, (Decimal(self), self.currency)


def find_currency(value: Any) -> str | None:
    """Return the currency that the text of an amount said; None when it said none."""
    return value.currency if isinstance(value, Money) else None


def read_number(value: Any) -> Decimal | None:
    """Return a finite number with a decimal point; groups of three may be parted."""
    if type(value) is str:
        text = value.strip()
        if not text:
            return None
        currency: str | None = None
        if not _NUMBER.fullmatch(text):
            sign = _MONEY_SIGNS.search(text)
            if sign is not None:
                said = sign[1] or sign[2]
                currency = _CURRENCIES.get(said, said)
            text = _MONEY_SIGNS.sub("", text)
            if _GROUPED.fullmatch(text):
                text = _GROUPS.sub("", text)
            elif not _NUMBER.fullmatch(text):
                hint = "; with a decimal comma say `decimal: ','`" if "," in text else ""
                raise ValueError(f"is not a number{hint}")
        number = Decimal(text)
        if currency is not None:
            number = Money.of(number, currency)
    elif value is None:
        return None
    elif isinstance(value, bool):
        raise ValueError("is true or false, not a number")
    elif isinstance(value, int):
        number = Decimal(value)
    elif isinstance(value, float):
        if math.isnan(value):
            return None
        number = Decimal(repr(value))
    elif isinstance(value, Decimal):
        number = value
    else:
        raise ValueError("is not a number")
    if not number.is_finite() or abs(number) >= MAX_NUMBER:
        raise ValueError("is too large a number")
    return number


def read_comma_number(value: Any) -> Decimal | None:
    """Return a number that is written with a decimal comma (`1.234,50`)."""
    if type(value) is str:
        value = value.translate({ord("."): ",", ord(","): "."})
        if value.count(",") and "." not in value and not re.search(r"\d{1,3}(,\d{3})+$", value):
            raise ValueError("is not a number with a decimal comma")
    return read_number(value)


def integer_reader(read: Reader, most: int | None = None) -> Reader:
    """Return a reader of whole numbers up to `most`; 3.0 is one."""

    def read_integer(value: Any) -> int | None:
        if type(value) is str and value.isascii() and value.isdecimal() and len(value) < 10:
            return int(value)
        number = read(value)
        if number is None:
            return None
        if number != number.to_integral_value():
            raise ValueError("is not a whole number")
        if most is not None and abs(number) > most:
            raise ValueError("is too large a number")
        return int(number)

    return read_integer


def read_stars(value: Any) -> int | None:
    """Return 1 to 5 stars."""
    number = read_number(value)
    if number is None:
        return None
    if number != number.to_integral_value() or not 1 <= number <= 5:
        raise ValueError("is not 1, 2, 3, 4 or 5 stars")
    return int(number)
