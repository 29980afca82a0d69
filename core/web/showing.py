"""Serves the brand's assets to mail programs and to our own pages."""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from ..store.assets import read_asset

if TYPE_CHECKING:
    from .service import Service

MOST_KEPT_BYTES = 32_000_000
_FILE = re.compile(r"[a-z2-7]{24}\.[a-z0-9]{3,5}", re.ASCII)
_HEADERS = {
    # Its name is made of its content: what is under it never changes.
    "cache-control": "public, max-age=31536000, immutable",
    "content-security-policy": "default-src 'none'; sandbox",
    "cross-origin-resource-policy": "cross-origin",  # web mail shows it on its own pages
}


class Shelf:
    """Keeps in memory the assets that were asked for last, in this process.

    Args:
        most_bytes: Of all together.
    """

    def __init__(self, most_bytes: int = MOST_KEPT_BYTES) -> None:
        self._kept: OrderedDict[str, tuple[str, bytes]] = OrderedDict()
        self._most_bytes = most_bytes
        self._bytes = 0

    def find(self, file: str) -> tuple[str, bytes] | None:
        """Return the media type and bytes of a file that is kept."""
        found = self._kept.get(file)
        if found is not None:
            self._kept.move_to_end(file)
        return found

    def keep(self, file: str, asset: tuple[str, bytes]) -> None:
        """Keep a file, and let go of those that nobody asked for the longest."""
        if file in self._kept:
            return
        self._kept[file] = asset
        self._bytes += len(asset[1])
        while self._bytes > self._most_bytes:
            _, (_, content) = self._kept.popitem(last=False)
            self._bytes -= len(content)


async def show_asset(request: Request) -> Response:
    """Answer an asset, for a year or longer the same."""
    service: Service = request.app.state.service
    file = request.path_params["file"]
    found = service.shelf.find(file)
    if found is None and _FILE.fullmatch(file):

        def read() -> tuple[str, bytes] | None:
            with service.store.read() as connection:
                return read_asset(connection, file)

        found = await asyncio.to_thread(read)
        if found is not None:
            service.shelf.keep(file, found)
    if found is None:
        return PlainTextResponse("there is no such picture\n", status_code=404)
    media_type, content = found
    return Response(content, media_type=media_type, headers=_HEADERS)
