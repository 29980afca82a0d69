"""Builds `sample`: the same customers every time, and on both databases.

Her id goes through three linear maps, each modulo another prime, with factors that come from the
salt. Every product stays below 2**63, which is where SQLite would turn to floating point, and
PostgreSQL would fail.
"""

from __future__ import annotations

import hashlib
from decimal import Decimal

from sqlalchemy import BigInteger, ColumnElement, cast, literal

from ..functions import ConditionSubject

PRIMES = (2_147_483_647, 2_147_483_629, 2_147_483_587)
"""The greatest below 2**31."""


def build_sample(
    subject: ConditionSubject, percent: int | Decimal, salt: str = ""
) -> ColumnElement[bool]:
    """Return whether she is among `percent` of a hundred; more percent, and she stays."""
    threshold = int(Decimal(percent) * PRIMES[-1] / 100)
    place: ColumnElement[int] = cast(subject.id, BigInteger)
    for prime, (factor, shift) in zip(PRIMES, find_factors(salt), strict=True):
        place = (place % prime * literal(factor, BigInteger) + literal(shift, BigInteger)) % prime
    return place < threshold


def find_factors(salt: str) -> list[tuple[int, int]]:
    """Return the factor and shift of each map, both less than its prime."""
    digest = hashlib.shake_256(salt.encode()).digest(16 * len(PRIMES))
    numbers = [int.from_bytes(digest[at : at + 8], "big") for at in range(0, len(digest), 8)]
    return [
        (numbers[2 * index] % (prime - 1) + 1, numbers[2 * index + 1] % prime)
        for index, prime in enumerate(PRIMES)
    ]
