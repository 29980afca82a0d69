"""Tells machines from people: previews, scanners and prefetchers that open pictures and links."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

FASTEST_MS = 2_000
"""A click sooner than this after the message left was no person: mail takes its time to be read."""

MOST_AGENT_CHARS = 500

_BOTS = re.compile(
    r"bot\b|crawl|spider|scan|preview|curl/|wget/|python-|httpx|aiohttp|go-http-client|java/|"
    r"okhttp|headless|phantomjs|barracuda|proofpoint|mimecast|symantec|messagelabs|fireeye|"
    r"trend ?micro|sophos|safelinks|forcepoint|cloudmark|facebookexternalhit|slack|whatsapp|"
    r"telegram|skypeuripreview|bitdefender|zscaler|checkpoint|paloalto",
    re.IGNORECASE,
)
_APPLE_PROXY = re.compile(r"mozilla/5\.0", re.IGNORECASE)
_PREFETCH = ("purpose", "sec-purpose", "x-purpose", "x-moz")


def find_machine(
    method: str, headers: Mapping[str, str], *, is_open: bool, is_scanner: bool = False
) -> str:
    """Return why a request was made by no person, in a word; empty when it may have been one.

    Args:
        method: Of the request.
        headers: By name in lower case.
        is_open: Whether it is the picture that tells of an open.
        is_scanner: Whether it came from a network of scanners.
    """
    agent = headers.get("user-agent", "").strip()
    if method == "HEAD":
        return "head"
    if any("prefetch" in headers.get(name, "").lower() for name in _PREFETCH):
        return "prefetch"
    if not agent:
        return "no_agent"
    # Apple's proxy says nothing but this, and opens everything as soon as it has come.
    if is_open and _APPLE_PROXY.fullmatch(agent):
        return "privacy_proxy"
    return "scanner" if is_scanner or _is_bot(agent[:MOST_AGENT_CHARS]) else ""


@lru_cache(maxsize=2_000)
def _is_bot(agent: str) -> bool:
    """Whether a program says that it is one; most say the same as somebody before."""
    return _BOTS.search(agent) is not None
