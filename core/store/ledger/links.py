"""Where tracked links lead: each address once, under the number that its links are signed with."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, select

from ..bulk import insert_rows
from ..tables import links


def keep_links(connection: Connection, urls: Mapping[int, str]) -> None:
    """Keep addresses by their numbers; one that is there already stays as it is.

    Args:
        connection: Within a transaction that writes.
        urls: By the number of `identify_url`.
    """
    insert_rows(connection, links, ("id", "url"), sorted(urls.items()))


def read_link(connection: Connection, number: int) -> str | None:
    """Return the address with this number; None when there is none."""
    return connection.execute(select(links.c.url).where(links.c.id == number)).scalar()
