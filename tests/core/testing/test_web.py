"""The web app and the inbox in memory keep to the contract that plugins see."""

from __future__ import annotations

from datetime import datetime

import pytest

from ballyhoo import Event, PluginError, Receipt, Response
from ballyhoo.testing import SAMPLE_NOW, MemoryInbox, MemoryWebApp, Suppression


def make_event(id="e-1", **changed):
    return Event(**{"id": id, "type": "click", "at": SAMPLE_NOW, **changed})


def test_event_is_kept_once():
    inbox = MemoryInbox()
    assert inbox.record_event(make_event()) is True
    assert inbox.record_event(make_event(type="open")) is False
    assert inbox.record_event(make_event("e-2")) is True
    assert inbox.events == [make_event(), make_event("e-2")]


def test_what_is_no_event_is_refused():
    inbox = MemoryInbox()
    with pytest.raises(TypeError, match="an event is wanted, not a dict"):
        inbox.record_event({"id": "e-1"})
    with pytest.raises(ValueError, match="without time zone"):
        inbox.record_event(make_event(at=datetime(2026, 1, 1)))
    assert inbox.events == []


def test_message_that_is_there_is_resolved():
    inbox = MemoryInbox(messages={"run-1"})
    receipt = Receipt.failed("bounced")
    assert inbox.resolve_message("run-1", receipt) is True
    assert inbox.resolve_message("run-2", receipt) is False
    assert inbox.resolutions == [("run-1", receipt)]
    with pytest.raises(TypeError, match="a receipt is wanted"):
        inbox.resolve_message("run-1", "failed")


def test_address_is_suppressed_once_for_each_channel():
    inbox = MemoryInbox()
    for channel, reason in (("sms", "stop"), ("sms", "stop again"), ("email", "bounce")):
        inbox.suppress_address(channel, "+447700900001", reason=reason)
    assert inbox.suppressions == [
        Suppression(channel="sms", address="+447700900001", reason="stop"),
        Suppression(channel="email", address="+447700900001", reason="bounce"),
    ]


def test_customer_is_found_by_field_and_address():
    inbox = MemoryInbox(customers={("phone", "+447700900001"): 7})
    assert inbox.find_customer("phone", "+447700900001") == 7
    assert inbox.find_customer("email", "+447700900001") is None
    assert inbox.find_customer("phone", "+447700900002") is None


@pytest.fixture
def app():
    return MemoryWebApp("acme", inbox=MemoryInbox(messages={"run-1"}), settings={"key": 1})


def tell(request, inbox):
    inbox.resolve_message("run-1", Receipt.sent())
    said = f"{request.method} {request.path} {dict(request.query)} {dict(request.headers)}"
    return Response(body=said.encode() + b" " + request.body)


async def tell_later(request, inbox):
    return tell(request, inbox)


@pytest.mark.parametrize("endpoint", [tell, tell_later])
def test_endpoint_gets_the_request_and_the_inbox(app, endpoint):
    app.add_route("/hook", endpoint, methods=("POST",))
    response = app.request(
        "POST", "/hook", body=b"\xff", headers={"X-Sign": "Ab"}, query={"page": "2"}
    )
    assert response.body == b"POST /plugins/acme/hook {'page': '2'} {'x-sign': 'Ab'} \xff"
    assert app.inbox.resolutions == [("run-1", Receipt.sent())]


def test_route_is_found_by_its_own_path_and_by_the_whole_one(app):
    app.add_route("/", tell, methods=("GET",))
    app.add_route("/a/b", tell, methods=("GET",))
    for path in ("/a/b", "/plugins/acme/a/b", "/", "/plugins/acme/"):
        assert app.request("GET", path).status == 200
    assert app.request("GET", "/a").status == 404
    assert app.request("GET", "/plugins/other/a/b").status == 404


def test_unknown_path_and_method_are_answered_as_a_server_does(app):
    app.add_route("/hook", tell, methods=("POST", "PUT"))
    assert app.request("GET", "/nothing").status == 404
    refused = app.request("GET", "/hook")
    assert (refused.status, refused.headers) == (405, {"allow": "POST, PUT"})
    assert app.inbox.resolutions == []


def test_settings_of_the_plugin_are_there(app):
    assert app.settings == {"key": 1}
    assert MemoryWebApp("acme").settings is None


def test_taken_path_is_refused_whatever_its_method(app):
    app.add_route("/hook", tell, methods=("POST",))
    with pytest.raises(PluginError, match=r"plugin 'acme': route '/hook' is taken"):
        app.add_route("/hook", tell, methods=("GET",))
    assert app.routes == {"/hook": ("POST",)}


@pytest.mark.parametrize(
    "path",
    ["", "hook", "/a b", "/a?b", "/a#b", "//a", "/a//b", "/../a", "/a/..", "/ä", "/a\n", None],
)
def test_path_that_is_none_is_refused(app, path):
    with pytest.raises(PluginError, match="is not a path"):
        app.add_route(path, tell, methods=("GET",))
    assert app.routes == {}


@pytest.mark.parametrize("methods", [(), ("get",), ("FETCH",), "POST"])
def test_methods_that_are_none_are_refused(app, methods):
    with pytest.raises(PluginError, match="methods must be some of GET, HEAD"):
        app.add_route("/hook", tell, methods=methods)


def test_endpoint_that_cannot_be_called_is_refused(app):
    with pytest.raises(PluginError, match="cannot be called"):
        app.add_route("/hook", Response(), methods=("GET",))


def test_answer_that_is_no_response_is_an_error(app):
    app.add_route("/hook", lambda request, inbox: "thanks", methods=("GET",))
    with pytest.raises(TypeError, match=r"the route /hook answered a str, not a Response"):
        app.request("GET", "/hook")


def test_what_an_endpoint_raises_comes_out(app):
    def fail(request, inbox):
        raise KeyError("id")

    app.add_route("/hook", fail, methods=("GET",))
    with pytest.raises(KeyError):
        app.request("GET", "/hook")
