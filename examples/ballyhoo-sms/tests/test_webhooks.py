"""What the gateway tells: STOPs, other texts, delivery receipts, and who may tell it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ballyhoo import Receipt, Response
from ballyhoo.testing import MemoryInbox, MemoryWebApp, RoutesConformance

import ballyhoo_sms
from ballyhoo_sms import Settings
from ballyhoo_sms.webhooks import is_stop, sign

NUMBER = "+447700900001"
TABLE = {
    "gateway_url": "https://sms.example.com/messages",
    "key": {"env": "SMS_GATEWAY_KEY"},
    "webhook_secret": {"env": "SMS_WEBHOOK_SECRET"},
}
TEXT = {"id": "in-1", "from": "+44 7700 900001", "text": "STOP", "at": "2026-03-02T10:00:00+01:00"}


@pytest.fixture(autouse=True)
def _secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMS_WEBHOOK_SECRET", "a secret for tests")


class TestContract(RoutesConformance):
    @pytest.fixture
    def plugin(self) -> Any:
        return ballyhoo_sms

    @pytest.fixture
    def settings(self) -> dict[str, Any]:
        return TABLE


@pytest.fixture
def app() -> MemoryWebApp:
    inbox = MemoryInbox(messages=["1-7"], customers={("phone", NUMBER): 7})
    app = MemoryWebApp("sms", settings=Settings.model_validate(TABLE), inbox=inbox)
    ballyhoo_sms.register_routes(app)
    return app


def post(
    app: MemoryWebApp, path: str, data: object, secret: str = "a secret for tests"
) -> Response:
    body = json.dumps(data).encode()
    return app.request("POST", path, body=body, headers={"X-Signature": sign(body, secret)})


def test_stop_suppresses_the_number_and_is_an_unsubscribe(app: MemoryWebApp) -> None:
    assert post(app, "/inbound", TEXT).status == 204
    (suppression,) = app.inbox.suppressions
    assert (suppression.channel, suppression.address) == ("sms", NUMBER)
    (event,) = app.inbox.events
    assert (event.type, event.customer_id) == ("unsubscribe", 7)
    assert event.at.isoformat() == "2026-03-02T09:00:00+00:00"


def test_stop_of_a_stranger_holds_too(app: MemoryWebApp) -> None:
    post(app, "/inbound", TEXT | {"from": "+447700900999"})
    assert [one.address for one in app.inbox.suppressions] == ["+447700900999"]
    assert [event.customer_id for event in app.inbox.events] == [None]


def test_text_told_twice_is_one_event(app: MemoryWebApp) -> None:
    assert [post(app, "/inbound", TEXT).status for _ in range(2)] == [204, 204]
    assert len(app.inbox.events) == 1


def test_other_texts_are_enquiries_and_suppress_nobody(app: MemoryWebApp) -> None:
    post(app, "/inbound", TEXT | {"text": "Do you have it in green?"})
    assert [event.type for event in app.inbox.events] == ["enquiry"]
    assert app.inbox.suppressions == []


@pytest.mark.parametrize(
    "text", ["stop", " Stop! ", "STOP please", "'stopp'", "Arrêt", "end", "Quit."]
)
def test_stop_is_understood(text: str) -> None:
    assert is_stop(text)


@pytest.mark.parametrize("text", ["", "?", "end of May?", "please do not stop", "cancel my order"])
def test_what_is_no_stop_is_none(text: str) -> None:
    assert not is_stop(text)


@pytest.mark.parametrize(
    ("state", "receipt"),
    [
        ("delivered", Receipt.sent(detail="delivered", provider_id="out-1")),
        ("undelivered", Receipt.failed("undelivered")),
    ],
)
def test_delivery_receipt_resolves_its_message(
    app: MemoryWebApp, state: str, receipt: Receipt
) -> None:
    notice = {"id": "out-1", "reference": "1-7", "state": state}
    assert post(app, "/receipts", notice).status == 204
    assert app.inbox.resolutions == [("1-7", receipt)]


def test_receipt_of_no_message_of_ours_is_not_found(app: MemoryWebApp) -> None:
    notice = {"id": "out-1", "reference": "9-9", "state": "delivered"}
    assert post(app, "/receipts", notice).status == 404


@pytest.mark.parametrize("path", ["/inbound", "/receipts"])
def test_wrong_signature_changes_nothing(app: MemoryWebApp, path: str) -> None:
    data = TEXT | {"reference": "1-7", "state": "delivered"}
    assert post(app, path, data, secret="another").status == 401
    assert app.request("POST", path, body=json.dumps(data).encode()).status == 401
    assert (app.inbox.events, app.inbox.suppressions, app.inbox.resolutions) == ([], [], [])


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/inbound", []),
        ("/inbound", {}),
        ("/inbound", TEXT | {"from": "the shop"}),
        ("/inbound", TEXT | {"at": "2026-03-02T10:00:00"}),
        ("/receipts", {"id": "out-1", "reference": "1-7", "state": "eaten"}),
        ("/receipts", {"id": "out-1", "reference": 17, "state": "delivered"}),
    ],
)
def test_what_is_no_notice_is_refused(app: MemoryWebApp, path: str, data: object) -> None:
    assert post(app, path, data).status == 400
    assert (app.inbox.events, app.inbox.suppressions, app.inbox.resolutions) == ([], [], [])
