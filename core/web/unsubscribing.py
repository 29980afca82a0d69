"""Unsubscribes whoever got a message: at once by RFC 8058's POST, by a button from a browser."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from ..errors import BallyhooError
from ..links import PREFERENCES, UNSUBSCRIBE
from ..tokens import BadToken
from .pages import show_page

if TYPE_CHECKING:
    from .service import Service

LOG = logging.getLogger("ballyhoo.web")


async def show_unsubscribe(request: Request) -> Response:
    """Show the page with the button; looking at it changes nothing, so that no scanner does."""
    message_id = _read_message(request)
    if message_id is None:
        return show_page(request, "unknown_link", status=404)
    return show_page(request, "unsubscribe", facts=_link_preferences(request, message_id))


async def unsubscribe(request: Request) -> Response:
    """Take her consent back; it holds before the next mark.

    Mail programs post without cookie or language (RFC 8058, section 3.2), and get a line of text.
    """
    service: Service = request.app.state.service
    message_id = _read_message(request)
    if message_id is None:
        return show_page(request, "unknown_link", status=404)
    try:
        await asyncio.to_thread(_withdraw, service, message_id)
    except BallyhooError as error:
        LOG.error(f"nobody was unsubscribed: {error.message}", extra={"message": message_id})
        return show_page(request, "problem", status=503)
    if "text/html" in request.headers.get("accept", ""):
        return show_page(request, "unsubscribed", facts=_link_preferences(request, message_id))
    return PlainTextResponse("unsubscribed\n")


def _read_message(request: Request) -> int | None:
    service: Service = request.app.state.service
    try:
        return service.links.tokens.read_link(UNSUBSCRIBE, request.path_params["token"])
    except BadToken:
        return None


def _link_preferences(request: Request, message_id: int) -> dict[str, str]:
    service: Service = request.app.state.service
    token = service.links.tokens.sign_link(PREFERENCES, message_id)
    return {"preferences_url": f"../{PREFERENCES}/{token}"}


def _withdraw(service: Service, message_id: int) -> None:
    inbox = service.open_inbox()
    inbox.withdraw_consent(message_id)
    inbox.close()
