"""Reads amounts of money and dates as people write them: English, German, Chinese."""

from __future__ import annotations

import re
from datetime import date

CURRENCIES = {
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "欧元": "EUR", "歐元": "EUR",
    "$": "USD", "us$": "USD", "usd": "USD", "dollar": "USD", "dollars": "USD", "美元": "USD",
    "£": "GBP", "gbp": "GBP", "pound": "GBP", "pounds": "GBP", "pfund": "GBP", "英镑": "GBP",
    "chf": "CHF", "franken": "CHF", "fr": "CHF", "sfr": "CHF", "瑞郎": "CHF",
    "cny": "CNY", "rmb": "CNY", "yuan": "CNY", "元": "CNY", "块": "CNY", "塊": "CNY",
    "人民币": "CNY", "jpy": "JPY", "yen": "JPY", "日元": "JPY", "円": "JPY", "¥": "CNY",
    "cad": "CAD", "aud": "AUD", "sek": "SEK", "pln": "PLN", "hkd": "HKD", "港币": "HKD",
    "twd": "TWD", "nt$": "TWD",
}  # fmt: skip
"""How a currency is called, in small letters, and its ISO 4217 code; ¥ of a text without kana."""

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar jänner", "february feb februar", "march mar märz mrz",
            "april apr", "may mai", "june jun juni", "july jul juli", "august aug",
            "september sep sept", "october oct oktober okt", "november nov",
            "december dec dezember dez",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
LEAP_YEAR = 2000

_NUMBER = re.compile(r"\d{1,3}(?:[.,' ]\d{3})*(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?")


def read_number(text: str) -> str | None:
    """Return a number in plain digits with a point; None when it is none.

    Of `1.234` and `1,234` the sign parts thousands, of `1,23` it is the point.
    """
    squeezed = text.replace("'", "").replace(" ", "")
    if not _NUMBER.fullmatch(text) or not squeezed:
        return None
    last = max(squeezed.rfind("."), squeezed.rfind(","))
    if last < 0 or len(squeezed) - last == 4:
        return re.sub(r"[.,]", "", squeezed)
    whole = re.sub(r"[.,]", "", squeezed[:last])
    return f"{whole}.{squeezed[last + 1 :]}"


def read_date(year: str | None, month: str, day: str) -> str | None:
    """Return a date as YYYY-MM-DD, without a year as --MM-DD; None when there is no such day."""
    number = MONTHS.get(month.casefold()) or (int(month) if month.isdecimal() else 0)
    full = None if year is None else int(year) + (2000 if len(year) == 2 else 0)
    try:
        found = date(LEAP_YEAR if full is None else full, number, int(day))
    except ValueError:
        return None
    return found.isoformat() if full is not None else f"--{number:02}-{int(day):02}"
