"""Where tracked links lead: each address once, under its number, and to which product."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping

from sqlalchemy import Connection, select

from ...tracking import drop_utm
from ..bulk import insert_rows, select_rows
from ..tables import links, products

KNOWN_SECONDS = 600.0
"""How long it is remembered to which product an address leads."""

MOST_KNOWN = 20_000


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


class ShownProducts:
    """Finds the products whose pages addresses are, and remembers them for a while."""

    def __init__(self) -> None:
        self._known: dict[str, int | None] = {}
        self._began = 0.0

    def find(self, connection: Connection, urls: Collection[str]) -> dict[str, int]:
        """Return the product of each address that is the page of one; UTM parameters do not matter.

        Args:
            connection: Within any transaction.
            urls: The addresses.
        """
        if time.monotonic() - self._began > KNOWN_SECONDS or len(self._known) > MOST_KNOWN:
            self._known.clear()
            self._began = time.monotonic()
        new = {url: (url, drop_utm(url)) for url in urls if url not in self._known}
        if new:
            pages = {page for both in new.values() for page in both}
            rows = select_rows(connection, products, ("url", "id"), "url", pages)
            # Of several products with one page it is the first.
            found: dict[str, int] = dict(sorted(rows, reverse=True))
            for url, both in new.items():
                ids = [found[page] for page in both if page in found]
                self._known[url] = ids[0] if ids else None
        known = {url: self._known[url] for url in urls}
        return {url: product for url, product in known.items() if product is not None}
