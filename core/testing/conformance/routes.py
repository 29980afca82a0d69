"""The kit for plugins that bring pages and webhooks."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from ...registry import Registry
from ...web.route_checks import METHODS
from ...web.routes import Response
from ..web import MemoryInbox, MemoryWebApp
from .plugin import MakeContext, PluginConformance
from .verdict import require

NewApp = Callable[[], MemoryWebApp]
GARBAGE = (b"\xff\xfe\x00\x9c garbage", b"{", b"<script>alert(1)</script>", b"not json, no form")
"""Bodies that no webhook can make sense of."""

EMPTY = (b"", b"{}", b"[]", b"null", b"0", b'"text"', b"=&=&", b'{"a": ' * 2_000)
"""Bodies that say nothing, in one notation or the other."""

TYPES = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data", "")
_WITH_BODY = ("POST", "PUT", "PATCH")


class RoutesConformance(PluginConformance):
    """Holds a plugin to the contract of `register_routes`.

    Fixtures to supply: `plugin`. To override where needed: `settings`, `inbox`.
    """

    hook = "register_routes"

    @pytest.fixture
    def inbox(self) -> MemoryInbox:
        """What endpoints get; whoever needs customers or messages in it, supplies one."""
        return MemoryInbox()

    @pytest.fixture
    def new_app(
        self, registry: Registry, plugin_name: str, new_context: MakeContext, inbox: MemoryInbox
    ) -> NewApp:
        """Make a web app and let the plugin add its routes."""

        def make() -> MemoryWebApp:
            app = MemoryWebApp(plugin_name, settings=new_context().settings, inbox=inbox)
            answered = registry.call(plugin_name, "register_routes", app=app)
            require(answered is None, f"it answers a {type(answered).__name__}, not nothing")
            require(app.routes, "it adds no route")
            return app

        return make

    def test_routes_can_be_added_to_several_apps(self, new_app: NewApp) -> None:
        """A process may make the web app more than once: each gets the same routes."""
        require(new_app().routes == new_app().routes, "a second app gets other routes")

    def test_unknown_method_is_refused(self, new_app: NewApp) -> None:
        """No route takes every method: what it does not need is answered with 405."""
        app = new_app()
        for path, methods in app.routes.items():
            others = [method for method in METHODS if method not in methods]
            require(others, f"{path} takes every method; name those that it needs")
            for method in others:
                status = app.request(method, path).status
                require(status == 405, f"{method} {path} answers {status}, not 405")

    def test_garbage_is_answered_with_a_client_error(
        self, new_app: NewApp, inbox: MemoryInbox
    ) -> None:
        """A body that makes no sense is answered with 4xx, and nothing is kept of it."""
        app = new_app()
        for method, path, kind in _ask_with_body(app):
            for body in GARBAGE:
                response = _ask(app, method, path, body, kind)
                require(
                    400 <= response.status < 500,
                    f"{method} {path} answers {response.status} to {body!r}; a client error (4xx) "
                    "tells the sender that it will never be taken",
                )
        _require_empty(inbox)

    def test_body_that_says_nothing_is_no_reason_to_crash(
        self, new_app: NewApp, inbox: MemoryInbox
    ) -> None:
        """Empty and deeply nested bodies are answered, not raised at, and nothing is kept."""
        app = new_app()
        for method, path, kind in _ask_with_body(app):
            for body in EMPTY:
                response = _ask(app, method, path, body, kind)
                require(
                    response.status < 500,
                    f"{method} {path} answers {response.status} to {body!r:.40}",
                )
        _require_empty(inbox)

    def test_odd_queries_and_headers_are_no_reason_to_crash(self, new_app: NewApp) -> None:
        """Whatever stands in the query and in the headers, there is an answer."""
        odd = {
            "": "",
            "id": "\x00'\"><script>alert(1)</script>",
            "page": "-1",
            "token": "x" * 5_000,
        }
        app = new_app()
        for path, methods in app.routes.items():
            for method in methods:
                response = app.request(method, path, query=odd, headers=odd)
                require(response.status < 500, f"{method} {path} answers {response.status}")
                _require_escaped(response, f"{method} {path}")

    def test_markup_is_not_sent_back(self, new_app: NewApp) -> None:
        """A page never repeats the markup of a request."""
        app = new_app()
        for method, path, kind in _ask_with_body(app):
            response = _ask(app, method, path, b"a=<script>alert(1)</script>", kind)
            _require_escaped(response, f"{method} {path}")


def _ask_with_body(app: MemoryWebApp) -> Iterator[tuple[str, str, str]]:
    for path, methods in app.routes.items():
        for method in methods:
            if method in _WITH_BODY:
                for kind in TYPES:
                    yield method, path, kind


def _ask(app: MemoryWebApp, method: str, path: str, body: bytes, kind: str) -> Response:
    return app.request(method, path, body=body, headers={"content-type": kind} if kind else {})


def _require_empty(inbox: MemoryInbox) -> None:
    __tracebackhide__ = True
    kept = [*inbox.events, *inbox.resolutions, *inbox.suppressions]
    require(not kept, f"kept something of it: {kept!r:.200}")


def _require_escaped(response: Response, where: str) -> None:
    __tracebackhide__ = True
    is_page = "html" in response.content_type
    require(
        not (is_page and b"<script>alert(1)" in response.body),
        f"{where} sends the markup of a request back in a page",
    )
