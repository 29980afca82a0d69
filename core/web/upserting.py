"""Takes customers, products and orders from the shop's own programs."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ..errors import BallyhooError, DataError
from ..importing.objects import read_objects
from ..importing.values import read_currency
from .telling import may_tell, refuse
from .upserts import KINDS, Upserted

if TYPE_CHECKING:
    from .service import Service

MOST_OBJECTS = 1_000
_WORDS = {"": False, "false": False, "0": False, "true": True, "1": True}

LOG = logging.getLogger("ballyhoo.web")


def list_upsert_routes() -> list[Route]:
    """Return the routes, one for each kind of object."""
    return [Route(f"/{kind}", _make_endpoint(kind), methods=["POST"]) for kind in KINDS]


def _make_endpoint(kind: str) -> Callable[[Request], Coroutine[Any, Any, Response]]:
    async def take(request: Request) -> Response:
        return await take_objects(request, kind)

    return take


async def take_objects(request: Request, kind: str) -> Response:
    """Store one object or a list of them; those that are there already stay as they are."""
    service: Service = request.app.state.service
    body = await request.body()
    if not may_tell(request, body):
        return refuse(401, "a bearer key, or a signature as Standard Webhooks has it, is needed")
    said = request.query_params
    is_atomic = _WORDS.get(said.get("atomic", "").lower())
    if is_atomic is None:
        return refuse(422, "atomic is true or false")
    try:
        currency = read_currency(said.get("currency"))
        values = _read_values(body)
        objects = await asyncio.to_thread(
            read_objects, service.store, kind, values, currency=currency
        )
    except (ValueError, DataError) as error:
        return refuse(422, getattr(error, "message", str(error)))
    try:
        done = await service.upserts.take(objects, is_atomic=is_atomic)
    except BallyhooError as error:
        LOG.error(f"{kind} were refused: {error.message}")
        return refuse(503, f"the {kind} cannot be stored now; send them again")
    return _tell(done)


def _tell(done: Upserted) -> JSONResponse:
    """Answer with the counts of an import, and what is wrong with those that were not stored."""
    counts = done.counts
    stored = counts.new + counts.updated + counts.unchanged
    answer = {
        "read": stored + done.refused,
        "new": counts.new,
        "updated": counts.updated,
        "unchanged": counts.unchanged,
        "rejected": done.refused,
        "kept_unsubscribed": counts.kept_unsubscribed,
        "unmatched_lines": counts.unmatched_lines,
        "errors": [
            {"item": one.item, "field": one.field, "message": one.reason} for one in done.refusals
        ],
    }
    return JSONResponse(answer, status_code=200 if stored else 422)


def _read_values(body: bytes) -> list[Any]:
    try:
        value = json.loads(body)
    except RecursionError:
        raise ValueError("the body is nested too deeply") from None
    except ValueError as error:
        raise ValueError(f"the body is not JSON: {error}") from None
    values = value if isinstance(value, list) else [value]
    if not values:
        raise ValueError("there is no object in the list")
    if len(values) > MOST_OBJECTS:
        raise ValueError(f"a request has up to {MOST_OBJECTS:,} objects")
    return values
