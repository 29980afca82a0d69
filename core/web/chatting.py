"""Shows the page on which visitors ask, and the script that puts it onto a page of the shop."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from .chat_words import CHAT_WORDS
from .page_colours import choose_accents
from .page_words import choose_language
from .pages import open_templates

if TYPE_CHECKING:
    from .service import Service

FILES = {
    "chat.js": "text/javascript",
    "chat-page.js": "text/javascript",
    "chat.css": "text/css",
}
SECONDS = 3_600


def list_chat_routes() -> list[Route]:
    """Return the routes of the chat page and of what it is made of."""
    return [
        Route("/chat", show_chat, methods=["GET"]),
        *(Route(f"/{name}", give_file, methods=["GET"]) for name in FILES),
    ]


async def show_chat(request: Request) -> HTMLResponse:
    """Show the page; pages of the shop's own sites may frame it, and nobody else's."""
    service: Service = request.app.state.service
    tag = choose_language(
        request.query_params.get("language"), request.headers.get("accept-language", "")
    )
    origins = sorted(service.sites.origins)
    page = open_templates().get_template("chat.html.j2").render(
        language=tag,
        words=CHAT_WORDS[tag],
        told=json.dumps(CHAT_WORDS[tag], ensure_ascii=False),
        origins=json.dumps(origins),
        brand=service.brand,
        colours=choose_accents(service.brand.colours.get("accent")),
        root=request.scope.get("root_path", ""),
    )  # fmt: skip
    framing = " ".join(("'self'", *origins))
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self'; form-action 'none'; base-uri 'none'; "
        f"frame-ancestors {framing}"
    )
    return HTMLResponse(
        page,
        headers={
            "content-security-policy": policy,
            "x-frame-options": "SAMEORIGIN",  # for browsers that do not know frame-ancestors
            "cross-origin-opener-policy": "unsafe-none",
            "cache-control": "no-store",
            "content-language": tag,
            "x-robots-tag": "noindex",
        },
    )


async def give_file(request: Request) -> Response:
    """Give a script or the style."""
    name = request.url.path.rpartition("/")[2]
    content, tag = _read_file(name)
    headers = {
        "cache-control": f"public, max-age={SECONDS}",
        "cross-origin-resource-policy": "cross-origin",
        "etag": tag,
    }
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=FILES[name], headers=headers)


@cache
def _read_file(name: str) -> tuple[bytes, str]:
    content = resources.files("ballyhoo.core.web").joinpath(name).read_bytes()
    return content, f'"{hashlib.sha256(content).hexdigest()[:16]}"'
