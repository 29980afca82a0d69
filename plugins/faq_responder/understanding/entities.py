"""Finds by rules what a question names: orders, addresses, dates, amounts of money, products."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from .numbers import CURRENCIES, MONTHS, read_date, read_number
from .understood import Entity

MOST_CHARS = 5_000
SHORTEST_TITLE = 3

_KEY = r"[A-Za-z0-9](?:[A-Za-z0-9]|[-_/](?=[A-Za-z0-9])){1,30}"
_ORDER_WORD = r"""
    (?:order|purchase|invoice|bestell(?:ung|nummer|nr)|auftrags?(?:nummer|nr)?|rechnung(?:snummer)?
      |sendung(?:snummer)?)
"""
_NUMBER_WORD = r"(?:no|nr|num|number|id|key|code|ref(?:erence)?|nummer)"
_ORDERS = (
    re.compile(rf"(?<![\w&#])\#\s?(?P<key>{_KEY})(?!\w)"),
    re.compile(
        rf"(?<!\w){_ORDER_WORD}[\s-]*(?:{_NUMBER_WORD})[.:]?\s*(?:is|ist|lautet)?\s*[:=\#]?\s*"
        rf"(?P<key>{_KEY})(?!\w)",
        re.VERBOSE | re.IGNORECASE,
    ),
    re.compile(
        rf"(?<!to\s)(?<!\w){_ORDER_WORD}\s*[:=\#(]?\s*(?P<long>{_KEY})(?!\w)",
        re.VERBOSE | re.IGNORECASE,
    ),
    re.compile(
        rf"(?:订单|訂單|单|單)(?:号码?|號碼?|编号|編號)?\s*(?:是|为|為)?\s*[:：\#]?\s*(?P<key>{_KEY})"
        r"(?![A-Za-z0-9])"
    ),
    re.compile(r"(?<![\w.,-])(?P<long>[A-Z]{1,5}-?\d{4,20}(?:-\d{1,10})?)(?![\w-])"),
    re.compile(r"(?<![\w.,+/-])(?<!\d\s)(?P<long>[1-9]\d{5,11})(?![\w-]|[.,]\d)"),
)
_EMAIL = re.compile(
    r"(?<![\w.+-])[A-Za-z0-9][\w.+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5}"
)
_MONTH = "|".join(sorted(map(re.escape, MONTHS), key=len, reverse=True))
_YEAR = r"(?P<year>\d{4})"
_DATES = (
    re.compile(rf"(?<![\w-]){_YEAR}-(?P<month>\d{{1,2}})-(?P<day>\d{{1,2}})(?![\w-])"),
    re.compile(
        r"(?<![\w.])(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\."
        r"(?:\s?(?P<year>\d{4}|\d{2}))?(?!\d)"
    ),
    re.compile(
        rf"(?<!\w)(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?\s(?:of\s)?(?P<month>{_MONTH})\b\.?(?:,?\s{_YEAR}\b)?",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?<!\w)(?P<month>{_MONTH})\.?\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?!\d|[.,]\d)(?:,?\s{_YEAR}\b)?",
        re.IGNORECASE,
    ),
    re.compile(rf"(?:{_YEAR}\s?年\s?)?(?P<month>\d{{1,2}})\s?月\s?(?P<day>\d{{1,2}})\s?[日号號]"),
)
_FIGURE = r"\d{1,3}(?:[.,']\d{3})+(?:[.,]\d{1,2})?|\d{1,9}(?:[.,]\d{1,2})?"
_SIGNS = "|".join(sorted(map(re.escape, CURRENCIES), key=len, reverse=True))
_AMOUNTS = (
    re.compile(
        rf"(?<!\w)(?P<money>us\$|nt\$|[€$£¥]|(?:eur|usd|gbp|chf|cny|rmb|jpy)\b)\s?(?P<figure>{_FIGURE})(?![\d])",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?<![A-Za-z0-9.,])(?P<figure>{_FIGURE})(?:,-|,--)?\s?(?P<money>{_SIGNS})(?![A-Za-zÀ-ÿ])",
        re.IGNORECASE,
    ),
)
_KANA = re.compile("[\u3040-\u30ff]")


def find_entities(text: str, titles: Iterable[str] = ()) -> tuple[Entity, ...]:
    """Return what a text names, in its order; nothing overlaps.

    An address comes before a date, a date before an amount, an amount before an order: what one
    took is no other's. A day without a year, or one of which nobody can say whether day or month
    stands first (03/04/2026), is taken for what it says and no more: the latter is none.

    Args:
        text: Any text; what stands behind 5,000 signs is not looked at.
        titles: What products are called.
    """
    text = text[:MOST_CHARS]
    found: list[Entity] = []
    for one in (
        *_find_emails(text),
        *_find_products(text, titles),
        *_find_dates(text),
        *_find_amounts(text),
        *_find_orders(text),
    ):
        if all(one.start >= other.end or one.end <= other.start for other in found):
            found.append(one)
    return tuple(sorted(found, key=lambda one: one.start))


def _find_emails(text: str) -> Iterator[Entity]:
    for found in _EMAIL.finditer(text):
        yield _make("email", found, found.group().rstrip(".-").lower())


def _find_products(text: str, titles: Iterable[str]) -> Iterator[Entity]:
    for title in sorted(set(titles), key=lambda one: (-len(one), one)):
        words = title.split()
        if len(title.strip()) < SHORTEST_TITLE or not words:
            continue
        pattern = r"\s+".join(map(re.escape, words))
        ends = [r"(?<!\w)" if title[0].isascii() else "", r"(?!\w)" if title[-1].isascii() else ""]
        for found in re.finditer(ends[0] + pattern + ends[1], text, re.IGNORECASE):
            yield _make("product", found, title)


def _find_dates(text: str) -> Iterator[Entity]:
    for pattern in _DATES:
        for found in pattern.finditer(text):
            value = read_date(found["year"], found["month"], found["day"])
            if value is not None:
                yield _make("date", found, value)


def _find_amounts(text: str) -> Iterator[Entity]:
    for pattern in _AMOUNTS:
        for found in pattern.finditer(text):
            number = read_number(found["figure"])
            currency = CURRENCIES.get(found["money"].lower())
            if found["money"] == "¥" and _KANA.search(text):
                currency = "JPY"
            if number is not None and currency is not None:
                yield _make("amount", found, f"{number} {currency}")


def _find_orders(text: str) -> Iterator[Entity]:
    for pattern in _ORDERS:
        for found in pattern.finditer(text):
            named = found.groupdict()
            key = named.get("key") or named["long"]
            digits = sum(one.isdecimal() for one in key)
            # Without a word or sign for `number` a short figure is a count: "order 12 shirts".
            enough = 1 if named.get("key") else 4
            if digits >= enough and not re.fullmatch(r"\d{1,2}", key):
                group = "key" if named.get("key") else "long"
                yield Entity(
                    kind="order",
                    text=key,
                    value=key.upper(),
                    start=found.start(group),
                    end=found.end(group),
                )


def _make(kind: str, found: re.Match[str], value: str) -> Entity:
    return Entity(kind=kind, text=found.group(), value=value, start=found.start(), end=found.end())
