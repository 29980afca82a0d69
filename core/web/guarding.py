"""Guards every answer: bodies and times are bounded, and browsers are told what not to do."""

from __future__ import annotations

import asyncio
import logging
from traceback import extract_tb
from typing import Any

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BODY_BYTES = 1_000_000
MOST_PLUGIN_BODY_BYTES = 5_000_000
"""Of what plugins take, such as mail that came back; they may take less."""
BODY_SECONDS = 20.0
"""How long a whole request may take to come in."""

HEADERS = {
    "x-content-type-options": "nosniff",
    "strict-transport-security": "max-age=31536000",
    "referrer-policy": "no-referrer",
}
"""Of every answer."""
PAGE_HEADERS = {
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "interest-cohort=()",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
}
"""Of whatever a browser might show; what only leads on is nothing to show."""
LEADS_ON = frozenset({301, 302, 303, 307, 308})

LOG = logging.getLogger("ballyhoo.web")

_RAW_HEADERS = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
_RAW_PAGE_HEADERS = [
    *_RAW_HEADERS, *((name.encode(), value.encode()) for name, value in PAGE_HEADERS.items())
]  # fmt: skip


class _TooLarge(Exception):
    pass


class Guard:
    """Refuses bodies that are too large or too slow, and adds headers that keep pages safe.

    Args:
        app: What answers.
        most_bytes: Of a body.
        seconds: How long a body may take.
    """

    def __init__(
        self, app: ASGIApp, *, most_bytes: int = MOST_BODY_BYTES, seconds: float = BODY_SECONDS
    ) -> None:
        self._app = app
        self._most_bytes = most_bytes
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        most_bytes = MOST_PLUGIN_BODY_BYTES if path.startswith("/plugins/") else self._most_bytes
        is_begun = False
        came = 0
        loop = asyncio.get_running_loop()
        ends = loop.time() + self._seconds

        async def receive_bounded() -> Message:
            nonlocal came
            async with asyncio.timeout_at(ends):
                message = await receive()
            came += len(message.get("body", b""))
            if came > most_bytes:
                raise _TooLarge
            return message

        async def send_safely(message: Message) -> None:
            nonlocal is_begun
            if message["type"] == "http.response.start":
                is_begun = True
                given = message.setdefault("headers", [])
                own = {name for name, _ in given}
                ours = _RAW_HEADERS if message["status"] in LEADS_ON else _RAW_PAGE_HEADERS
                message["headers"] = [*given, *(one for one in ours if one[0] not in own)]
            await send(message)

        async def refuse(status: int, said: str) -> None:
            if not is_begun:
                answer: Any = PlainTextResponse(said, status_code=status)
                await answer(scope, receive, send_safely)

        try:
            await self._app(scope, receive_bounded, send_safely)
        except _TooLarge:
            await refuse(413, f"a body may have {most_bytes:,} bytes\n")
        except TimeoutError:
            await refuse(408, "the request came in too slowly\n")
        except Exception as error:
            # Its message may hold what somebody is called, so only its kind and place are told.
            LOG.error(f"a request failed: {type(error).__name__} at {_find_place(error)}")
            await refuse(500, "something is not right on our side\n")


def _find_place(error: BaseException) -> str:
    frames = extract_tb(error.__traceback__)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "no place"
