"""Answers the links of the question whether she is satisfied: a page, and a button that counts."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from ..errors import BallyhooError
from ..satisfaction import SATISFACTION, Answer, read_answer
from ..store.ledger.answers import keep_answer
from ..tokens import BadToken
from .forms import is_fresh, read_form, sign_form
from .pages import show_page
from .service import SOURCE

if TYPE_CHECKING:
    from .service import Service

TEMPLATE = "satisfaction.html.j2"

LOG = logging.getLogger("ballyhoo.web")


async def show_question(request: Request) -> Response:
    """Show the answers with hers chosen; looking counts nothing, so that no scanner answers."""
    answer = _read(request)
    if answer is None:
        return show_page(request, "unknown_link", status=404)
    service: Service = request.app.state.service
    facts = {
        "token": request.path_params["token"],
        "form": sign_form(service, SATISFACTION, answer.message_id),
        "answers": answer.labels,
        "number": answer.number,
    }
    return show_page(request, "satisfaction", template=TEMPLATE, facts=facts)


async def take_answer(request: Request) -> Response:
    """Keep an answer; of whoever answers again, the last one counts."""
    service: Service = request.app.state.service
    asked = _read(request)
    if asked is None:
        return show_page(request, "unknown_link", status=404)
    given = read_form(await request.body())
    number = next(iter(given.get("answer", ())), "")
    known = {str(one): one for one in range(1, len(asked.labels) + 1)}
    if number not in known or not is_fresh(service, SATISFACTION, asked.message_id, given):
        facts = {"again_url": request.path_params["token"]}
        return show_page(request, "stale_form", status=403, facts=facts)
    answer = Answer(message_id=asked.message_id, number=known[number], labels=asked.labels)

    def keep() -> None:
        with service.store.begin() as connection:
            keep_answer(connection, answer, at=service.now, source=SOURCE)

    try:
        await asyncio.to_thread(keep)
    except BallyhooError as error:
        LOG.error(f"an answer was not kept: {error.message}", extra={"message": answer.message_id})
        return show_page(request, "problem", status=503)
    return show_page(request, "answered")


def _read(request: Request) -> Answer | None:
    service: Service = request.app.state.service
    try:
        values = service.links.tokens.read_values(SATISFACTION, request.path_params["token"])
    except BadToken:
        return None
    return read_answer(values)
