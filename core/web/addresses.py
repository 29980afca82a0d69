"""Finds the address that a request comes from, behind proxies that are trusted and no others."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network

from starlette.datastructures import Headers
from starlette.types import Scope

NOBODY = "-"
"""Stands for whoever comes without an address, over a unix socket."""
NETWORK_BITS = 64
"""One household has so many bits of IPv6 to itself, and can take any address of it."""


def find_address(scope: Scope, proxies: int) -> str:
    """Return whom a request comes from: an IPv4 address, or the /64 of one of IPv6.

    Each proxy adds at the end of `X-Forwarded-For` who asked it. What stands before the entries
    of the trusted ones was written by whoever asked, and may be anything.

    Args:
        scope: Of the request.
        proxies: How many proxies in a row are ours.
    """
    peer = scope.get("client")
    found = peer[0] if peer else ""
    if proxies:
        listed = ",".join(Headers(scope=scope).getlist("x-forwarded-for")).split(",")
        listed = [one.strip() for one in listed if one.strip()]
        if listed:
            found = listed[-proxies] if len(listed) >= proxies else listed[0]
    return _unite(found)


@lru_cache(maxsize=10_000)
def _unite(text: str) -> str:
    host = text.partition("]")[0].removeprefix("[") if text.startswith("[") else text
    if host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return NOBODY
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ip_network((address, NETWORK_BITS), strict=False))
    return str(address)
