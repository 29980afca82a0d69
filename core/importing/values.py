"""Reads one value of a file as text, a word, a list; says what is wrong with it.

Every reader takes what the file holds and returns None for an empty value. A ValueError says
why a value cannot be read, without the value where it may be somebody's identity.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, time
from decimal import Decimal
from typing import Any

Reader = Callable[[Any], Any]

MAX_KEY_CHARACTERS = 255
YES = ("yes", "true", "1", "y", "t", "subscribed", "ja", "on")
NO = ("no", "false", "0", "n", "f", "unsubscribed", "nein", "off")

_BROKEN = re.compile("[\x00\ud800-\udfff]")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z]{4})?(?:[-_](?:[A-Za-z]{2}|\d{3}))?", re.ASCII)


def read_text(value: Any) -> str | None:
    """Return text without space around it; numbers become text (13085.0 is `13085`)."""
    if type(value) is str:
        text = value.strip()
        if not text:
            return None
        if not text.isprintable() and _BROKEN.search(text):
            raise ValueError("has a character that cannot be stored")
        return text
    if value is None or value is True or value is False:
        return None if value is None else str(value).lower()
    if isinstance(value, int | Decimal):
        return str(value)
    if isinstance(value, float):
        if math.isnan(value):
            return None
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, date | time):
        return value.isoformat()
    raise ValueError("is a list or a mapping, not text")


def read_key(value: Any) -> str | None:
    """Return a key of the shop's own."""
    text = read_text(value)
    if text is not None and len(text) > MAX_KEY_CHARACTERS:
        raise ValueError(f"has {len(text)} characters; a key has at most {MAX_KEY_CHARACTERS}")
    return text


def boolean_reader(yes: Sequence[str], no: Sequence[str]) -> Reader:
    """Return a reader of words for yes and no, whatever their case."""
    words = {word.casefold(): True for word in yes or YES}
    words |= {word.casefold(): False for word in no or NO}
    listed = ", ".join(words)

    def read(value: Any) -> bool | None:
        text = read_text(value)
        if text is None:
            return None
        try:
            return words[text.casefold()]
        except KeyError:
            raise ValueError(f"is none of {listed}") from None

    return read


def choice_reader(known: Mapping[str, str], what: str) -> Reader:
    """Return a reader of one of some words, whatever their case."""

    def read(value: Any) -> str | None:
        text = read_text(value)
        if text is None:
            return None
        try:
            return known[text.casefold()]
        except KeyError:
            raise ValueError(f"is no {what}; known: {', '.join(dict.fromkeys(known))}") from None

    return read


def read_language(value: Any) -> str | None:
    """Return a BCP 47 tag: `de_at` becomes `de-AT`."""
    text = read_text(value)
    if text is None:
        return None
    if not _LANGUAGE.fullmatch(text):
        raise ValueError("is no language such as de or pt-BR")
    first, *rest = text.replace("_", "-").split("-")
    return "-".join(
        [first.lower(), *(part.title() if len(part) == 4 else part.upper() for part in rest)]
    )


def read_zone(value: Any) -> str | None:
    """Return an IANA time zone."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    text = read_text(value)
    if text is None:
        return None
    try:
        return ZoneInfo(text).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("is no time zone such as Europe/Berlin") from None


def read_currency(value: Any) -> str | None:
    """Return an ISO 4217 code."""
    text = read_text(value)
    if text is None:
        return None
    code = text.upper()
    if len(code) != 3 or not code.isascii() or not code.isalpha():
        raise ValueError("is no currency such as EUR")
    return code


def read_url(value: Any) -> str | None:
    """Return an http or https address."""
    text = read_text(value)
    if text is None:
        return None
    if text.startswith("//"):
        text = f"https:{text}"
    if not text.lower().startswith(("https://", "http://")) or re.search(r'[\s<>"]', text):
        raise ValueError("is no address that begins with https://")
    return text


def read_condition_text(value: Any) -> str | None:
    """Return a condition of customers as it is written, looked at."""
    from ..conditions.built_in import BUILT_IN
    from ..conditions.customer_fields import CUSTOMER_FIELDS
    from ..conditions.reading import read_condition

    text = read_text(value)
    if text is None:
        return None
    condition, mistakes = read_condition(text, CUSTOMER_FIELDS, BUILT_IN)
    if condition is None:
        raise ValueError(f"is no condition of customers: {mistakes[0].message}")
    return text


def list_reader(separator: str | None) -> Reader:
    """Return a reader of lists; text is parted at the separator, or is a list of one."""

    def read(value: Any) -> tuple[str, ...] | None:
        if isinstance(value, list | tuple):
            parts = [read_text(part) for part in value]
        else:
            text = read_text(value)
            if text is None:
                return None
            parts = [read_text(part) for part in text.split(separator)] if separator else [text]
        return tuple(part for part in parts if part is not None)

    return read


def read_scalar(value: Any) -> str | int | float | bool | None:
    """Return what a trait may be; a list becomes text, a mapping is refused."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, list):
        return ", ".join(filter(None, (read_text(part) for part in value))) or None
    return read_text(value)


def read_json(value: Any) -> dict[str, Any] | None:
    """Return a JSON object; text is parsed."""
    if isinstance(value, str):
        if not value.strip():
            return None
        try:
            value = json.loads(value, parse_constant=_refuse_constant)
        except (ValueError, RecursionError):
            raise ValueError("is not JSON") from None
    if value is not None and not isinstance(value, dict):
        raise ValueError("is not a JSON object")
    return value


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)
