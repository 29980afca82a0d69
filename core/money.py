"""Money outside is Decimal with a currency; in the database it is integer minor units."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

_NONE = ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG")
_NONE_TOO = ("RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF")
_THREE = ("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND")

DIGITS = {**dict.fromkeys((*_NONE, *_NONE_TOO), 0), **dict.fromkeys(_THREE, 3)}
"""Digits after the point by ISO 4217 currency; 2 for every other one."""


def to_minor(amount: Decimal, currency: str) -> int:
    """Return an amount as minor units (cents, yen), rounded half to even.

    Args:
        amount: In whole units of the currency; finite.
        currency: ISO 4217 code.
    """
    scaled = amount.scaleb(DIGITS.get(currency, 2))
    return int(scaled.to_integral_value(rounding=ROUND_HALF_EVEN))


def from_minor(minor: int, currency: str) -> Decimal:
    """Return minor units as an amount with the currency's digits (1990, "EUR": 19.90)."""
    return Decimal(minor).scaleb(-DIGITS.get(currency, 2))
