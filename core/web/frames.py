"""What the server and its writer say to each other: values of Python, each behind its length.

Only these two processes hold the ends of the connection, so what it says may be unpickled.
"""

from __future__ import annotations

import pickle
import struct
from collections.abc import Iterator
from typing import Any

READY = "ready"
"""The first word of a writer, in the place of a kind."""

_LENGTH = struct.Struct("!Q")


def pack(value: Any) -> bytes:
    """Return a value as it goes over the connection."""
    body = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    return _LENGTH.pack(len(body)) + body


class Frames:
    """Takes bytes as they come, and gives the values that are whole; half a value is none."""

    def __init__(self) -> None:
        self._came = bytearray()

    def feed(self, data: bytes) -> Iterator[Any]:
        """Yield the values that are whole with these bytes."""
        self._came += data
        while len(self._came) >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(self._came)
            end = _LENGTH.size + length
            if len(self._came) < end:
                return
            body = bytes(self._came[_LENGTH.size : end])
            del self._came[:end]
            yield pickle.loads(body)
