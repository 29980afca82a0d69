"""Keeps the brand's assets where every process that serves them finds them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from ..assets import Asset
from .bulk import insert_rows
from .tables import assets


def publish_assets(
    connection: Connection, found: Iterable[Asset], key: bytes, *, now: int
) -> dict[str, str]:
    """Keep assets, each content once; return the name of each file by the asset's name.

    Args:
        connection: A transaction that writes.
        found: The assets.
        key: What their files' names are made with.
        now: The moment, in UTC milliseconds.
    """
    names = {one.name: one.name_file(key) for one in found}
    known = set(
        connection.execute(
            select(assets.c.file).where(assets.c.file.in_(list(names.values())))
        ).scalars()
    )
    columns = ("file", "name", "media_type", "content", "published_at")
    rows = {
        names[one.name]: (names[one.name], one.name, one.media_type, one.content, now)
        for one in found
        if names[one.name] not in known
    }
    insert_rows(connection, assets, columns, list(rows.values()))
    return names


def read_asset(connection: Connection, file: str) -> tuple[str, bytes] | None:
    """Return the media type and the bytes of a file; None when there is none of this name."""
    found = select(assets.c.media_type, assets.c.content).where(assets.c.file == file)
    row = connection.execute(found).first()
    return None if row is None else (row.media_type, bytes(row.content))
