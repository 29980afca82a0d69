"""Reads a moment of a file, however it is written, as UTC milliseconds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from .numbers import read_number
from .values import Reader

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)

_DATE_ONLY = re.compile(r"\d{4}-\d{2}-\d{2}")
_OFFSET = re.compile(r"\s*(?:UTC|GMT|Z)$|\s+(?=[+-]\d{2}:?\d{2}$)")


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
