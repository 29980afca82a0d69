"""Draws the wave and the variant of a customer: by a keyed hash, the same wherever and whenever."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping

BITS = 53
"""As many as a float holds exactly."""


def draw_fraction(key: bytes, *names: object) -> float:
    """Return a number in [0, 1) that depends on the key and the names alone.

    HMAC-SHA256 (RFC 2104) of the names, joined by U+001F; its first 53 bits as a fraction.
    """
    text = "\x1f".join(str(name) for name in names)
    digest = hmac.digest(key, text.encode(), hashlib.sha256)
    return (int.from_bytes(digest[:7], "big") >> (56 - BITS)) / 2.0**BITS


def choose_variant(shares: Mapping[str, float], key: bytes, experiment: str, customer: int) -> str:
    """Return the variant of a customer.

    Args:
        shares: The share of each variant in [0, 1]; together 1. Their order matters.
        key: The assignment key; with another one, everybody is drawn anew.
        experiment: The campaign's name.
        customer: Our id of the customer.
    """
    return find_variant(shares, draw_fraction(key, "variant", experiment, customer))


def choose_other(
    shares: Mapping[str, float], key: bytes, experiment: str, stopped: str, customer: int
) -> str:
    """Return the variant that a customer gets instead of one that was stopped.

    Args:
        shares: Of the variants that were not; they need not add up to 1.
        key: The assignment key.
        experiment: The campaign's name.
        stopped: Her variant until now. The draw does not depend on how she came to it.
        customer: Our id of the customer.
    """
    total = sum(shares.values())
    scaled = {name: share / total if total else 1 / len(shares) for name, share in shares.items()}
    return find_variant(scaled, draw_fraction(key, "stopped", experiment, stopped, customer))


def find_variant(shares: Mapping[str, float], fraction: float) -> str:
    """Return the variant whose part of [0, 1) a fraction is in; the parts stand in order."""
    names = list(shares)
    reached = 0.0
    for name in names[:-1]:
        reached += shares[name]
        if fraction < reached:
            return name
    return names[-1]


def choose_wave(waves: int, key: bytes, experiment: str, customer: int) -> int:
    """Return the wave of a customer, 1 to `waves`; all waves are equally likely.

    Args:
        waves: How many there are.
        key: The assignment key.
        experiment: The campaign's name.
        customer: Our id of the customer.
    """
    number = int(draw_fraction(key, "wave", experiment, customer) * 2.0**BITS)
    return 1 + (number * waves >> BITS)
