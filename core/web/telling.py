"""Takes what shops tell: events, by whoever has a key or signs."""

from __future__ import annotations

import asyncio
import logging
import time
from functools import cache
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..errors import BallyhooError
from .signatures import has_key, is_signed
from .told import Wrong, read_events

if TYPE_CHECKING:
    from .service import Service

SMALL_BYTES = 20_000

LOG = logging.getLogger("ballyhoo.web")


async def take_events(request: Request) -> Response:
    """Store a batch of events; an event that was told before changes nothing."""
    service: Service = request.app.state.service
    body = await request.body()
    if not may_tell(request, body):
        return refuse(401, "a bearer key, or a signature as Standard Webhooks has it, is needed")
    try:
        # A thread of its own costs more than it reads of a small body.
        is_small = len(body) <= SMALL_BYTES
        rows = read_events(body) if is_small else await asyncio.to_thread(read_events, body)
    except Wrong as error:
        return JSONResponse({"stored": 0, "errors": error.errors}, status_code=422)
    try:
        taken = await service.intake.take(rows)
    except BallyhooError as error:
        LOG.error(f"events were refused: {error.message}")
        return refuse(503, "the events cannot be stored now; send them again")
    errors = [
        {"item": item, "field": _name_field(field), "message": reason}
        for item, field, reason in taken.rejected
    ]
    if not errors:
        return Response(_write_answer(taken.stored), media_type="application/json")
    answer: dict[str, Any] = {"stored": taken.stored, "errors": errors}
    return JSONResponse(answer, status_code=200)


def may_tell(request: Request, body: bytes) -> bool:
    """Whether a request bears a key of ours, or is signed with a secret that we share."""
    service: Service = request.app.state.service
    serve = service.settings.serve
    headers = request.headers
    if has_key(headers, [key.get_secret_value() for key in serve.api_keys]):
        return True
    secrets = [one.get_secret_value() for one in serve.webhook_secrets]
    return is_signed(headers, body, secrets, now=time.time())


def refuse(status: int, said: str) -> JSONResponse:
    """Return an error as all programs get it."""
    return JSONResponse({"errors": [{"item": None, "field": None, "message": said}]}, status)


@cache
def _write_answer(stored: int) -> bytes:
    """Return the answer when all was stored, as JSON; there are as many as events in a batch."""
    return b'{"stored":%d,"errors":[]}' % stored


def _name_field(column: str | None) -> str | None:
    return {"customer_key": "customer", "sku": "product"}.get(column or "", column)
