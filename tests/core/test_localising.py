from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from ballyhoo import write_date, write_price


@pytest.mark.parametrize(
    ("language", "price", "day"),
    [
        ("en", "€1,234.50", "April 30, 2026"),
        ("de", "1.234,50\xa0€", "30. April 2026"),
        ("de-AT", "€\xa01.234,50", "30. April 2026"),
        ("zh", "€1,234.50", "2026年4月30日"),
        ("xx-nobody", "€1,234.50", "April 30, 2026"),
        ("", "€1,234.50", "April 30, 2026"),
    ],
)
def test_money_and_days_are_written_as_the_language_does(
    language: str, price: str, day: str
) -> None:
    assert write_price(Decimal("1234.50"), "EUR", language) == price
    assert write_date(date(2026, 4, 30), language) == day


def test_a_currency_without_cents_has_none() -> None:
    assert write_price(Decimal("1200"), "JPY", "en") == "¥1,200"
