"""Bodies and times are bounded, whatever answers; what fails says nothing of itself."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from ballyhoo.core.web.guarding import (
    HEADERS,
    MOST_BODY_BYTES,
    MOST_PLUGIN_BODY_BYTES,
    PAGE_HEADERS,
    Guard,
)

from .site import Site


async def count_body(scope: Scope, receive: Receive, send: Send) -> None:
    body = await Request(scope, receive).body()
    await PlainTextResponse(str(len(body)))(scope, receive, send)


async def fail(scope: Scope, receive: Receive, send: Send) -> None:
    raise RuntimeError("ada@customers.example is not written to")


def ask(guard: Guard, parts: list[bytes | None], path: str = "/events") -> tuple[int, Any, bytes]:
    """Send a body in parts, of which None never comes; return status, headers and answer."""
    waiting = [*parts]
    said: list[Any] = []

    async def receive() -> Any:
        part = waiting.pop(0)
        if part is None:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": part, "more_body": bool(waiting)}

    async def send(message: Any) -> None:
        said.append(message)

    scope = {"type": "http", "method": "POST", "path": path, "root_path": "", "headers": []}
    asyncio.run(guard(scope, receive, send))
    headers = {name.decode(): value.decode() for name, value in said[0]["headers"]}
    return said[0]["status"], headers, said[1]["body"]


def test_a_body_that_stops_coming_is_given_up() -> None:
    status, headers, _ = ask(Guard(count_body, seconds=0.05), [b"a", None])
    assert status == 408
    assert {*HEADERS, *PAGE_HEADERS} <= {*headers}


def test_a_body_is_counted_as_it_comes_and_refused_when_it_is_too_large() -> None:
    half = b"x" * (MOST_BODY_BYTES // 2)
    assert ask(Guard(count_body), [half, half])[::2] == (200, str(MOST_BODY_BYTES).encode())
    assert ask(Guard(count_body), [half, half, b"x", None])[0] == 413


def test_plugins_may_take_more() -> None:
    whole = b"x" * MOST_PLUGIN_BODY_BYTES
    assert ask(Guard(count_body), [whole], "/plugins/mail/returns")[0] == 200
    assert ask(Guard(count_body), [whole, b"x"], "/plugins/mail/returns")[0] == 413


def test_what_fails_is_answered_and_told_without_its_words(
    caplog: pytest.LogCaptureFixture,
) -> None:
    status, headers, body = ask(Guard(fail), [b""])
    assert (status, body) == (500, b"something is not right on our side\n")
    assert {*HEADERS, *PAGE_HEADERS} <= {*headers}
    assert "RuntimeError at " in caplog.text
    assert "ada@" not in caplog.text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_app_refuses_events_that_are_too_large(site: Site) -> None:
    assert site.ask("POST", "/events", content=b"x" * (MOST_BODY_BYTES + 1)).status_code == 413
