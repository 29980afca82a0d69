"""The app below a path of somebody else's: what is asked most is found there as all else is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from ballyhoo.core.store.tables import events, message_events
from ballyhoo.core.web.app import make_app

from .site import BASE, BROWSER, Site
from .test_app import find_link, send


def test_links_and_events_are_answered_below_a_path_of_another_app(site: Site) -> None:
    link = find_link(site.page_of(send(site, "ada"), "ada"), "c").removeprefix(BASE)
    inner = make_app(site.shop.workspace, clock=site.shop.clock)

    @asynccontextmanager
    async def live(_: Starlette) -> AsyncIterator[None]:
        async with inner.router.lifespan_context(inner):
            yield

    outer = Starlette(routes=[Mount("/mail", app=inner)], lifespan=live)
    told = {"id": "e-1", "type": "view", "at": "2026-03-02T08:00:00Z", "customer": "ada"}
    key = {"authorization": "Bearer a key of the shop"}
    with TestClient(outer, headers=BROWSER, follow_redirects=False) as client:
        answer = client.get(f"/mail{link}")
        assert (answer.status_code, answer.headers["referrer-policy"]) == (302, "no-referrer")
        assert client.post("/mail/events", json={"events": [told]}).status_code == 401
        stored = client.post("/mail/events", json={"events": [told]}, headers=key)
        assert stored.json() == {"stored": 1, "errors": []}
        assert client.get(link).status_code == 404
    assert [one.kind for one in site.rows(message_events) if one.kind == "click"] == ["click"]
    assert "view" in {one.type for one in site.rows(events)}


def test_what_only_looks_like_a_link_or_an_event_is_none(site: Site) -> None:
    assert site.ask("GET", "/c/").status_code == 404
    assert site.ask("GET", "/c/a/b").status_code == 404
    assert site.ask("POST", "/c/token").status_code == 405
    assert site.ask("GET", "/events").status_code == 405
    assert site.ask("GET", "/c/token").status_code == 404
    assert site.ask("GET", "/o/token.gif").headers["content-type"] == "image/gif"
