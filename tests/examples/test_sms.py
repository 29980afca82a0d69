from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ballyhoo import Customer, Receipt
from ballyhoo.core.campaign import load_campaign
from ballyhoo.core.plugin_loading import load_plugins
from ballyhoo.core.plugin_settings import read_plugin_settings
from ballyhoo.core.registry import Registry
from ballyhoo.testing import FakeStore, MemoryInbox, MemoryWebApp, Rehearsal, rehearse

pytestmark = pytest.mark.installs

STORE = FakeStore(
    [Customer(id=id) for id in (1, 2, 3)], keys={f"C-{number}": number for number in (1, 2, 3)}
)
PEOPLE = {
    1: {"first_name": "Noor", "phone": "+44 7700 900001"},
    2: {"phone": "07700 900002"},
    3: {"first_name": "Iris", "phone": "ask her"},
}


@pytest.fixture
def registry(importable: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Registry:
    monkeypatch.setenv("SMS_GATEWAY_KEY", "a key for tests")
    monkeypatch.setenv("SMS_WEBHOOK_SECRET", "a secret for tests")
    monkeypatch.setenv("SMS_COUNTRY_CODE", "44")
    return load_plugins(folder=tmp_path)


@pytest.fixture
def gateway(importable: Any) -> Iterator[Any]:
    """A gateway that listens on this machine, from the installed wheel."""
    with importlib.import_module("ballyhoo_sms.sandbox").Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def table(gateway: Any) -> dict[str, Any]:
    return {
        "gateway_url": gateway.url,
        "key": {"env": "SMS_GATEWAY_KEY"},
        "webhook_secret": {"env": "SMS_WEBHOOK_SECRET"},
    }


def play(installed: Any, registry: Registry, table: dict[str, Any], folder: Path) -> Rehearsal:
    recipe = installed.recipe("ballyhoo-sms")
    return rehearse(
        load_campaign(recipe, registry=registry, workspace=folder),
        registry=registry,
        store=STORE,
        people=PEOPLE,
        workspace=folder,
        plugin_settings={"sms": table},
    )


def test_texts_arrive_at_the_gateway(
    installed: Any, registry: Registry, gateway: Any, table: dict[str, Any], tmp_path: Path
) -> None:
    played = play(installed, registry, table, tmp_path)
    rest = "the new season is here. Answer STOP to get no more texts."
    assert [(one["to"], one["text"]) for one in gateway.accepted] == [
        ("+447700900001", f"Noor, {rest}"),
        ("+447700900002", f"Hello, {rest}"),
    ]
    assert played.states == {1: "sent", 2: "sent"}
    assert played.skipped == {3: "bad_address"}
    assert played.breaches == []


def test_a_second_rehearsal_of_the_run_sends_nobody_a_second_text(
    installed: Any, registry: Registry, gateway: Any, table: dict[str, Any], tmp_path: Path
) -> None:
    with gateway.lose_answers():
        assert play(installed, registry, table, tmp_path).states == {1: "unknown", 2: "unknown"}
    assert play(installed, registry, table, tmp_path).states == {1: "sent", 2: "sent"}
    assert len(gateway.accepted) == 2


def test_stop_reaches_the_number_that_was_written_to(
    installed: Any, registry: Registry, gateway: Any, table: dict[str, Any], tmp_path: Path
) -> None:
    message = play(installed, registry, table, tmp_path).messages[2]
    app = make_app(registry, table, MemoryInbox(customers={("phone", message.address): 2}))
    text = {"id": "in-1", "from": "07700 900002", "text": "Stop", "at": "2026-03-02T10:00:00Z"}
    assert post(app, "/plugins/sms/inbound", text) == 204
    (suppression,) = app.inbox.suppressions
    assert (suppression.channel, suppression.address) == ("sms", message.address)
    assert [(one.type, one.customer_id) for one in app.inbox.events] == [("unsubscribe", 2)]


def test_delivery_receipt_resolves_the_message_that_was_sent(
    installed: Any, registry: Registry, gateway: Any, table: dict[str, Any], tmp_path: Path
) -> None:
    played = play(installed, registry, table, tmp_path)
    name, key = played.receipts[1].provider_id, played.messages[1].key
    app = make_app(registry, table, MemoryInbox(messages=[key]))
    notice = {"id": name, "reference": gateway.accepted[0]["reference"], "state": "delivered"}
    assert post(app, "/plugins/sms/receipts", notice) == 204
    assert app.inbox.resolutions == [(key, Receipt.sent(detail="delivered", provider_id=name))]


def make_app(registry: Registry, table: dict[str, Any], inbox: MemoryInbox) -> MemoryWebApp:
    record = registry.require("sms", "register_routes")
    settings = read_plugin_settings(record, {"sms": table})
    app = MemoryWebApp("sms", settings=settings, inbox=inbox)
    registry.call("sms", "register_routes", app=app)
    return app


def post(app: MemoryWebApp, path: str, data: dict[str, Any]) -> int:
    body = json.dumps(data).encode()
    sign = importlib.import_module("ballyhoo_sms.webhooks").sign
    signed = {"X-Signature": sign(body, "a secret for tests")}
    return app.request("POST", path, body=body, headers=signed).status
