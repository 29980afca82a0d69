"""Plugins' pages and webhooks are mounted below their names, and harm nobody else."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.testclient import TestClient

from ballyhoo import DataError, Event, Inbox, Request, Response, WebApp, hookimpl
from ballyhoo.core.store.tables import events
from ballyhoo.core.web.app import make_app
from ballyhoo.core.web.metrics import Metric, write_metrics

from .site import Site

KEY = {"authorization": "Bearer a key of the shop"}


class Pages:
    """A plugin with pages of all kinds."""

    @hookimpl
    def register_routes(self, app: WebApp) -> None:
        app.add_route("/hook", self.take, methods=("POST",))
        app.add_route("/slow", self.wait, methods=("GET",))
        app.add_route("/broken", self.fail, methods=("GET",))
        app.add_route("/odd", lambda request, inbox: "text", methods=("GET",))  # type: ignore

    def take(self, request: Request, inbox: Inbox) -> Response:
        from datetime import UTC, datetime

        at = datetime(2026, 3, 2, tzinfo=UTC)
        is_new = inbox.record_event(Event(id=request.query["id"], type="ping", at=at))
        return Response(status=201 if is_new else 200, body=request.body, headers={"x-own": "yes"})

    async def wait(self, request: Request, inbox: Inbox) -> Response:
        await asyncio.sleep(0)
        return Response(body=request.headers["x-said"].encode())

    def fail(self, request: Request, inbox: Inbox) -> Response:
        raise ZeroDivisionError("a secret")


class Refused:
    """A plugin whose route is none."""

    @hookimpl
    def register_routes(self, app: WebApp) -> None:
        raise DataError("no")


@pytest.fixture
def pages(site: Site) -> Any:
    site.shop.add_plugin("pages", Pages())
    site.shop.add_plugin("refused", Refused())
    with TestClient(make_app(site.shop.workspace, clock=site.shop.clock)) as client:
        yield client


def test_a_webhook_is_asked_and_what_it_records_is_stored_once(site: Site, pages: Any) -> None:
    first = pages.post("/plugins/pages/hook?id=a", content=b"body")
    assert (first.status_code, first.content, first.headers["x-own"]) == (201, b"body", "yes")
    assert pages.post("/plugins/pages/hook?id=a").status_code == 200
    (row,) = site.rows(events)
    assert (row.key, row.source) == ("a", "pages")
    assert pages.get("/plugins/pages/slow", headers={"x-said": "hello"}).text == "hello"


def test_a_page_that_fails_says_nothing_of_it_and_takes_no_other_down(pages: Any) -> None:
    answer = pages.get("/plugins/pages/broken")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert pages.get("/plugins/pages/odd").status_code == 500
    assert pages.get("/plugins/pages/hook").status_code == 405
    assert pages.get("/plugins/refused/x").status_code == 404
    assert pages.get("/healthz").json() == {"ok": True}


def test_metrics_are_those_of_the_ledger_and_for_those_with_a_key(site: Site) -> None:
    site.shop.add("ada", "bob")
    site.shop.run()
    assert site.ask("GET", "/metrics").status_code == 401
    said = site.ask("GET", "/metrics", headers=KEY).text
    assert 'ballyhoo_messages{channel="email",state="sent"} 2' in said
    assert 'ballyhoo_runs{state="finished"} 1' in said
    assert "ballyhoo_message_unknown 0" in said
    assert "# TYPE ballyhoo_message_events_total counter" in said
    assert "customers.example" not in said


def test_labels_are_written_so_that_they_can_be_read() -> None:
    metric = Metric(name="x", kind="gauge", help="X.", samples=(({"a": 'q"\n\\'}, 1.5),))
    assert write_metrics([metric]).splitlines()[2] == r'ballyhoo_x{a="q\"\n\\"} 1.5'
