"""Shows pages to customers: in their language, on any screen, without script or cookie."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import HTMLResponse

from ..assets import ASSET, is_asset
from .page_colours import choose_accents
from .page_words import choose_language, find_words

if TYPE_CHECKING:
    from jinja2 import Environment

    from .service import Service

TEMPLATE = "page.html.j2"


def show_page(
    request: Request,
    name: str,
    *,
    status: int = 200,
    language: str | None = None,
    template: str = TEMPLATE,
    facts: Mapping[str, Any] | None = None,
) -> HTMLResponse:
    """Return a page.

    Args:
        request: What is answered.
        name: Which page, as its words are called: `unknown_link`, `unsubscribed`.
        status: The status of the answer.
        language: BCP 47 tag of her language; what her browser asks for when None.
        template: What it is made of.
        facts: What the page shows besides.
    """
    service: Service = request.app.state.service
    tag = choose_language(language, request.headers.get("accept-language", ""))
    nonce = secrets.token_urlsafe(12)
    page = (
        open_templates()
        .get_template(template)
        .render(
            name=name,
            words=find_words(tag),
            language=tag,
            brand=service.brand,
            logo=_find_logo(request, service),
            colours=choose_accents(service.brand.colours.get("accent")),
            nonce=nonce,
            **(facts or {}),
        )
    )
    policy = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; img-src 'self' https:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    return HTMLResponse(
        page,
        status_code=status,
        headers={
            "content-security-policy": policy,
            "cache-control": "no-store",
            "referrer-policy": "no-referrer",
            "x-robots-tag": "noindex",
            "content-language": tag,
        },
    )


def _find_logo(request: Request, service: Service) -> str:
    """Return the address of the logo; of an asset that of our own."""
    logo = service.brand.logo
    if not is_asset(logo):
        return logo
    file = service.asset_files.get(logo)
    return f"{request.scope.get('root_path', '')}/{ASSET}/{file}" if file else ""


@cache
def open_templates() -> Environment:
    """Return the templates of pages, which escape what is filled in."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    folder = resources.files("ballyhoo.core.web")
    return Environment(
        loader=FunctionLoader(lambda name: folder.joinpath(name).read_text("utf-8")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
