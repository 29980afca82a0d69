"""Draws by a keyed hash inside the database, as `assignment.draw_fraction` does in Python."""

from __future__ import annotations

import hashlib
from math import ceil
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    LargeBinary,
    Text,
    cast,
    func,
    literal,
    literal_column,
)
from sqlalchemy.dialects.postgresql import BIT

from ..assignment import BITS, draw_fraction

BLOCK_BYTES = 64
"""The block of SHA-256, to which HMAC pads its key (RFC 2104)."""


def draw_number(dialect: str, key: bytes, names: tuple[str, ...], id: Any) -> ColumnElement[int]:
    """Return the fraction that belongs to a row, as a whole number below 2 ** `BITS`.

    Args:
        dialect: `sqlite` or `postgresql`.
        key: The key.
        names: What stands before the id in the text that is hashed.
        id: The column of the id.
    """
    prefix = "\x1f".join((*names, ""))
    if dialect == "sqlite":
        drawn: ColumnElement[int] = func.ballyhoo_draw(key, prefix, id, type_=BigInteger)
        return drawn
    short = hashlib.sha256(key).digest() if len(key) > BLOCK_BYTES else key
    padded = short.ljust(BLOCK_BYTES, b"\0")
    inner = bytes(byte ^ 0x36 for byte in padded) + prefix.encode()
    outer = bytes(byte ^ 0x5C for byte in padded)
    text = func.convert_to(cast(id, Text), "UTF8", type_=LargeBinary)
    hashed = func.sha256(literal(inner, LargeBinary).op("||")(text), type_=LargeBinary)
    digest = func.sha256(literal(outer, LargeBinary).op("||")(hashed), type_=LargeBinary)
    first = func.encode(func.substring(digest, 1, 7), "hex", type_=Text)
    bits = cast(cast(literal("x", Text).op("||")(first), BIT(56)), BigInteger)
    shift: ColumnElement[int] = literal_column(str(56 - BITS))  # the operator takes no bigint
    number: ColumnElement[int] = bits.op(">>", return_type=BigInteger())(shift)
    return number


def draw_wave(dialect: str, key: bytes, campaign: str, waves: int, id: Any) -> ColumnElement[int]:
    """Return the wave of a row, 1 to `waves`, as `assignment.choose_wave` does.

    Args:
        dialect: `sqlite` or `postgresql`.
        key: The key.
        campaign: The campaign's name.
        waves: How many there are.
        id: The column of the id.
    """
    number = draw_number(dialect, key, ("wave", campaign), id)
    whole: ColumnElement[int] = literal_column(str(2**BITS))  # 100 times that is a bigint still
    return 1 + (number * waves).op("/", return_type=BigInteger())(whole)


def find_threshold(fraction: float) -> int:
    """Return the number that those below `fraction` are below."""
    whole: int = 2**BITS
    return min(whole, ceil(fraction * whole))


def draw_in_python(key: bytes, prefix: str, id: int) -> int:
    """Return the same as `draw_number`; SQLite calls it as `ballyhoo_draw`."""
    return int(draw_fraction(key, *prefix.split("\x1f")[:-1], id) * 2.0**BITS)
