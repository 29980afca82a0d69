"""Tells rows without an id of their own apart: by what they say, and which of equals they are."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from .rows import dump_json

HASH_BYTES = 12
CACHE_KIB = 32_768


def hash_content(fields: Iterable[Any]) -> str:
    """Return the hash of a row's fields, the same on every machine."""
    text = "\x1f".join(["" if field is None else str(field) for field in fields])
    return hashlib.blake2b(text.encode(), digest_size=HASH_BYTES).hexdigest()


def hash_nested(row: Any) -> str:
    """Return the hash of a row that holds other rows, whether they have names or not."""
    return hashlib.blake2b(dump_json(row).encode(), digest_size=HASH_BYTES).hexdigest()


class Ordinals:
    """Counts equal rows of one file, however large, in bounded memory.

    What was seen lies in a private temporary file of SQLite's. In memory are only rows that came
    more than once.
    """

    def __init__(self) -> None:
        self._seen: sqlite3.Connection | None = None
        self._repeated: dict[str, int] = {}
        self._batch = 0

    def key_rows(self, hashes: Sequence[str]) -> list[str]:
        """Return the key of each row: its hash, and its ordinal where it is not the first.

        Args:
            hashes: Of the next rows of the file, in its order.
        """
        counts = Counter(hashes)
        earlier = self._remember(counts)
        ordinals: dict[str, int] = {}
        keys = []
        for content in hashes:
            ordinal = 0
            if content in earlier or counts[content] > 1:
                ordinal = ordinals.get(content, earlier.get(content, 0))
                ordinals[content] = ordinal + 1
            keys.append(f"#{content}-{ordinal}" if ordinal else f"#{content}")
        for content, count in ordinals.items():
            self._repeated[content] = count
        return keys

    def close(self) -> None:
        """Forget everything; the temporary file is gone."""
        if self._seen is not None:
            self._seen.close()

    def _remember(self, counts: Counter[str]) -> dict[str, int]:
        """Note the rows as seen, and return how often those of before came until now."""
        if self._seen is None:
            self._seen = sqlite3.connect("", isolation_level=None)
            self._seen.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
            self._seen.execute("PRAGMA journal_mode = OFF")
            self._seen.execute("PRAGMA synchronous = OFF")
            self._seen.execute(
                "CREATE TABLE seen (content TEXT PRIMARY KEY, batch INTEGER) WITHOUT ROWID"
            )
        self._batch += 1
        rows = [(content, self._batch) for content in counts]
        self._seen.execute("BEGIN")
        written = self._seen.executemany(
            "INSERT INTO seen VALUES (?, ?) ON CONFLICT DO NOTHING", rows
        )
        self._seen.execute("COMMIT")
        if written.rowcount == len(rows):
            return {}
        found = self._seen.execute(
            "SELECT content FROM seen WHERE batch < ? "
            "AND content IN (SELECT value FROM json_each(?))",
            (self._batch, json.dumps(list(counts))),
        )
        return {content: self._repeated.get(content, 1) for (content,) in found}
