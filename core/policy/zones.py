"""Finds a time zone by its IANA name."""

from __future__ import annotations

from datetime import UTC, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

MOST_KEPT = 1_024
"""Names that are remembered; there are some 600 zones, and any number of misspelt ones."""


@lru_cache(maxsize=MOST_KEPT)
def find_zone(name: str) -> tzinfo | None:
    """Return the zone of a name such as `Europe/Berlin`, or None when there is none.

    `UTC` is known without a time zone database, too.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: the name of a folder of zones
        return UTC if name == "UTC" else None
