"""Bounds how often one address may ask, in this process, in bounded memory."""

from __future__ import annotations

import math
from collections import OrderedDict
from ipaddress import ip_address, ip_network

MOST_ADDRESSES = 50_000


class Crowding:
    """Gives each address so many asks at once, and so many more in a second.

    Args:
        at_once: How many.
        per_second: How many more, for good.
    """

    def __init__(self, *, at_once: float, per_second: float) -> None:
        self._at_once = at_once
        self._per_second = per_second
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def ask(self, address: str, now: float) -> int:
        """Return 0 when an address may ask now, else in how many seconds it may.

        Args:
            address: Of whoever asks; of IPv6 the /64 counts.
            now: In seconds, of a clock that never goes back.
        """
        name = _name(address)
        left, since = self._left.pop(name, (self._at_once, now))
        left = min(self._at_once, left + (now - since) * self._per_second)
        may = left >= 1
        self._left[name] = (left - 1 if may else left, now)
        if len(self._left) > MOST_ADDRESSES:
            self._left.popitem(last=False)
        return 0 if may else math.ceil((1 - left) / self._per_second)


def _name(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return address[:100]
    if found.version == 6 and found.ipv4_mapped is None:
        return str(ip_network((found, 64), strict=False).network_address)
    return str(found.ipv4_mapped or found) if found.version == 6 else str(found)
