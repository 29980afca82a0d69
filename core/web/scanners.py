"""Knows the networks of mail services that look at links before their customers do."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import ip_address, ip_network

NETWORKS = {
    "Barracuda": ("64.235.144.0/20", "209.222.80.0/21"),
    "Microsoft Exchange Online Protection": (
        "40.92.0.0/15", "40.107.0.0/16", "52.100.0.0/14", "104.47.0.0/17",
    ),
    "Mimecast": (
        "91.220.42.0/24", "146.101.78.0/24", "195.130.217.0/24", "205.139.110.0/23",
        "207.211.30.0/23",
    ),
    "Proofpoint": ("67.231.144.0/20", "148.163.128.0/19"),
    "Symantec Email Security.cloud": (
        "46.226.48.0/21", "67.219.240.0/20", "85.158.136.0/21", "95.131.104.0/21",
        "103.9.96.0/22", "117.120.16.0/21", "193.109.254.0/23", "194.106.220.0/23",
        "195.245.230.0/23", "216.82.240.0/20",
    ),
}  # fmt: skip
"""What these services tell their customers to take mail from: no person sits there."""


class ScannerNetworks:
    """Tells whether an address is a scanner's.

    Args:
        more: Networks of the shop's own knowledge, as `192.0.2.0/24`.
    """

    def __init__(self, more: Iterable[str] = ()) -> None:
        listed = [*(one for networks in NETWORKS.values() for one in networks), *more]
        self._networks = [ip_network(one) for one in listed]
        self.has = lru_cache(maxsize=10_000)(self._look)

    def _look(self, address: str) -> bool:
        """Whether an address, or a network of one household, lies in one of them."""
        try:
            found = ip_address(address.partition("/")[0])
        except ValueError:
            return False
        return any(found in one for one in self._networks)
