"""Answers the links and pictures of measured messages."""

from __future__ import annotations

import asyncio
import base64
import logging
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from ..errors import BallyhooError
from ..tokens import BadToken
from ..tracking import CLICK, OPEN
from .addresses import find_address
from .machines import find_machine
from .pages import show_page
from .recorder import Seen

if TYPE_CHECKING:
    from .service import Service

PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
_UNKEPT = {"cache-control": "no-store, max-age=0", "referrer-policy": "no-referrer"}

LOG = logging.getLogger("ballyhoo.web")


async def follow_link(request: Request) -> Response:
    """Lead to where a link leads, and store that it was followed.

    She is led on also when that cannot be stored; only an address that we kept is led to.
    """
    service: Service = request.app.state.service
    try:
        message_id, link = service.links.tokens.read_pair(CLICK, request.path_params["token"])
    except BadToken:
        return show_page(request, "unknown_link", status=404)
    url = service.urls.get(link) or await asyncio.to_thread(service.find_url, link)
    if url is None:
        return show_page(request, "unknown_link", status=404)
    at = service.now
    machine = _find_machine(request, service, is_open=False)
    if service.bursts.note(message_id, link, at) and not machine:
        machine = "burst"
    seen = Seen(kind="click", message_id=message_id, at=at, link=link, url=url, machine=machine)
    await _record(service, seen)
    location = url if machine else service.sites.add_visit(url, message_id, at)
    return Response(status_code=302, headers={"location": location, **_UNKEPT})


async def tell_open(request: Request) -> Response:
    """Answer the picture that nobody sees, and store that it was asked for."""
    service: Service = request.app.state.service
    token = request.path_params["token"].removesuffix(".gif")
    try:
        message_id = service.links.tokens.read_link(OPEN, token)
    except BadToken:
        return Response(PIXEL, media_type="image/gif", headers=_UNKEPT)
    machine = _find_machine(request, service, is_open=True)
    await _record(
        service, Seen(kind="open", message_id=message_id, at=service.now, machine=machine)
    )
    return Response(PIXEL, media_type="image/gif", headers=_UNKEPT)


def _find_machine(request: Request, service: Service, *, is_open: bool) -> str:
    address = find_address(request.scope, service.proxies)
    return find_machine(
        request.method,
        _read_headers(request),
        is_open=is_open,
        is_scanner=service.scanners.has(address),
    )


async def _record(service: Service, seen: Seen) -> None:
    try:
        await service.recorder.record(seen)
    except BallyhooError as error:
        LOG.warning(f"not stored: {error.message}", extra={"message": seen.message_id})


def _read_headers(request: Request) -> dict[str, str]:
    raw = request.scope["headers"]  # ASGI: names in lower case
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in raw}
