"""Takes what visitors of the shop's pages look at and put into the cart, from the pages' script."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ..errors import BallyhooError
from ..store.ledger.recipients import read_tracked
from ..store.rows import EventRow, dump_json
from ..store.tables import customers, messages
from .cross_origin import allow_posting, refuse_origin, share_with
from .sites import read_identity
from .telling import refuse
from .told import Key

if TYPE_CHECKING:
    from .service import Service

COLLECT = "/collect"
MOST_EVENTS = 50
MOST_BODY_BYTES = 65_536
"""What a browser sends in the background at most."""

MOST_AGO = 3_600_000
PREFIX = "site:"
"""Of the keys of such events: nobody can take the key of one that the shop tells."""

SCRIPT_SECONDS = 3_600

LOG = logging.getLogger("ballyhoo.web")


class SiteEvent(BaseModel):
    """One thing that a visitor did."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    n: int = Field(ge=0, le=10**13)
    ago: int = Field(default=0, ge=0)
    type: Literal["view", "cart"]
    product: Key
    quantity: int = Field(default=1, ge=1, le=10_000)


class SiteBatch(BaseModel):
    """What a page's script sends."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str = Field(max_length=100)
    session: Annotated[str, Field(pattern="^[A-Za-z0-9_-]{16,64}$")]
    visit: str = Field(default="", max_length=300)
    identity: str = Field(default="", max_length=1_000)
    events: list[SiteEvent] = Field(min_length=1, max_length=MOST_EVENTS)


def list_site_routes() -> list[Route]:
    """Return the routes of the script and of what it sends."""
    return [
        Route("/site.js", give_script, methods=["GET"]),
        Route(COLLECT, collect, methods=["POST"]),
        Route(COLLECT, allow_collecting, methods=["OPTIONS"]),
    ]


async def give_script(request: Request) -> Response:
    """Give the script to a page of the shop."""
    script, tag = _read_script()
    headers = {
        "cache-control": f"public, max-age={SCRIPT_SECONDS}",
        "cross-origin-resource-policy": "cross-origin",
        "etag": tag,
    }
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(script, media_type="text/javascript", headers=headers)


async def allow_collecting(request: Request) -> Response:
    """Answer a browser that asks whether it may send from its page."""
    service: Service = request.app.state.service
    origin = request.headers.get("origin", "")
    return allow_posting(origin) if service.sites.is_known(origin) else refuse_origin()


async def collect(request: Request) -> Response:
    """Store what a visitor did; products that the shop does not have are counted, not stored."""
    service: Service = request.app.state.service
    origin = request.headers.get("origin", "")
    if not service.sites.is_known(origin):
        return refuse_origin()
    answer = await _collect(service, request, origin)
    answer.headers.update(share_with(origin))
    return answer


async def _collect(service: Service, request: Request, origin: str) -> Response:
    body = await request.body()
    if len(body) > MOST_BODY_BYTES:
        return refuse(413, f"a body may have {MOST_BODY_BYTES:,} bytes")
    try:
        told = SiteBatch.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        return refuse(422, f"{'.'.join(str(one) for one in first['loc'])}: {first['msg']}")
    if not service.sites.may(told.key, origin):
        return refuse(403, "this key is not for pages of this origin")
    try:
        customer = await asyncio.to_thread(find_visitor, service, told)
        rows = _make_rows(told, customer, service.now)
        taken = await service.intake.take(rows)
    except BallyhooError as error:
        LOG.error(f"what a visitor did was refused: {error.message}")
        return refuse(503, "it cannot be stored now")
    return JSONResponse({"stored": taken.stored, "unknown": len(taken.rejected)})


def find_visitor(service: Service, told: SiteBatch) -> str | None:
    """Return the shop's id of a visitor who is a customer: signed for, or come by a message.

    Whoever does not let us count what she does is nobody here.
    """
    secrets = [one.get_secret_value() for one in service.settings.serve.identity_secrets]
    identity = read_identity(told.identity, secrets, now=time.time())
    message_id = None if identity else service.sites.read_visit(told.visit, service.now)
    if identity is None and message_id is None:
        return None
    found = select(customers.c.key, customers.c.email_id)
    if identity is not None:
        found = found.where(customers.c.key == identity)
    else:
        sent_to = select(messages.c.recipient).where(messages.c.id == message_id)
        found = found.where(customers.c.id == sent_to.scalar_subquery())
    # Who is logged in need not have said yes to be known to the shop; who said no has.
    needs_consent = identity is None and service.settings.tracking.needs_consent
    with service.store.read() as connection:
        row = connection.execute(found).first()
        if row is None:
            return None
        ids = [] if row.email_id is None else [row.email_id]
        allowed = read_tracked(connection, ids, needs_consent=needs_consent)
    key: str = row.key
    return key if allowed or (not ids and not needs_consent) else None


def _make_rows(told: SiteBatch, customer: str | None, now: int) -> list[EventRow]:
    properties = dump_json({"session": told.session})
    return [
        EventRow(
            f"{PREFIX}{told.session}:{one.n}", one.type, now - min(one.ago, MOST_AGO), customer,
            one.product, one.quantity, properties=properties,
        )
        for one in told.events
    ]  # fmt: skip


@cache
def _read_script() -> tuple[bytes, str]:
    script = resources.files("ballyhoo.core.web").joinpath("site.js").read_bytes()
    return script, f'"{hashlib.sha256(script).hexdigest()[:16]}"'
