"""The app's own document says what its routes do, and generated requests hold them to it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.routing import Route
from starlette.testclient import TestClient

from ballyhoo.core.web.app import make_app
from ballyhoo.core.web.openapi import describe_app
from ballyhoo.core.web.operations import OPERATIONS
from ballyhoo.core.web.plugin_routes import PluginApp
from ballyhoo.core.web.routes import Inbox, Request, Response

from .site import BASE, Site
from .test_preferences import Page

EXAMPLES = 8


def serve_without_lifespan(app: Any) -> Any:
    """Return an app that runs already: a client that begins it would open the store anew."""

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "lifespan":
            await app(scope, receive, send)
            return
        for _ in range(2):
            message = await receive()
            await send({"type": f"{message['type']}.complete"})

    return answer


CHECKED = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance",
    "response_headers_conformance", "response_schema_conformance", "unsupported_method",
)  # fmt: skip


def ask_as_it_says(operation: Any, token: str) -> set[int]:
    """Ask an operation what its declaration allows; return the statuses that came."""
    from schemathesis import checks

    checks.load_all_checks()
    wanted = [checks.CHECKS.get_one(name) for name in CHECKED]
    seen: set[int] = set()

    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(data=st.data())
    def hold(data: Any) -> None:
        case = data.draw(operation.as_strategy())
        headers = {"x-forwarded-for": f"198.51.100.{data.draw(st.integers(0, 255))}"}
        if data.draw(st.booleans()):
            headers["authorization"] = "Bearer a key of the shop"
        if "token" in case.path_parameters and data.draw(st.booleans()):
            case.path_parameters["token"] = token
        seen.add(case.call_and_validate(headers=headers, checks=wanted).status_code)

    hold()
    return seen


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_requests_made_from_the_document_are_answered_as_it_says(site: Site) -> None:
    from schemathesis.openapi import from_asgi

    token = Page(site).url.rpartition("/")[2]
    with TestClient(make_app(site.shop.workspace, clock=site.shop.clock, proxies=1)) as client:
        schema = from_asgi("/openapi.json", serve_without_lifespan(client.app))
        found = [one.ok() for one in schema.get_all_operations()]
        seen = {(one.method, one.path): ask_as_it_says(one, token) for one in found}
    own = {name: codes for name, codes in seen.items() if not name[1].startswith("/plugins/")}
    assert set(own) == set(OPERATIONS) - {("get", "/openapi.json")}
    assert 401 in own["post", "/events"]
    assert own["post", "/events"] & {200, 422}
    assert own["post", "/preferences/{token}"] >= {403, 404}
    assert own["get", "/preferences/{token}"] == {200, 404}


def test_every_route_of_the_app_is_declared_and_nothing_else(site: Site) -> None:
    routes = [one for one in site.client.app.routes if isinstance(one, Route)]  # type: ignore[attr-defined]
    own = [one for one in routes if not one.path.startswith("/plugins/")]
    there = {
        (method.lower(), one.path)
        for one in own
        for method in one.methods or ()
        if method != "HEAD"
    }
    assert there == set(OPERATIONS)


def test_the_document_is_told_to_everybody_and_names_the_address(site: Site) -> None:
    document = site.ask("GET", "/openapi.json").json()
    assert document["openapi"] == "3.1.0"
    assert document["servers"] == [{"url": BASE}]
    event = document["components"]["schemas"]["ToldEvent"]
    assert event["required"] == ["id", "type", "at", "customer"]
    assert "a key of the shop" not in str(document)


def test_a_plugin_may_declare_its_routes() -> None:
    def take(request: Request, inbox: Inbox) -> Response:
        return Response()

    app = PluginApp("sms", None)
    said = {"summary": "Take a stop.", "responses": {"200": {"description": "Taken."}}}
    app.add_route("/stop/{number}", take, methods=("POST",), operation=said)
    app.add_route("/silent", take, methods=("POST",))
    paths = describe_app(app.routes)["paths"]
    assert list(paths) == ["/plugins/sms/stop/{number}"]
    operation = paths["/plugins/sms/stop/{number}"]["post"]
    assert operation["summary"] == "Take a stop."
    assert [one["name"] for one in operation["parameters"]] == ["number"]
