"""Returned mail may be posted: by who knows the key, and with the same effect."""

from __future__ import annotations

import pytest

from ballyhoo.plugins.email_channel.returns.webhook import MOST_BODY_BYTES, add_routes
from ballyhoo.plugins.email_channel.settings import EmailSettings
from ballyhoo.testing import MemoryInbox, MemoryWebApp, Suppression

from .mails import TOKEN, complaint, plain, report

KEY = {"Authorization": "Bearer a key"}
ADDRESS = "ann@customers.example"


@pytest.fixture
def app() -> MemoryWebApp:
    return make_app(returns_key="a key")


def make_app(**settings: object) -> MemoryWebApp:
    inbox = MemoryInbox(sent={7: ADDRESS}, tokens={TOKEN: 7})
    read = EmailSettings.model_validate(settings)
    app = MemoryWebApp("email_channel", settings=read, inbox=inbox)
    add_routes(app)
    return app


def test_a_bounce_that_is_posted_suppresses_the_address(app: MemoryWebApp) -> None:
    for _ in range(2):
        answer = app.request("POST", "/returns", body=report(), headers=KEY)
        assert (answer.status, answer.body) == (200, b"hard")
    assert app.inbox.suppressions == [
        Suppression(channel="email", address=ADDRESS, reason="bounce")
    ]
    [(message_id, returned)] = app.inbox.returns
    assert (message_id, returned.status, returned.kind) == (7, "5.1.1", "bounce")


def test_a_complaint_and_a_delay_are_told_as_what_they_are(app: MemoryWebApp) -> None:
    app.request("POST", "/returns", body=complaint(), headers=KEY)
    app.request("POST", "/returns", body=report(action="delayed"), headers=KEY)
    assert [returned.kind for _, returned in app.inbox.returns] == ["complaint", "delay"]


def test_an_automatic_answer_changes_nothing(app: MemoryWebApp) -> None:
    raw = plain("I am away.", sender=ADDRESS, subject="Out of office")
    assert app.request("POST", "/returns", body=raw, headers=KEY).body == b"auto_reply"
    assert app.inbox.returns == []


@pytest.mark.parametrize(
    "said",
    ["", "Bearer another", "a key", "Bearer", "Basic a key", "Bearer \udcff"],
)
def test_nobody_without_the_key_is_let_in(app: MemoryWebApp, said: str) -> None:
    headers = {"Authorization": said} if said else {}
    answer = app.request("POST", "/returns", body=report(), headers=headers)
    assert answer.status == 401
    assert app.inbox.returns == []


def test_without_a_key_in_the_settings_nobody_is_let_in() -> None:
    app = make_app()
    for given in ("Bearer ", "Bearer", ""):
        headers = {"Authorization": given}
        assert app.request("POST", "/returns", body=report(), headers=headers).status == 401


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"a" * (MOST_BODY_BYTES + 1), "message/rfc822", 413),
        (b"{}", "application/json", 415),
        (b" \n", "message/rfc822", 400),
    ],
)
def test_what_is_no_mail_is_refused(app: MemoryWebApp, body: bytes, kind: str, status: int) -> None:
    headers = {**KEY, "Content-Type": kind}
    assert app.request("POST", "/returns", body=body, headers=headers).status == status
