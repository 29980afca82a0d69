"""Whatever is thrown at every route is not repeated as markup, and no answer lacks a header."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.routing import Route

from ballyhoo.core.web.guarding import HEADERS, LEADS_ON, PAGE_HEADERS

from .site import Site
from .test_preferences import Page

SCRIPT = "\"'><script>alert(1)</script>{{7*7}}${7*7}"
QUOTED = "%22%27%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E%7B%7B7*7%7D%7D"
TOKENS = (
    QUOTED, "%00", "..%2f..%2fballyhoo.toml", "%0d%0aset-cookie:%20a=b", "x" * 3_000, "%ff%fe",
    "javascript:alert(1)", "%2f%2fevil.example", "W10.x", "%F0%9F%92%A9",
)  # fmt: skip
HEADERS_SENT: dict[str, Any] = {
    "accept-language": 'zh"><script>alert(1)</script>;q=NaN,,;;q=1e999',
    "user-agent": "<script>alert(1)</script>",
    "referer": "https://evil.example/<script>",
    "x-forwarded-for": "<script>alert(1)</script>, 1.2.3.4.5",
    "x-forwarded-host": "evil.example",
    "forwarded": "host=evil.example",
    "accept": "text/html",
    "authorization": b"Bearer \xc3\xa9<script>",
    "webhook-id": SCRIPT, "webhook-timestamp": "9" * 400, "webhook-signature": "v1,<script>",
}  # fmt: skip
OWN_SCRIPT = '<script src="/chat-page.js"></script>'
"""That of the chat page, the only one that any page has."""
BODIES: tuple[dict[str, Any], ...] = (
    {},
    {"data": {"form": SCRIPT, "do": SCRIPT, "topic": SCRIPT, "language": SCRIPT, "often": SCRIPT}},
    {"content": b"\xff\x00<script>"},
    {"json": {"events": [{SCRIPT: SCRIPT}]}},
    {"content": b"&".join([b"a=b"] * 5_000)},
)


def check(answer: Any) -> None:
    assert answer.status_code < 500, (answer.request.url, answer.text)
    more = [] if answer.status_code in LEADS_ON else list(PAGE_HEADERS)
    for name in [*HEADERS, *more]:
        assert name in answer.headers, (answer.request.url, name)
    assert "set-cookie" not in answer.headers
    assert "evil.example" not in answer.headers.get("location", "")
    assert "<script" not in answer.text.replace(OWN_SCRIPT, "")
    assert "49" not in answer.headers.get("location", "")
    if "text/html" in answer.headers.get("content-type", ""):
        policy = answer.headers["content-security-policy"]
        assert ("script" in policy) == (answer.request.url.path == "/chat")
        assert "unsafe" not in policy


def list_routes(site: Site) -> list[tuple[str, str]]:
    found = []
    for route in site.client.app.routes:  # type: ignore[attr-defined]
        assert isinstance(route, Route)
        assert route.methods
        found += [(method, route.path) for method in sorted(route.methods)]
    return found


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_hostile_tokens_headers_and_bodies_at_every_route(site: Site) -> None:
    routes = list_routes(site)
    assert len(routes) > 15
    for number, (method, path) in enumerate(routes):
        for at, token in enumerate(TOKENS):
            url = path
            for part in ("{token}", "{file}", "{path}"):
                url = url.replace(part, token)
            if url == path and at:
                continue
            # Each hostile body meets each hostile token somewhere.
            body = BODIES[(number + at) % len(BODIES)] if method != "GET" else {}
            query = f"?done={QUOTED}&answer={QUOTED}"
            check(site.ask(method, url + query, headers=HEADERS_SENT, **body))
    check(site.ask("DELETE", "/unsubscribe/x"))
    check(site.ask("GET", f"/{QUOTED}"))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_hostile_fields_on_a_page_that_is_hers(site: Site) -> None:
    page = Page(site)
    check(page.open(f"?done={QUOTED}", **HEADERS_SENT))
    for step in ("save", "pause", SCRIPT):
        check(page.press(step, shown=SCRIPT, topic=SCRIPT))
        check(page.press(step, language=SCRIPT))
        check(page.press(step, often=SCRIPT))
    check(page.open())


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_answer_to_a_mistake_of_ours_is_safe_too(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    link = Page(site).url
    with site.shop.store.begin() as connection:
        connection.exec_driver_sql("DROP TABLE declined_topics")
        connection.exec_driver_sql("ALTER TABLE preferences RENAME TO gone")
    answer = site.ask("GET", link)
    assert answer.status_code == 500
    assert answer.text == "something is not right on our side\n"
    assert {*HEADERS, *PAGE_HEADERS} <= {*answer.headers}
    assert "customers.example" not in caplog.text
