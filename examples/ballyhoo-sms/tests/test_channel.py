"""The channel against a gateway that really listens: the contract of its hooks, and its answers."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

import pytest
from ballyhoo import Message
from ballyhoo.testing import (
    DeliverConformance,
    MemoryDispatch,
    World,
    make_context,
    sample_addresses,
    sample_messages,
)

import ballyhoo_sms
from ballyhoo_sms import Settings, SmsOptions
from ballyhoo_sms.sandbox import Sandbox

KEY_VARIABLE, SECRET_VARIABLE = "SMS_GATEWAY_KEY", "SMS_WEBHOOK_SECRET"


class Gateway(World):
    """The sandbox, as the kit looks at it."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    def accepted(self) -> list[str]:
        return [message["reference"] for message in self.sandbox.accepted]

    def lose_answers(self) -> AbstractContextManager[None]:
        return self.sandbox.lose_answers()

    def refuse(self) -> AbstractContextManager[None]:
        return self.sandbox.answer(422)

    def defer(self) -> AbstractContextManager[None]:
        return self.sandbox.answer(503, retry_after="30")

    def go_down(self) -> AbstractContextManager[None]:
        return self.sandbox.go_down()


@pytest.fixture(autouse=True)
def _secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "a key for tests")
    monkeypatch.setenv(SECRET_VARIABLE, "a secret for tests")


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


def make_table(sandbox: Sandbox) -> dict[str, Any]:
    return {
        "gateway_url": sandbox.url,
        "key": {"env": KEY_VARIABLE},
        "webhook_secret": {"env": SECRET_VARIABLE},
        "timeout_seconds": 5,
    }


class TestContract(DeliverConformance):
    @pytest.fixture
    def plugin(self) -> Any:
        return ballyhoo_sms

    @pytest.fixture
    def options(self) -> dict[str, Any]:
        return {"sender": "Ballyhoo", "max_segments": 10}

    @pytest.fixture
    def settings(self, sandbox: Sandbox) -> dict[str, Any]:
        return make_table(sandbox)

    @pytest.fixture
    def world(self, sandbox: Sandbox) -> Gateway:
        return Gateway(sandbox)


def deliver(sandbox: Sandbox, *texts: str, **options: Any) -> MemoryDispatch:
    chosen = SmsOptions.model_validate({"sender": "Ballyhoo", **options})
    context = make_context("sms", settings=Settings.model_validate(make_table(sandbox)))
    messages = make_messages(*texts)
    contents = ballyhoo_sms.render(context, chosen, messages)
    ready = [
        replace(message, content=content)
        for message, content in zip(messages, contents, strict=True)
    ]
    with MemoryDispatch(ready) as dispatch:
        ballyhoo_sms.deliver(context, chosen, dispatch)
    return dispatch


def make_messages(*texts: str) -> list[Message]:
    addresses = sample_addresses(len(texts), "phone")
    return [
        replace(message, address=address, fields={"text": text})
        for message, address, text in zip(
            sample_messages(len(texts)), addresses, texts, strict=True
        )
    ]


def test_gateway_gets_number_sender_text_and_key(sandbox: Sandbox) -> None:
    dispatch = deliver(sandbox, "Grüße vom Fernpfad", sender="+447700900000")
    (message,) = make_messages("Grüße vom Fernpfad")
    assert sandbox.accepted == [
        {
            "to": message.address,
            "from": "+447700900000",
            "text": "Grüße vom Fernpfad",
            "reference": message.key,
        }
    ]
    assert sandbox.keys == [message.key]
    assert dispatch.receipts[message.key].provider_id == "sandbox-1"


def test_one_connection_serves_all_messages(sandbox: Sandbox) -> None:
    deliver(sandbox, "one", "two", "three")
    assert (len(sandbox.accepted), sandbox.connections) == (3, 1)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, "sent"), (202, "sent"),
        (400, "failed"), (404, "failed"), (422, "failed"),
        (307, "later"), (401, "later"), (403, "later"), (429, "later"), (503, "later"),
        (500, "unknown"), (502, "unknown"), (504, "unknown"),
    ],
)  # fmt: skip
def test_answer_has_its_meaning(sandbox: Sandbox, status: int, outcome: str) -> None:
    with sandbox.answer(status):
        dispatch = deliver(sandbox, "hello")
    (receipt,) = dispatch.receipts.values()
    assert (receipt.outcome, receipt.code) == (outcome, None if outcome == "unknown" else status)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry_after": "30"}, 30.0),
        (
            {
                "date": "Mon, 02 Mar 2026 09:00:00 GMT",
                "retry_after": "Mon, 02 Mar 2026 09:02:00 GMT",
            },
            120.0,
        ),
        ({"retry_after": "soon"}, None),
        ({}, None),
    ],
)
def test_gateway_says_when_to_come_again(
    sandbox: Sandbox, headers: dict[str, str], seconds: float | None
) -> None:
    with sandbox.answer(429, **headers):
        dispatch = deliver(sandbox, "hello")
    (receipt,) = dispatch.receipts.values()
    assert receipt.retry_after_seconds == seconds


def test_words_of_the_gateway_are_told_and_sentences_are_not(sandbox: Sandbox) -> None:
    with sandbox.answer(422, error="unknown_subscriber"):
        (told,) = deliver(sandbox, "hello").receipts.values()
    with sandbox.answer(422, error="no subscriber has +447700900001"):
        (hidden,) = deliver(sandbox, "hello").receipts.values()
    assert told.detail == "the gateway answered 422 unknown_subscriber"
    assert hidden.detail == "the gateway answered 422"


def test_unknown_host_is_later_without_a_mark(sandbox: Sandbox) -> None:
    table = make_table(sandbox) | {"gateway_url": "https://gateway.invalid/messages"}
    context = make_context("sms", settings=Settings.model_validate(table))
    options = SmsOptions(sender="Ballyhoo")
    with MemoryDispatch(make_messages("hello")) as dispatch:
        ballyhoo_sms.deliver(context, options, dispatch)
    assert [receipt.outcome for receipt in dispatch.receipts.values()] == ["later"]
    assert dispatch.marked == []


def test_text_that_costs_too_much_is_never_sent(sandbox: Sandbox) -> None:
    dispatch = deliver(sandbox, "x" * 161, "x" * 160, max_segments=1)
    assert list(dispatch.states.values()) == ["failed", "sent"]
    assert [len(message["text"]) for message in sandbox.accepted] == [160]


def test_characters_outside_of_gsm7_are_refused_when_asked_for(sandbox: Sandbox) -> None:
    dispatch = deliver(sandbox, "Grüße für 5 €", "Grüße \N{HIKING BOOT}", alphabet="gsm7")
    assert list(dispatch.states.values()) == ["sent", "failed"]


def test_key_is_sent_to_nobody_in_the_clear() -> None:
    table = {"key": {"env": KEY_VARIABLE}, "webhook_secret": {"env": SECRET_VARIABLE}}
    with pytest.raises(ValueError, match="https"):
        Settings.model_validate({**table, "gateway_url": "http://sms.example.com/messages"})


def test_channel_normalises_with_the_country_code_of_the_installation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    abroad = ballyhoo_sms.channel()
    monkeypatch.setenv("SMS_COUNTRY_CODE", "+44")
    at_home = ballyhoo_sms.channel()
    assert at_home.normalise("07700 900001") == "+447700900001"
    assert pickle.loads(pickle.dumps(at_home)).normalise("07700 900001") == "+447700900001"
    with pytest.raises(ValueError, match="country code"):
        abroad.normalise("07700 900001")


def test_rendered_bytes_are_json() -> None:
    context = make_context("sms")
    (content,) = ballyhoo_sms.render(context, SmsOptions(sender="Ballyhoo"), make_messages("ä"))
    assert json.loads(content)["text"] == "ä"
