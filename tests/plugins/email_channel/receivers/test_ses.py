"""What Amazon SES tells through SNS is believed when Amazon signed it, for known topics."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from ballyhoo.plugins.email_channel.receivers.endpoints import add_receivers
from ballyhoo.plugins.email_channel.receivers.ses import read_ses
from ballyhoo.plugins.email_channel.receivers.sns import fetch, write_signed
from ballyhoo.plugins.email_channel.settings import EmailSettings
from ballyhoo.testing import MemoryInbox, MemoryWebApp, Suppression

from ..returns.mails import TOKEN

TOPIC = "arn:aws:sns:eu-west-1:123456789012:returns"
HOST = "https://sns.eu-west-1.amazonaws.com"
CERTIFICATE = f"{HOST}/SimpleNotificationService-{'0a' * 16}.pem"
CONFIRM = f"{HOST}/?Action=ConfirmSubscription&TopicArn={TOPIC}&Token=abc"
ADDRESS = "ann@customers.example"


@cache
def amazon(*, days: int = 1) -> tuple[rsa.RSAPrivateKey, bytes]:
    """Return a key of an Amazon of the tests, and its certificate."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=9))
        .not_valid_after(now + timedelta(days=days)).sign(key, hashes.SHA256())
    )  # fmt: skip
    return key, certificate.public_bytes(Encoding.PEM)


def sign(message: dict[str, str], *, days: int = 1) -> bytes:
    algorithm = hashes.SHA1() if message["SignatureVersion"] == "1" else hashes.SHA256()
    signature = amazon(days=days)[0].sign(write_signed(message).encode(), PKCS1v15(), algorithm)
    return json.dumps({**message, "Signature": base64.b64encode(signature).decode()}).encode()


def notification(notice: Any, **changes: str) -> dict[str, str]:
    return {
        "Type": "Notification", "MessageId": "m-1", "TopicArn": TOPIC,
        "Message": notice if isinstance(notice, str) else json.dumps(notice),
        "Timestamp": "2026-03-02T09:00:00.000Z", "SignatureVersion": "2",
        "SigningCertURL": CERTIFICATE, **changes,
    }  # fmt: skip


def mail(*headers: tuple[str, str]) -> dict[str, Any]:
    listed = [{"name": name, "value": value} for name, value in headers]
    return {"source": "news@shop.example", "messageId": "s-1", "headers": listed}


def bounce(**changes: Any) -> dict[str, Any]:
    said = {"emailAddress": ADDRESS, "status": "5.1.1", "diagnosticCode": "smtp; 550 5.1.1 no user"}
    return {
        "notificationType": "Bounce",
        "mail": {**mail(("X-Ballyhoo-Message", TOKEN))},
        "bounce": {
            "bounceType": "Permanent", "bounceSubType": "General", "feedbackId": "f-1",
            "bouncedRecipients": [said], "timestamp": "2026-03-02T08:59:00.000Z", **changes,
        },
    }  # fmt: skip


class Amazon:
    """What is asked of Amazon, and what it answers."""

    def __init__(self, *, days: int = 1) -> None:
        self.asked: list[str] = []
        self.days = days

    def fetch(self, address: str) -> bytes:
        self.asked.append(address)
        return amazon(days=self.days)[1]


def make_app(asked: Amazon, **settings: Any) -> MemoryWebApp:
    inbox = MemoryInbox(sent={7: ADDRESS}, tokens={TOKEN: 7})
    read = EmailSettings.model_validate({"ses_topics": [TOPIC], **settings})
    app = MemoryWebApp("email_channel", settings=read, inbox=inbox)
    add_receivers(app, fetch_from_amazon=asked.fetch)
    return app


def post(app: MemoryWebApp, body: bytes) -> Any:
    return app.request("POST", "/ses", body=body)


@pytest.mark.parametrize("version", ["1", "2"])
def test_a_bounce_of_either_signature_suppresses_the_address_once(version: str) -> None:
    asked = Amazon()
    app = make_app(asked)
    body = sign(notification(bounce(), SignatureVersion=version, Subject="Amazon SES"))
    assert [post(app, body).status for _ in range(2)] == [200, 200]
    assert app.inbox.suppressions == [
        Suppression(channel="email", address=ADDRESS, reason="bounce")
    ]
    [(message_id, returned)] = app.inbox.returns
    assert (message_id, returned.id, returned.status) == (7, "ses:f-1", "5.1.1")
    assert returned.at == datetime(2026, 3, 2, 8, 59, tzinfo=UTC)
    assert ADDRESS not in returned.detail
    assert asked.asked == [CERTIFICATE]


def test_what_came_back_is_told_as_what_it_is() -> None:
    app = make_app(Amazon())
    source = {"mail": {"source": f"b+{TOKEN}@bounces.shop.example"}}
    person = [{"emailAddress": ADDRESS}]
    notices: list[Any] = [
        bounce(bounceType="Transient", bounceSubType="MailboxFull", feedbackId="f-2",
               bouncedRecipients=[{"emailAddress": ADDRESS, "diagnosticCode": "552 mailbox full"}]),
        {"eventType": "DeliveryDelay", **source,
         "deliveryDelay": {"delayType": "MailboxFull", "delayedRecipients": person}},
        {"eventType": "Complaint", **source, "complaint": {
            "complainedRecipients": person, "complaintFeedbackType": "not-spam",
            "feedbackId": "f-3"}},
        {"eventType": "Complaint", **source, "complaint": {
            "complainedRecipients": person, "complaintFeedbackType": "abuse", "feedbackId": "f-4"}},
        {"eventType": "Subscription", **source,
         "subscription": {"newTopicPreferences": {"unsubscribeAll": True}}},
        {"eventType": "Open", **source}, "Successfully validated SNS topic", [1],
    ]  # fmt: skip
    for notice in notices:
        assert post(app, sign(notification(notice))).status == 200
    told = [(one.kind, one.is_permanent, one.reason) for _, one in app.inbox.returns]
    assert told == [
        ("bounce", False, "full"), ("delay", False, "mailboxfull"), ("complaint", False, "abuse"),
        ("unsubscribe", False, "unsubscribe"),
    ]  # fmt: skip


def test_a_topic_is_confirmed_when_the_settings_name_it_and_no_other() -> None:
    message = notification("x", Type="SubscriptionConfirmation", Token="abc", SubscribeURL=CONFIRM)
    asked = Amazon()
    assert post(make_app(asked), sign(message)).status == 200
    assert asked.asked == [CERTIFICATE, CONFIRM]
    asked = Amazon()
    assert post(make_app(asked, ses_topics=[]), sign(message)).status == 403
    assert asked.asked == []
    for address in (
        "https://evil.example/?Action=ConfirmSubscription&Token=a", f"{HOST}/?Action=Other&Token=a",
        f"{HOST}@evil.example/?Action=ConfirmSubscription&Token=a",
        CONFIRM.replace("https", "http"),
    ):  # fmt: skip
        asked = Amazon()
        assert post(make_app(asked), sign({**message, "SubscribeURL": address})).status == 403
        assert asked.asked == [CERTIFICATE]


def test_a_certificate_of_elsewhere_is_not_even_asked_for() -> None:
    asked = Amazon()
    app = make_app(asked)
    for old, new in (
        ("https", "http"), ("amazonaws.com", "evil.example"), ("sns.", "evil.s3."),
        (".pem", ".pem?x=1"), (".pem", ".pem\n"), (CERTIFICATE, ""), ("//", "//evil.example/"),
        ("amazonaws.com", "amazonaws.com.evil.example"), ("//", "//a@"),
        ("eu-west-1", "us-east-1"), ("amazonaws.com/", "amazonaws.com:8443/"),
    ):  # fmt: skip
        address = CERTIFICATE.replace(old, new)
        assert post(app, sign(notification(bounce(), SigningCertURL=address))).status == 403
    assert (asked.asked, app.inbox.returns) == ([], [])


def test_what_amazon_did_not_sign_changes_nothing() -> None:
    app = make_app(Amazon())
    signed = json.loads(sign(notification(bounce())))
    for changes in (
        {"Message": json.dumps(bounce(feedbackId="f-9"))}, {"Signature": "AAAA"},
        {"Signature": "no base64"}, {"SignatureVersion": "3"}, {"SignatureVersion": "1"},
        {"Type": "Other"}, {"Subject": "added"}, {"TopicArn": f"{TOPIC}2"}, {"TopicArn": 5},
    ):  # fmt: skip
        assert post(app, json.dumps({**signed, **changes}).encode()).status == 403, changes
    for body in (b"", b"[]", b"nonsense", b"[" * 90_000):
        assert post(app, body).status == 403
    late = make_app(Amazon(days=-1))
    assert post(late, sign(notification(bounce()), days=-1)).status == 403
    assert app.inbox.returns == late.inbox.returns == []


def test_amazon_that_does_not_answer_is_asked_again_the_next_time() -> None:
    asked = Amazon()

    def away(address: str) -> bytes:
        raise TimeoutError

    app = make_app(asked)
    body = sign(notification(bounce()))
    asked.fetch = away  # type: ignore[method-assign]
    broken = make_app(asked)
    assert b"does not answer" in post(broken, body).body
    assert post(app, body).status == 200
    with pytest.raises(OSError, match="unknown url type"):
        fetch("nowhere://sns")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "notificationType": st.sampled_from(["Bounce", "Complaint"]),
            "eventType": st.sampled_from(["DeliveryDelay", "Subscription", "Bounce"]) | JSON,
            **dict.fromkeys(["mail", "bounce", "complaint", "deliveryDelay", "subscription"], JSON),
        },
    )
)
def test_whatever_a_notice_holds_it_is_read_or_left_out(notice: dict[str, Any]) -> None:
    told = read_ses(json.dumps(notice))
    assert told is None or told.returned.at.tzinfo is not None
