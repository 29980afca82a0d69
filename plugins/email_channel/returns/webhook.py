"""`POST /plugins/email_channel/returns`: takes a raw mail that came back."""

from __future__ import annotations

import hmac
from typing import Any

from ballyhoo import Inbox, Request, Response, SoftLimit, WebApp

from ..settings import EmailSettings
from .keeping import Tally, keep_return

PATH = "/returns"
MOST_BODY_BYTES = 4 * 1024 * 1024
"""A greater mail is refused: whoever posts may cut it, the beginning is enough."""

_TYPES = ("message/rfc822", "message/global", "application/octet-stream", "text/plain", "")


def add_routes(app: WebApp) -> None:
    """Add the route to the web app; it lets nobody in while `returns_key` is empty."""
    settings: EmailSettings = app.settings or EmailSettings()
    limit = SoftLimit(messages=settings.soft_bounces, days=settings.soft_days)
    key = settings.returns_key.get_secret_value()

    def take(request: Request, inbox: Inbox) -> Response:
        if not _may(request, key):
            return Response(
                status=401, body=b"who are you?", headers={"www-authenticate": "Bearer"}
            )
        if len(request.body) > MOST_BODY_BYTES:
            return Response(status=413, body=b"the mail is too large")
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in _TYPES:
            return Response(status=415, body=b"a raw mail is wanted: message/rfc822")
        if not request.body.strip():
            return Response(status=400, body=b"there is no mail in it")
        found = keep_return(request.body, inbox, limit, Tally())
        return Response(body=found.kind.encode())

    app.add_route(PATH, take, methods=("POST",), operation=OPERATION)


_RAW = {"schema": {"type": "string", "format": "binary"}}
_LINE = {"text/plain": {"schema": {"type": "string"}}}
OPERATION: dict[str, Any] = {
    "summary": "Take one returned mail, and say what it is.",
    "security": [{"bearer": []}],
    "requestBody": {
        "required": True,
        "content": {kind: _RAW for kind in _TYPES if kind},
    },
    "responses": {
        status: {"description": said, "content": _LINE}
        for status, said in {
            "200": "Its kind.", "400": "There is no mail in it.", "401": "No key, or a wrong one.",
            "408": "It came in too slowly.", "413": "It is too large.",
            "415": "It is no raw mail.", "429": "This address came with wrong keys too often.",
        }.items()
    },
}  # fmt: skip


def _may(request: Request, key: str) -> bool:
    given: Any = request.headers.get("authorization", "")
    scheme, _, token = given.partition(" ")
    if not key or scheme.lower() != "bearer":
        return False
    return hmac.compare_digest(token.strip().encode(errors="replace"), key.encode())
