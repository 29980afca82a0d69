"""Answers the page on which customers choose what they get, and erase what is known of them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, get_args

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ..errors import BallyhooError
from ..links import PREFERENCES
from ..localising import find_locale, write_date
from ..store.reading import from_moment
from ..tokens import BadToken
from .choices import (
    ANY,
    Chooser,
    Step,
    choose,
    erase,
    find_chooser,
    find_frequency,
    list_languages,
)
from .forms import is_fresh, read_form, sign_form
from .page_words import choose_language, find_words
from .pages import show_page
from .preference_words import word_frequency

if TYPE_CHECKING:
    from .service import Service

TEMPLATE = "preferences.html.j2"
STEPS: dict[str, Step] = {one: one for one in get_args(Step)}
_UNKEPT = {"cache-control": "no-store", "referrer-policy": "no-referrer"}

LOG = logging.getLogger("ballyhoo.web")


async def show_preferences(request: Request) -> Response:
    """Show what somebody chose, and what else there is; looking changes nothing."""
    service: Service = request.app.state.service
    chooser = await _find(request)
    if chooser is None:
        return show_page(request, "unknown_link", status=404)
    if chooser.is_erased:
        return show_page(request, "erased")
    done = request.query_params.get("done", "")
    tag = choose_language(chooser.language, request.headers.get("accept-language", ""))
    facts = _describe(service, chooser, tag)
    facts["done"] = done if done in STEPS else ""
    return _show(request, "preferences", chooser, facts)


async def change_preferences(request: Request) -> Response:
    """Do what a button of the page says, and show the page again."""
    service: Service = request.app.state.service
    chooser = await _find(request)
    if chooser is None:
        return show_page(request, "unknown_link", status=404)
    given = read_form(await request.body())
    step = STEPS.get(next(iter(given.get("do", ())), ""))
    if step is None or not is_fresh(service, PREFERENCES, chooser.row.id, given):
        return _refuse_form(request, chooser)
    try:
        await asyncio.to_thread(choose, service, chooser.row.id, step, given)
    except ValueError:
        return _refuse_form(request, chooser)
    except BallyhooError as error:
        return _tell_problem(request, chooser, error)
    return RedirectResponse(f"{_name_token(request)}?done={step}", 303, _UNKEPT)


async def show_erasure(request: Request) -> Response:
    """Say what erasing means; looking changes nothing."""
    chooser = await _find(request)
    if chooser is None:
        return show_page(request, "unknown_link", status=404)
    if chooser.is_erased:
        return show_page(request, "erased")
    return _show(request, "erase", chooser, {"done": ""})


async def erase_person(request: Request) -> Response:
    """Erase her, for good."""
    service: Service = request.app.state.service
    chooser = await _find(request)
    if chooser is None:
        return show_page(request, "unknown_link", status=404)
    given = read_form(await request.body())
    if given.get("do") != ["erase"] or not is_fresh(service, _ERASE, chooser.row.id, given):
        return _refuse_form(request, chooser, "../")
    try:
        await asyncio.to_thread(erase, service, chooser.row.id)
    except BallyhooError as error:
        return _tell_problem(request, chooser, error)
    return show_page(request, "erased", language=chooser.language)


_ERASE = "erase"


async def _find(request: Request) -> Chooser | None:
    service: Service = request.app.state.service
    try:
        message_id = service.links.tokens.read_link(PREFERENCES, _name_token(request))
    except BadToken:
        return None
    return await asyncio.to_thread(find_chooser, service, message_id)


def _name_token(request: Request) -> str:
    return str(request.path_params["token"])


def _show(request: Request, name: str, chooser: Chooser, facts: Mapping[str, Any]) -> Response:
    service: Service = request.app.state.service
    purpose = PREFERENCES if name == "preferences" else _ERASE
    tag = choose_language(chooser.language, request.headers.get("accept-language", ""))
    return show_page(
        request,
        name,
        language=tag,
        template=TEMPLATE,
        facts={
            "token": _name_token(request),
            "form": sign_form(service, purpose, chooser.row.id),
            "shop": service.brand.name or find_words(tag)["us"],
            **facts,
        },
    )


def _describe(service: Service, chooser: Chooser, tag: str) -> dict[str, Any]:
    """Return what the page offers, and what is chosen."""
    offered, chosen, words = service.settings.preferences, chooser.chosen, find_words(tag)
    often = find_frequency(chosen)
    frequencies = offered.list_frequencies()
    if often is not None and often not in frequencies:
        frequencies.append(often)
    until = chosen.paused_until
    is_paused = until is not None and until > service.now
    languages = list_languages(service, chooser.language)
    hers = chooser.language or tag
    return {
        "is_left": chooser.is_left,
        "topics": [
            {"name": name, "label": label, "lang": lang, "is_wanted": name not in chosen.declined}
            for name in offered.topics
            for label, lang in [offered.find_label(name, tag)]
        ],
        "frequencies": [
            {"name": str(one), "label": word_frequency(one, words, tag)} for one in frequencies
        ],
        "often": ANY if often is None else str(often),
        "languages": [{"name": one, "label": _name_language(one)} for one in languages],
        "hers": hers if hers in languages else hers.partition("-")[0],
        "paused_until": write_date(from_moment(until).date(), tag)
        if until is not None and is_paused
        else "",
    }


def _name_language(tag: str) -> str:
    """Return what a language calls itself."""
    locale = find_locale(tag)
    name = locale.get_display_name() if locale.language == tag.partition("-")[0] else None
    return tag if not name else name[:1].upper() + name[1:]


def _refuse_form(request: Request, chooser: Chooser, up: str = "") -> Response:
    return show_page(
        request, "stale_form", status=403, language=chooser.language,
        facts={"again_url": up + _name_token(request)},
    )  # fmt: skip


def _tell_problem(request: Request, chooser: Chooser, error: BallyhooError) -> Response:
    LOG.error(f"nothing was changed: {error.message}", extra={"message": chooser.row.id})
    return show_page(request, "problem", status=503, language=chooser.language)
