"""Reads one value of a file as a time, a number, an address; says what is wrong with it.

Every reader takes what the file holds and returns None for an empty value. A ValueError says
why a value cannot be read, without the value where it may be somebody's identity.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from typing import Any

Reader = Callable[[Any], Any]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
MAX_KEY_CHARACTERS = 255
MAX_NUMBER = Decimal(10) ** 15
YES = ("yes", "true", "1", "y", "t", "subscribed", "ja", "on")
NO = ("no", "false", "0", "n", "f", "unsubscribed", "nein", "off")

_BROKEN = re.compile("[\x00\ud800-\udfff]")
_DATE_ONLY = re.compile(r"\d{4}-\d{2}-\d{2}")
_OFFSET = re.compile(r"\s*(?:UTC|GMT|Z)$|\s+(?=[+-]\d{2}:?\d{2}$)")
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,2})?", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:[ ,'\u00a0\u202f]\d{3})+(?:\.\d*)?", re.ASCII)
_GROUPS = re.compile(r"[ ,'\u00a0\u202f]")
_MONEY_SIGNS = re.compile(r"^(?:[A-Z]{3}|[€$£¥₹]|US\$)\s*|\s*(?:[A-Z]{3}|[€$£¥₹])$")
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


def time_reader(formats: Sequence[str], zone: tzinfo) -> Reader:
    """Return a reader of moments, as UTC milliseconds.

    Args:
        formats: Formats of strptime, `seconds` or `milliseconds` since 1970; ISO 8601 when empty.
        zone: Where a time without an offset was written down.
    """
    if formats in (["seconds"], ["milliseconds"]):
        factor = 1000 if formats == ["seconds"] else 1

        def read_since_epoch(value: Any) -> int | None:
            number = read_number(value)
            return None if number is None else _check_moment(int(number * factor))

        return read_since_epoch

    def read(value: Any) -> int | None:
        if type(value) is str:
            if formats:
                value = value.strip()
                if not value:
                    return None
                moment = _parse_formats(value, formats)
            else:
                try:
                    moment = datetime.fromisoformat(value)
                except ValueError:
                    if not value or value.isspace():
                        return None
                    moment = _parse_iso(value)
        elif value is None or value != value:
            return None
        elif isinstance(value, datetime):
            moment = value
        elif isinstance(value, date):
            moment = datetime(value.year, value.month, value.day)
        else:
            raise ValueError("is not a date such as 2026-04-30; `format` says how it is written")
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=zone)
        return _check_moment((moment - EPOCH) // MILLISECOND)

    return read


_EARLIEST = (datetime(1900, 1, 1, tzinfo=UTC) - EPOCH) // MILLISECOND
_LATEST = (datetime(2200, 1, 1, tzinfo=UTC) - EPOCH) // MILLISECOND


def _check_moment(milliseconds: int) -> int:
    if not _EARLIEST < milliseconds < _LATEST:
        raise ValueError("is not between the years 1900 and 2200")
    return milliseconds


def _parse_iso(text: str) -> datetime:
    plain = _OFFSET.sub("", text.strip())
    suffix = "+00:00" if plain != text.strip() and plain[-6:-5] not in "+-" else ""
    if re.search(r"[+-]\d{4}$", plain):
        suffix = ""
    try:
        return datetime.fromisoformat(plain + suffix)
    except ValueError:
        shape = "" if _DATE_ONLY.match(plain) else "; `format` says how it is written"
        raise ValueError(f"is not a date such as 2026-04-30{shape}") from None


def _parse_formats(text: str, formats: Sequence[str]) -> datetime:
    for pattern in formats:
        try:
            return datetime.fromisoformat(text) if pattern == "iso" else datetime.strptime(
                text, pattern
            )  # fmt: skip
        except ValueError:
            continue
    raise ValueError(f"is not a date written as {' or '.join(formats)}")


def read_number(value: Any) -> Decimal | None:
    """Return a finite number with a decimal point; groups of three may be parted."""
    if type(value) is str:
        text = value.strip()
        if not text:
            return None
        if not _NUMBER.fullmatch(text):
            text = _MONEY_SIGNS.sub("", text)
            if _GROUPED.fullmatch(text):
                text = _GROUPS.sub("", text)
            elif not _NUMBER.fullmatch(text):
                hint = "; with a decimal comma say `decimal: ','`" if "," in text else ""
                raise ValueError(f"is not a number{hint}")
        number = Decimal(text)
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


def integer_reader(read: Reader) -> Reader:
    """Return a reader of whole numbers; 3.0 is one."""

    def read_integer(value: Any) -> int | None:
        if type(value) is str and value.isascii() and value.isdecimal() and len(value) < 15:
            return int(value)
        number = read(value)
        if number is None:
            return None
        if number != number.to_integral_value():
            raise ValueError("is not a whole number")
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
