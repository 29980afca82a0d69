"""The kit for pages and webhooks: a good plugin passes, each bad one fails on what is bad."""

from __future__ import annotations

GOOD = """
import html, json
from ballyhoo.testing import SAMPLE_NOW

class Good:
    methods = ("POST",)

    @hookimpl
    def register_routes(self, app):
        app.add_route("/hook", self.hook, methods=self.methods)
        app.add_route("/page", self.page, methods=("GET", "HEAD"))

    async def hook(self, request, inbox):
        try:
            told = json.loads(request.body)
            event = Event(id=f"acme-{told['id']}", type=str(told["type"]), at=SAMPLE_NOW)
        except (ValueError, TypeError, KeyError, RecursionError):
            return Response(status=400, body=b"not an event")
        inbox.record_event(event)
        return Response(status=204)

    def page(self, request, inbox):
        name = html.escape(request.query.get("id", "nobody"))
        return Response(body=name.encode(), content_type="text/html; charset=utf-8")
"""
USE = """
class TestIt(RoutesConformance):
    @pytest.fixture
    def plugin(self):
        return It()
"""


def hook(body: str) -> str:
    head = "class It(Good):\n    async def hook(self, request, inbox):\n"
    return head + "".join(f"        {line}\n" for line in body.splitlines())


def register(body: str) -> str:
    head = "routes = []\nclass It(Good):\n    @hookimpl\n    def register_routes(self, app):\n"
    return f"{head}        {body}\n"


def test_good_routes_pass_everything(expect_success):
    expect_success(GOOD + "class It(Good): ...\n" + USE, tests=8)


BAD = {
    "adds no route": (
        register("pass"),
        "test_routes_can_be_added_to_several_apps",
        "it adds no route",
    ),
    "adds its routes to the first app only": (
        register(
            "app.add_route('/a' * (1 + len(routes)), self.page, methods=('GET',)); routes.append(1)"
        ),
        "test_routes_can_be_added_to_several_apps",
        "a second app gets other routes",
    ),
    "adds a path twice": (
        register("for _ in range(2): app.add_route('/a', self.page, methods=('GET',))"),
        "test_routes_can_be_added_to_several_apps",
        "is taken",
    ),
    "adds what is no path": (
        register("app.add_route('a b', self.page, methods=('GET',))"),
        "test_routes_can_be_added_to_several_apps",
        "is not a path",
    ),
    "adds methods in lower case": (
        register("app.add_route('/a', self.page, methods=('get',))"),
        "test_routes_can_be_added_to_several_apps",
        "methods must be some of",
    ),
    "takes every method": (
        "class It(Good):\n"
        "    methods = ('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS')\n",
        "test_unknown_method_is_refused",
        "/hook takes every method",
    ),
    "raises at garbage": (
        hook("json.loads(request.body)\nreturn Response(status=400)"),
        "test_garbage_is_answered_with_a_client_error",
        "decode",
    ),
    "thanks for garbage": (
        hook("return Response(status=200)"),
        "test_garbage_is_answered_with_a_client_error",
        "answers 200 to",
    ),
    "blames itself for garbage": (
        hook("return Response(status=500)"),
        "test_garbage_is_answered_with_a_client_error",
        "answers 500 to",
    ),
    "keeps garbage": (
        hook(
            "inbox.record_event(Event(id=request.body.hex(), type='raw', at=SAMPLE_NOW))\n"
            "return Response(status=400)"
        ),
        "test_garbage_is_answered_with_a_client_error",
        "kept something of it",
    ),
    "suppresses whom nobody named": (
        hook("inbox.suppress_address('sms', '', reason='stop')\nreturn Response(status=400)"),
        "test_garbage_is_answered_with_a_client_error",
        "kept something of it",
    ),
    "raises at an empty list": (
        hook(
            "try: told = json.loads(request.body)\n"
            "except (ValueError, RecursionError): return Response(status=400)\n"
            "return Response(status=200 if told['id'] else 400)"
        ),
        "test_body_that_says_nothing_is_no_reason_to_crash",
        "Error",
    ),
    "raises without its query": (
        "class It(Good):\n    def page(self, request, inbox):\n"
        "        return Response(status=200, body=request.query['name'].encode())\n",
        "test_odd_queries_and_headers_are_no_reason_to_crash",
        "KeyError",
    ),
    "sends a query back as markup": (
        "class It(Good):\n    def page(self, request, inbox):\n"
        "        body = request.query.get('id', '').encode()\n"
        "        return Response(body=body, content_type='text/html')\n",
        "test_odd_queries_and_headers_are_no_reason_to_crash",
        "sends the markup of a request back in a page",
    ),
    "sends a body back as markup": (
        hook("return Response(status=400, body=request.body, content_type='text/html')"),
        "test_markup_is_not_sent_back",
        "sends the markup of a request back in a page",
    ),
    "answers text": (
        hook("return 'thanks'"),
        "test_markup_is_not_sent_back",
        "answered a str, not a Response",
    ),
}


def test_each_bad_routes_fail_on_what_is_bad_about_it(expect_failures):
    expect_failures(GOOD, BAD, USE)


def test_settings_reach_the_routes(expect_success):
    settled = """
class Settings(Options):
    path: str = "/usual"

class It(Good):
    Settings = Settings

    @hookimpl
    def register_routes(self, app):
        app.add_route(app.settings.path, self.page, methods=("GET",))
"""
    use = (
        USE
        + """
    @pytest.fixture
    def settings(self):
        return {"path": "/chosen"}

    def test_it_is_there(self, new_app):
        assert list(new_app().routes) == ["/chosen"]
"""
    )
    expect_success(GOOD + settled + use, tests=9)
