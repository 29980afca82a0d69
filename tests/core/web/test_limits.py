"""Addresses that come too often wait, whatever they say of themselves; memory is bounded."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from ballyhoo.core.web.addresses import NOBODY, find_address
from ballyhoo.core.web.app import make_app
from ballyhoo.core.web.limiting import CHANGES, UNSUBSCRIBES, WRONG, Buckets, Limit, Limiter

from .site import Site


class Seconds:
    """A clock of seconds that a test moves."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


async def answer(scope: Scope, receive: Receive, send: Send) -> None:
    status = 401 if scope["path"] == "/events" and scope["query_string"] != b"good" else 200
    await PlainTextResponse("ok", status)(scope, receive, send)


def make_scope(peer: str | None, *forwarded: str, path: str = "/", **more: Any) -> Scope:
    return {
        "type": "http", "method": "POST", "path": path, "root_path": "", "query_string": b"",
        "client": None if peer is None else (peer, 1),
        "headers": [(b"x-forwarded-for", one.encode()) for one in forwarded], **more,
    }  # fmt: skip


def ask(app: Limiter, scope: Scope) -> tuple[int, dict[str, str]]:
    said: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        said.append(message)

    asyncio.run(app(scope, receive, send))
    headers = {name.decode(): value.decode() for name, value in said[0]["headers"]}
    return said[0]["status"], headers


@pytest.mark.parametrize(
    ("scope", "proxies", "address"),
    [
        (make_scope("192.0.2.1", "203.0.113.9"), 0, "192.0.2.1"),
        (make_scope("10.0.0.1", "6.6.6.6, 203.0.113.9"), 1, "203.0.113.9"),
        (make_scope("10.0.0.1", "6.6.6.6", "203.0.113.9, 10.0.0.2"), 2, "203.0.113.9"),
        (make_scope("10.0.0.1", "203.0.113.9"), 2, "203.0.113.9"),
        (make_scope("10.0.0.1"), 1, "10.0.0.1"),
        (make_scope("10.0.0.1", "203.0.113.9:4711"), 1, "203.0.113.9"),
        (make_scope("2001:db8:1:2:3:4:5:6"), 0, "2001:db8:1:2::/64"),
        (make_scope("10.0.0.1", "[2001:db8:1:2::9]:443"), 1, "2001:db8:1:2::/64"),
        (make_scope("::ffff:192.0.2.1"), 0, "192.0.2.1"),
        (make_scope("10.0.0.1", "<script>"), 1, NOBODY),
        (make_scope(None), 0, NOBODY),
    ],
)
def test_who_asks_is_what_trusted_proxies_say(scope: Scope, proxies: int, address: str) -> None:
    assert find_address(scope, proxies) == address


def test_forms_are_limited_by_address_and_looking_is_not() -> None:
    seconds = Seconds()
    app = Limiter(answer, timer=seconds)
    form = make_scope("192.0.2.1", path="/preferences/x")
    assert {ask(app, form)[0] for _ in range(CHANGES.at_once)} == {200}
    status, headers = ask(app, form)
    assert (status, headers["retry-after"]) == (429, "1")
    assert ask(app, make_scope("192.0.2.2", path="/preferences/x"))[0] == 200
    assert ask(app, {**form, "method": "GET"})[0] == 200
    seconds.now += 1
    assert [ask(app, form)[0] for _ in range(2)] == [200, 429]
    # Mail services unsubscribe many people from one address.
    one_click = make_scope("192.0.2.1", path="/unsubscribe/x")
    assert {ask(app, one_click)[0] for _ in range(UNSUBSCRIBES.at_once)} == {200}
    assert ask(app, one_click)[0] == 429
    mounted = make_scope("192.0.2.1", path="/mail/preferences/x", root_path="/mail")
    assert ask(app, mounted)[0] == 429


def test_after_wrong_keys_the_right_one_does_not_help_for_a_while() -> None:
    seconds = Seconds()
    app = Limiter(answer, timer=seconds)
    good = make_scope("192.0.2.1", path="/events", query_string=b"good")
    for _ in range(WRONG.at_once * 2):
        assert ask(app, good)[0] == 200
    for number in range(WRONG.at_once):
        # Any address of her network is hers.
        assert ask(app, make_scope(f"2001:db8::{number}", path="/events"))[0] == 401
    status, headers = ask(app, make_scope("2001:db8::ffff", path="/events"))
    assert (status, headers["retry-after"]) == (429, "6")
    right = make_scope("2001:db8::1", path="/events", query_string=b"good")
    assert ask(app, right)[0] == 429
    assert ask(app, make_scope("2001:db8::1", path="/c/x"))[0] == 200
    seconds.now += 6
    assert ask(app, right)[0] == 200


def test_as_many_addresses_as_there_are_take_a_bounded_place() -> None:
    buckets = Buckets(Limit(at_once=1, per_second=0.01), most=100)
    for number in range(1_000):
        buckets.take(str(number), 0.0)
    assert buckets.wait("999", 0.0) > 0
    assert buckets.wait("1", 0.0) == 0


def test_the_app_limits_wrong_keys_and_answers_like_all_its_pages(site: Site) -> None:
    answers = [site.ask("POST", "/events", json={}) for _ in range(WRONG.at_once + 1)]
    assert [one.status_code for one in answers] == [401] * WRONG.at_once + [429]
    assert answers[-1].headers["x-content-type-options"] == "nosniff"
    assert site.ask("GET", "/healthz").status_code == 200
    app = make_app(site.shop.workspace, clock=site.shop.clock, proxies=1)
    with TestClient(app) as client:
        for number in range(WRONG.at_once + 3):
            forged = {"x-forwarded-for": f"198.51.100.{number}, 192.0.2.7"}
            last = client.post("/events", headers=forged)
        assert last.status_code == 429
        assert client.post("/events", headers={"x-forwarded-for": "192.0.2.8"}).status_code == 401
