"""Leads what is asked most, a link that is followed and events that are told, past the router."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

Endpoint = Callable[[Request], Awaitable[Response]]


class WebApp(Starlette):
    """A Starlette app some of whose routes are found without asking the others.

    The layers of a Starlette app and its router take about as long as our own answers do. The same
    routes stand in the app all the same: for its description, and for whatever does not fit here.

    Args:
        exact: Endpoints by method and path.
        by_token: Endpoints of GET by how their paths begin; a token follows, and nothing else.
        guarded: Puts what guards every answer around an app.
        how: For Starlette.
    """

    def __init__(
        self,
        *,
        exact: Mapping[tuple[str, str], Endpoint],
        by_token: Mapping[str, Endpoint],
        guarded: Callable[[ASGIApp], ASGIApp],
        **how: Any,
    ) -> None:
        super().__init__(**how)
        self._exact = dict(exact)
        self._by_token = dict(by_token)
        self._quick = guarded(_answer)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        endpoint = self._find(scope) if scope["type"] == "http" else None
        if endpoint is None:
            await super().__call__(scope, receive, send)
            return
        scope["app"] = self
        scope["endpoint"] = endpoint
        await self._quick(scope, receive, send)

    def _find(self, scope: Scope) -> Endpoint | None:
        method, path = scope["method"], scope["path"]
        root = scope.get("root_path", "")
        if root:
            path = path.removeprefix(root)
        if method != "GET":
            return self._exact.get((method, path))
        prefix, slash, token = path[1:].partition("/")
        endpoint = self._by_token.get(prefix)
        if endpoint is None or not slash or not token or "/" in token:
            return None
        scope["path_params"] = {"token": token}
        return endpoint


async def _answer(scope: Scope, receive: Receive, send: Send) -> None:
    response = await scope["endpoint"](Request(scope, receive, send))
    await response(scope, receive, send)
