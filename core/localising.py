"""Writes money and dates as people of a language write them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel import Locale

FALLBACK = "en"


@lru_cache(maxsize=4096)
def write_price(amount: Decimal, currency: str, language: str) -> str:
    """Return an amount with its currency: `89,90 €` for `de`, `€89.90` for `en`.

    Args:
        amount: In whole units of the currency.
        currency: ISO 4217 code.
        language: BCP 47 tag; English when there is nothing for it.
    """
    from babel.numbers import format_currency

    return str(format_currency(amount, currency, locale=find_locale(language)))


@lru_cache(maxsize=4096)
def write_date(day: date, language: str) -> str:
    """Return a day in words: `30. April 2026` for `de`, `April 30, 2026` for `en`."""
    from babel.dates import format_date

    return str(format_date(day, format="long", locale=find_locale(language)))


@lru_cache(maxsize=256)
def find_locale(language: str) -> Locale:
    """Return what is known of a language; of its base language, or English, when nothing is."""
    from babel import Locale, UnknownLocaleError

    for tag in (language, language.replace("_", "-").partition("-")[0], FALLBACK):
        try:
            return Locale.parse(tag.replace("_", "-"), sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    raise AssertionError("there is always English")
