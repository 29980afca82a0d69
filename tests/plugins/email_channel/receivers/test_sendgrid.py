"""What SendGrid tells is believed when the key of the settings verifies it, over time and body."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from ballyhoo.plugins.email_channel.receivers.endpoints import add_receivers
from ballyhoo.plugins.email_channel.receivers.sendgrid import (
    SIGNATURE,
    TIMESTAMP,
    is_signed_by,
    read_sendgrid,
)
from ballyhoo.plugins.email_channel.settings import EmailSettings
from ballyhoo.testing import MemoryInbox, MemoryWebApp

from .test_ses import JSON

OURS, OTHER = generate_private_key(SECP256R1()), generate_private_key(SECP256R1())
ADDRESS = "ann@customers.example"
REFERENCE = f"<{'a2' * 12}.5@shop.example>"


def show(key: EllipticCurvePrivateKey) -> str:
    raw = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(raw).decode()


def sign(body: bytes, *, key: EllipticCurvePrivateKey = OURS, stamp: str = "1772442000") -> Any:
    signature = key.sign(stamp.encode() + body, ECDSA(SHA256()))
    return {SIGNATURE: base64.b64encode(signature).decode(), TIMESTAMP: stamp}


def make_app(*keys: str) -> MemoryWebApp:
    read = EmailSettings.model_validate({"sendgrid_keys": list(keys)})
    inbox = MemoryInbox(sent={7: ADDRESS})
    app = MemoryWebApp("email_channel", settings=read, inbox=inbox)
    add_receivers(app)
    return app


def event(name: str, number: int = 1, **changes: Any) -> dict[str, Any]:
    return {
        "email": ADDRESS, "timestamp": 1772442000, "event": name, "smtp-id": REFERENCE,
        "sg_event_id": f"e-{number}", "sg_message_id": "s-1", **changes,
    }  # fmt: skip


def test_what_came_back_is_told_as_what_it_is_each_once() -> None:
    app = make_app(show(OTHER), show(OURS))
    told = [
        event("delivered"), event("open", 2),
        event("bounce", 3, type="bounce", status="5.1.1", reason="550 5.1.1 no such user"),
        event("bounce", 4, type="blocked", status="5.7.1", reason="550 5.7.1 blocked as spam"),
        event("deferred", 5, response="452 4.2.2 mailbox full"),
        event("dropped", 6, reason="Bounced Address"), event("dropped", 7, reason="Spam Content"),
        event("spamreport", 8), event("group_unsubscribe", 9), "no event", event("bounce", 3),
    ]  # fmt: skip
    body = json.dumps(told).encode()
    for _ in range(2):
        answer = app.request("POST", "/sendgrid", body=body, headers=sign(body))
        assert answer.status == 200
    found = [(one.id, one.kind, one.is_permanent) for _, one in app.inbox.returns]
    assert found == [
        ("sendgrid:e-3", "bounce", True), ("sendgrid:e-4", "bounce", False),
        ("sendgrid:e-5", "delay", False), ("sendgrid:e-6", "bounce", True),
        ("sendgrid:e-7", "bounce", False), ("sendgrid:e-8", "complaint", False),
        ("sendgrid:e-9", "unsubscribe", False),
    ]  # fmt: skip
    assert {one.at for _, one in app.inbox.returns} == {datetime.fromtimestamp(1772442000, UTC)}


def test_the_message_is_found_by_the_reference_that_we_gave_it() -> None:
    (told,) = read_sendgrid(json.dumps([event("spamreport")]).encode())
    assert told.trace.references == (("a2" * 12, 5),)
    assert told.trace.addresses == (ADDRESS,)


def test_what_the_key_does_not_verify_changes_nothing() -> None:
    body = json.dumps([event("spamreport")]).encode()
    good = sign(body)
    for headers in (
        {}, sign(body, key=OTHER), {**good, TIMESTAMP: "1772442001"}, {SIGNATURE: good[SIGNATURE]},
        {TIMESTAMP: "1"}, {**good, SIGNATURE: "no base64"}, {**good, TIMESTAMP: "é"},
    ):  # fmt: skip
        app = make_app(show(OURS), "no key", "AAAA")
        assert app.request("POST", "/sendgrid", body=body, headers=headers).status == 403
        assert app.inbox.returns == []
    app = make_app(show(OURS))
    assert app.request("POST", "/sendgrid", body=body + b" ", headers=good).status == 403
    assert make_app().request("POST", "/sendgrid", body=body, headers=good).status == 403


@given(JSON.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=100))
def test_whatever_a_body_holds_it_is_read_or_left_out(body: bytes) -> None:
    assert isinstance(read_sendgrid(body), list)
    assert not is_signed_by({SIGNATURE: "AAAA", TIMESTAMP: "1"}, body, [show(OURS)])


@given(st.dictionaries(st.sampled_from(list(event("bounce"))), JSON), st.sampled_from(
    ["bounce", "dropped", "deferred", "spamreport", "unsubscribe"]))  # fmt: skip
def test_whatever_an_event_holds_it_is_read_or_left_out(changes: Any, name: str) -> None:
    told = read_sendgrid(json.dumps([{**event(name), **changes}]).encode())
    assert all(one.returned.at.tzinfo is not None for one in told)
