"""Reads the moments of a test: dated ones, and `45d ago` by its clock."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from ..quoting import shorten
from ..recipe.values import parse_duration

_AGO = re.compile(r"(\S+) ago")


def read_moment(value: Any, now: datetime) -> datetime:
    """Return a moment: `2026-04-30`, with or without a time of day and its offset, or `45d ago`.

    Args:
        value: What stands in the file.
        now: The test's moment; a date without an offset is of its time zone.

    Raises:
        ValueError: It is neither; the message says what would be right.
    """
    text = value.strip() if isinstance(value, str) else ""
    found = _AGO.fullmatch(text)
    try:
        if found is not None:
            return now - parse_duration(found[1])
        moment = datetime.fromisoformat(text)
    except ValueError:
        shown = f"'{shorten(text)}'" if text else "this"
        said = f"must be a date such as 2026-04-30, or how long ago such as 45d ago, not {shown}"
        raise ValueError(said) from None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=now.tzinfo)
