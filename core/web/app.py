"""The web app: what customers' links lead to, as an ASGI app for a server or another app."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from ..assets import ASSET
from ..clock import Clock
from ..links import PREFERENCES, UNSUBSCRIBE
from ..satisfaction import SATISFACTION
from ..tracking import CLICK, OPEN
from .asking import show_question, take_answer
from .chatting import list_chat_routes
from .collecting import list_site_routes
from .following import follow_link, tell_open
from .guarding import Guard
from .limiting import Limiter, Limits
from .metrics import CONTENT_TYPE, read_metrics, write_metrics
from .openapi import tell_openapi
from .plugin_routes import list_plugin_routes
from .preferring import change_preferences, erase_person, show_erasure, show_preferences
from .questions import list_question_routes
from .relaying import open_writer
from .service import Service, open_service
from .shortcuts import WebApp
from .showing import show_asset
from .telling import may_tell, refuse, take_events
from .unsubscribing import show_unsubscribe, unsubscribe
from .upserting import list_upsert_routes
from .writes import MOST_ROWS

if TYPE_CHECKING:
    from ..workspace import Workspace


def make_app(
    workspace: Workspace,
    *,
    clock: Clock | None = None,
    proxies: int = 0,
    writes_apart: bool = False,
) -> Starlette:
    """Return the app of a workspace; it opens the database when it starts.

    It may be mounted in another ASGI app, whose lifespan must then run this one's.

    Args:
        workspace: Which.
        clock: Tells the time; the system's when None.
        proxies: How many proxies in a row stand before it and are ours: their words about who
            asks are believed, when requests are counted.
        writes_apart: Whether a process of its own stores what is told, by the system's clock: that
            answers more in a second, and is for a server that has a machine's memory to itself.
    """

    @asynccontextmanager
    async def live(app: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            writer = None
            if writes_apart:
                writer = await stack.enter_async_context(open_writer(workspace.folder, MOST_ROWS))
            app.state.service = stack.enter_context(
                open_service(workspace, clock=clock, proxies=proxies, writer=writer)
            )
            yield

    limits = Limits()

    def guard(app: ASGIApp) -> ASGIApp:
        return Guard(Limiter(app, limits=limits, proxies=proxies))

    return WebApp(
        exact={("POST", "/events"): take_events},
        by_token={CLICK: follow_link, OPEN: tell_open},
        guarded=guard,
        lifespan=live,
        routes=[
            Route(f"/{CLICK}/{{token}}", follow_link, methods=["GET"]),
            Route(f"/{OPEN}/{{token}}", tell_open, methods=["GET"]),
            Route(f"/{UNSUBSCRIBE}/{{token}}", show_unsubscribe, methods=["GET"]),
            Route(f"/{UNSUBSCRIBE}/{{token}}", unsubscribe, methods=["POST"]),
            Route(f"/{PREFERENCES}/{{token}}", show_preferences, methods=["GET"]),
            Route(f"/{PREFERENCES}/{{token}}", change_preferences, methods=["POST"]),
            Route(f"/{PREFERENCES}/{{token}}/erase", show_erasure, methods=["GET"]),
            Route(f"/{PREFERENCES}/{{token}}/erase", erase_person, methods=["POST"]),
            Route(f"/{ASSET}/{{file}}", show_asset, methods=["GET"]),
            Route(f"/{SATISFACTION}/{{token}}", show_question, methods=["GET"]),
            Route(f"/{SATISFACTION}/{{token}}", take_answer, methods=["POST"]),
            Route("/events", take_events, methods=["POST"]),
            *list_upsert_routes(),
            *list_site_routes(),
            *list_question_routes(),
            *list_chat_routes(),
            Route("/metrics", tell_metrics, methods=["GET"]),
            *list_plugin_routes(workspace),
            Route("/openapi.json", tell_openapi, methods=["GET"]),
            Route("/healthz", tell_health, methods=["GET"]),
        ],
        middleware=[Middleware(Guard), Middleware(Limiter, limits=limits, proxies=proxies)],
    )


async def tell_metrics(request: Request) -> Response:
    """Tell Prometheus what the ledger says; whoever may tell events may ask."""
    from asyncio import to_thread

    service: Service = request.app.state.service
    if not may_tell(request, b""):
        return refuse(401, "a bearer key is needed")

    def read() -> str:
        with service.store.read() as connection:
            return write_metrics(read_metrics(connection, now=service.now))

    return Response(await to_thread(read), media_type=CONTENT_TYPE)


async def tell_health(request: Request) -> Response:
    """Say whether what is told can be stored: by the database, and the process that stores it."""
    from asyncio import to_thread

    from sqlalchemy import text
    from sqlalchemy.exc import DBAPIError

    def ask() -> None:
        with request.app.state.service.store.read() as connection:
            connection.execute(text("SELECT 1"))

    try:
        await to_thread(ask)
    except DBAPIError:
        return JSONResponse({"ok": False, "database": "away"}, status_code=503)
    writer = request.app.state.service.writer
    if writer is not None and writer.is_away:
        return JSONResponse({"ok": False, "writer": "away"}, status_code=503)
    return JSONResponse({"ok": True})
