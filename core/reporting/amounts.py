"""Words numbers and money for people, as every rendering of a report shows them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from ..money import DIGITS, from_minor

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def say_money(minor: float, currency: str) -> str:
    """Return an amount with its currency (`1,234.50 EUR`); minor units may be fractions."""
    if not math.isfinite(minor):
        return f"unknown {currency}"
    return f"{from_minor(round(minor), currency):,} {currency}"


def say_round_money(minor: float, currency: str) -> str:
    """Return the same without its fraction where it is a thousand units or more."""
    digits = DIGITS.get(currency, 2)
    if not math.isfinite(minor) or abs(minor) < 10 ** (digits + 3):
        return say_money(minor, currency)
    return f"{minor / 10**digits:,.0f} {currency}"


def say_small_money(minor: float, currency: str) -> str:
    """Return the same with as many digits as a small amount needs (`0.0123 EUR`)."""
    digits = DIGITS.get(currency, 2)
    amount = minor / 10**digits
    if not math.isfinite(amount):
        return f"unknown {currency}"
    if abs(amount) >= 1 or amount == 0:
        return f"{amount:,.{digits}f} {currency}"
    more = max(digits, 1 - math.floor(math.log10(abs(amount))))
    return f"{amount:,.{min(more, 8)}f} {currency}"


def say_moneys(values: Mapping[str, float], *, rounds: bool = False) -> str:
    """Return money in each of its currencies, which are never added together."""
    say = say_round_money if rounds else say_money
    return " + ".join(say(value, name) for name, value in sorted(values.items())) or "0"


def to_amount(minor: float, currency: str) -> str:
    """Return minor units as a plain decimal number, for programs."""
    exact = Decimal(repr(float(minor))).scaleb(-DIGITS.get(currency, 2))
    return f"{exact.quantize(Decimal(1).scaleb(-DIGITS.get(currency, 2) - 4)):f}"


def say_share(part: float, whole: float, *, digits: int = 1) -> str:
    """Return a part as a percentage of the whole; `-` of nothing."""
    return "-" if not whole else f"{part / whole:.{digits}%}"


def say_per_thousand(value: float) -> str:
    """Return how many of 1,000 a share is, with a digit after the point where it is small."""
    number = abs(value * 1000)
    if number >= 9.95:
        return f"{number:,.0f}"
    shown = f"{number:.1f}"
    return shown.removesuffix(".0")


def say_chance(chance: float) -> str:
    """Return a probability as a percentage; never as certain, nor as impossible."""
    if chance > 0.999:
        return "over 99.9%"
    if chance < 0.001:
        return "under 0.1%"
    return f"{chance:.1%}".replace(".0%", "%")


def say_days(days: float) -> str:
    """Return a number of days in words; never less than one."""
    whole = max(1, math.ceil(days))
    return f"{whole:,} day{'' if whole == 1 else 's'}"


def say_moment(moment: int) -> str:
    """Return UTC milliseconds as `2026-11-26 18:05 UTC`."""
    return f"{_EPOCH + timedelta(milliseconds=moment):%Y-%m-%d %H:%M} UTC"


def say_date(moment: int) -> str:
    """Return UTC milliseconds as `26 November 2026`."""
    at = _EPOCH + timedelta(milliseconds=moment)
    return f"{at.day} {at:%B %Y}"


def say_iso(moment: int | None) -> str | None:
    """Return UTC milliseconds as ISO 8601, for programs."""
    if moment is None:
        return None
    return (_EPOCH + timedelta(milliseconds=moment)).isoformat(timespec="seconds")
