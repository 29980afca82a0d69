"""What is measured in a message: which links lead through us, and what they say to the shop."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

CLICK = "c"
OPEN = "o"
"""The purposes of tokens, and the first parts of their paths: links are as short as they can be."""

MOST_URL_CHARS = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracking:
    """What a recipe measures.

    Attributes:
        clicks: Whether links lead through us.
        opens: Whether a picture that nobody sees tells of an open.
        utm: What is added to the addresses of links, by name without `utm_`.
    """

    clicks: bool = False
    opens: bool = False
    utm: Mapping[str, str] = field(default_factory=dict)

    @property
    def measures(self) -> bool:
        """Whether anything comes back to us."""
        return self.clicks or self.opens


def identify_url(url: str) -> int:
    """Return the number of an address, the same everywhere: 63 bits of its SHA-256."""
    return int.from_bytes(hashlib.sha256(url.encode()).digest()[:8], "big") >> 1


def is_trackable(url: str) -> bool:
    """Whether an address can lead through us: http or https, with a host, and not endless."""
    if len(url) > MOST_URL_CHARS or any(one.isspace() or one < " " for one in url):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def add_utm(url: str, utm: Mapping[str, str]) -> str:
    """Return an address with the recipe's parameters; those that it has already stay as they are.

    Args:
        url: The address; what is no address of a page is answered as it is.
        utm: By name without `utm_`.
    """
    if not utm or not is_trackable(url):
        return url
    parts = urlsplit(url)
    has = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    added = [(f"utm_{name}", value) for name, value in utm.items() if f"utm_{name}" not in has]
    if not added:
        return url
    query = "&".join(one for one in (parts.query, urlencode(added, quote_via=quote)) if one)
    return urlunsplit(parts._replace(query=query))


def drop_utm(url: str) -> str:
    """Return an address without UTM parameters, all else as it was."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    kept = [one for one in parts.query.split("&") if not one.startswith("utm_")]
    return urlunsplit(parts._replace(query="&".join(kept)))
