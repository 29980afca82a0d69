"""Takes visitors' questions at /ask, and what they say of the replies."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ..errors import BallyhooError
from ..store.knowledge import read_titles
from ..store.tables import customers
from ..tokens import BadToken
from .answer_desk import TooBusy
from .cross_origin import allow_posting, refuse_origin, share_with
from .sites import read_identity, read_origin
from .telling import refuse

if TYPE_CHECKING:
    from ..answering.asked import Answered
    from .service import Service

ASK = "/ask"
FEEDBACK = "/ask/feedback"
ENQUIRY, CONVERSATION = "enquiry", "conversation"
"""The purposes of tokens: by which a reply is judged, and by which a conversation goes on."""
SOURCE = "web"
MOST_BODY_BYTES = 65_536
MOST_CHARS = 5_000
RETRY_SECONDS = 5

Told = TypeVar("Told", bound=BaseModel)

LOG = logging.getLogger("ballyhoo.web")


class Question(BaseModel):
    """What a visitor asks."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    question: str = Field(min_length=1, max_length=MOST_CHARS)
    conversation: str | None = Field(default=None, max_length=300)
    customer: str | None = Field(default=None, max_length=1_000)
    language: str | None = Field(default=None, pattern="^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$")


class Judgement(BaseModel):
    """Whether a reply helped."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    enquiry: str = Field(max_length=300)
    helped: bool


class _Unknown(Exception):
    """The token of a customer is wrong or has ended."""


def list_question_routes() -> list[Route]:
    """Return the routes of questions."""
    return [
        Route(ASK, ask, methods=["POST"]),
        Route(ASK, allow_asking, methods=["OPTIONS"]),
        Route(FEEDBACK, judge, methods=["POST"]),
        Route(FEEDBACK, allow_asking, methods=["OPTIONS"]),
    ]


async def allow_asking(request: Request) -> Response:
    """Answer a browser that asks whether it may ask from its page."""
    origin = request.headers.get("origin", "")
    return allow_posting(origin) if _is_ours(request, origin) else refuse_origin()


async def ask(request: Request) -> Response:
    """Answer a question; without a customer's token by what everybody may know."""
    service: Service = request.app.state.service
    origin = request.headers.get("origin", "")
    if origin and not _is_ours(request, origin):
        return refuse_origin()
    answer = await _ask(service, request)
    if origin:
        answer.headers.update(share_with(origin))
    answer.headers["cache-control"] = "no-store"
    return answer


async def judge(request: Request) -> Response:
    """Keep whether a reply helped; the last word counts."""
    service: Service = request.app.state.service
    origin = request.headers.get("origin", "")
    if origin and not _is_ours(request, origin):
        return refuse_origin()
    told = await _read(request, Judgement)
    answer: Response
    if isinstance(told, Response):
        answer = told
    else:
        answer = await _judge(service, told)
    if origin:
        answer.headers.update(share_with(origin))
    return answer


async def _ask(service: Service, request: Request) -> Response:
    from ..answering.asked import Asked

    told = await _read(request, Question)
    if isinstance(told, Response):
        return told
    try:
        customer = await asyncio.to_thread(_find_customer, service, told.customer)
    except _Unknown:
        return refuse(401, "the customer's token is wrong or has ended; ask without it, or anew")
    conversation = _find_conversation(service, told.conversation)
    asked = Asked(
        text=told.question,
        key=f"web:{secrets.token_urlsafe(16)}",
        source=SOURCE,
        at=service.clock.now(),
        customer_id=customer,
        language=told.language,
        conversation_id=f"web:{conversation}",
    )
    try:
        answered = await service.answers.ask(asked)
        titles = await asyncio.to_thread(_find_titles, service, answered)
    except TooBusy:
        busy = refuse(503, "too many ask at once; ask again")
        busy.headers["retry-after"] = str(RETRY_SECONDS)
        return busy
    except BallyhooError as error:
        LOG.error(f"a question was not answered: {error.message}")
        return refuse(503, "it cannot be answered now; ask again later")
    return JSONResponse(_describe(service, answered, conversation, titles))


async def _judge(service: Service, told: Judgement) -> Response:
    try:
        (enquiry_id,) = service.links.tokens.read_values(ENQUIRY, told.enquiry)
    except (BadToken, ValueError):
        return refuse(404, "this enquiry is none of ours")
    if not isinstance(enquiry_id, int):
        return refuse(404, "this enquiry is none of ours")
    try:
        found = await service.answers.judge(enquiry_id, helped=told.helped)
    except BallyhooError as error:
        LOG.error(f"what was said of a reply was not kept: {error.message}")
        return refuse(503, "it cannot be stored now")
    return JSONResponse({"kept": found}) if found else refuse(404, "this enquiry is none of ours")


async def _read(request: Request, model: type[Told]) -> Told | Response:
    body = await request.body()
    if len(body) > MOST_BODY_BYTES:
        return refuse(413, f"a body may have {MOST_BODY_BYTES:,} bytes")
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        return refuse(422, f"{'.'.join(str(one) for one in first['loc'])}: {first['msg']}")


def _find_conversation(service: Service, token: str | None) -> str:
    """Return the conversation that we began; a new one where there is none that we signed."""
    try:
        (known,) = service.links.tokens.read_values(CONVERSATION, token or "")
    except (BadToken, ValueError):
        known = None
    return known if isinstance(known, str) else secrets.token_urlsafe(16)


def _find_customer(service: Service, identity: str | None) -> int | None:
    """Return the customer whom the shop's server signed for.

    Raises:
        _Unknown: Nobody signed it, it has ended, or there is no such customer.
    """
    if identity is None:
        return None
    signing = [one.get_secret_value() for one in service.settings.serve.identity_secrets]
    key = read_identity(identity, signing, now=time.time())
    if key is None:
        raise _Unknown
    with service.store.read() as connection:
        found: int | None = connection.scalar(select(customers.c.id).where(customers.c.key == key))
    if found is None:
        raise _Unknown
    return found


def _find_titles(service: Service, answered: Answered) -> dict[str, str]:
    reply = answered.reply
    if reply.text is None or not reply.articles:
        return {}
    with service.store.read() as connection:
        return read_titles(connection, reply.articles, reply.language)


def _describe(
    service: Service, answered: Answered, conversation: str, titles: dict[str, str]
) -> dict[str, Any]:
    """Return what the visitor gets: neither the summary nor the draft, which are for a person."""
    reply = answered.reply
    told = reply.articles if reply.text is not None else ()
    return {
        "reply": reply.text,
        "articles": [{"id": one, "title": titles.get(one, one)} for one in told],
        "intent": reply.intent,
        "confidence": round(reply.confidence, 3),
        "handoff": None if reply.handoff is None else {"reason": reply.handoff.reason},
        "language": reply.language,
        "conversation": service.links.tokens.sign_values(CONVERSATION, conversation),
        "enquiry": service.links.tokens.sign_values(ENQUIRY, answered.enquiry_id or 0),
    }


def _is_ours(request: Request, origin: str) -> bool:
    """Whether a page of this origin may ask: a site of the shop, or our own chat page."""
    service: Service = request.app.state.service
    own = {read_origin(service.settings.base_url or ""), read_origin(str(request.base_url))}
    return origin in own or service.sites.is_known(origin)
