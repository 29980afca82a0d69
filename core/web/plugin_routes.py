"""Mounts the pages and webhooks of plugins: each below a prefix of its own."""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.responses import Response as Answer
from starlette.routing import Route

from ..errors import BallyhooError
from ..plugin_settings import read_plugin_settings
from . import routes
from .openapi import DECLARED
from .route_checks import check_route

if TYPE_CHECKING:
    from ..workspace import Workspace
    from .service import Service

LOG = logging.getLogger("ballyhoo.web")

SECONDS = 30.0
"""How long an endpoint may take."""


class PluginApp:
    """The `WebApp` of one plugin.

    Args:
        plugin: Its name.
        settings: Its own settings; None without a settings model.

    Attributes:
        routes: What it added.
    """

    def __init__(self, plugin: str, settings: Any) -> None:
        self.plugin = plugin
        self.routes: list[Route] = []
        self._settings = settings
        self._taken: set[str] = set()

    @property
    def settings(self) -> Any:
        """See `WebApp.settings`."""
        return self._settings

    def add_route(
        self,
        path: str,
        endpoint: routes.Endpoint,
        *,
        methods: tuple[str, ...],
        operation: Mapping[str, Any] | None = None,
    ) -> None:
        """See `WebApp.add_route`."""
        check_route(self.plugin, path, endpoint, methods, taken=self._taken)
        self._taken.add(path)
        prefix = f"/plugins/{self.plugin}"

        async def answer(request: Request) -> Answer:
            return await _ask(self.plugin, endpoint, request)

        if operation is not None:
            setattr(answer, DECLARED, dict(operation))
        self.routes.append(Route(prefix + path, answer, methods=list(methods)))


def list_plugin_routes(workspace: Workspace) -> Iterator[Route]:
    """Yield the routes of all plugins; one that fails to add its own is reported and left out."""
    registry = workspace.registry
    tables = workspace.settings.plugins.tables
    for record in registry:
        if record.error is not None or "register_routes" not in record.hooks:
            continue
        app = PluginApp(record.name, read_plugin_settings(record, tables))
        try:
            registry.call(record.name, "register_routes", app=app)
        except BallyhooError as error:
            LOG.error(f"plugin '{record.name}' has no pages: {error.message}")
            continue
        yield from app.routes


async def _ask(plugin: str, endpoint: routes.Endpoint, request: Request) -> Answer:
    service: Service = request.app.state.service
    asked = routes.Request(
        method=request.method,
        path=request.url.path,
        headers={name.lower(): value for name, value in request.headers.items()},
        query=dict(request.query_params),
        body=await request.body(),
    )
    inbox = service.open_inbox(plugin)
    try:
        async with asyncio.timeout(SECONDS):
            if inspect.iscoroutinefunction(endpoint):
                answered: Any = await endpoint(asked, inbox)
            else:
                answered = await asyncio.to_thread(endpoint, asked, inbox)
                if inspect.isawaitable(answered):
                    answered = await answered
            await asyncio.to_thread(inbox.close)
    except TimeoutError:
        LOG.error(f"a page of '{plugin}' took more than {SECONDS:.0f} s")
        return PlainTextResponse("it took too long\n", status_code=503)
    except Exception as error:  # a plugin's: one that is wrong must not take others down
        LOG.error(f"a page of '{plugin}' failed: {type(error).__name__}", exc_info=error)
        return PlainTextResponse("something is not right on our side\n", status_code=500)
    if not isinstance(answered, routes.Response):
        LOG.error(f"a page of '{plugin}' answered a {type(answered).__name__}, not a Response")
        return PlainTextResponse("something is not right on our side\n", status_code=500)
    headers = {"content-type": answered.content_type, **answered.headers}
    return Answer(answered.body, status_code=answered.status, headers=headers)
