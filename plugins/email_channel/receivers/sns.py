"""Checks messages of Amazon SNS, and confirms subscriptions to topics that the settings name.

The text that is signed, and both signature versions, are those of Amazon's page "Verifying the
signatures of Amazon SNS messages".
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import urllib.request
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cryptography import x509

TIMEOUT_SECONDS = 10.0
MOST_FETCHED_BYTES = 64 * 1024
MOST_CERTIFICATES = 50

_HOST = r"https://sns\.([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com(?:\.cn)?"
_CERTIFICATE = re.compile(_HOST + r"/SimpleNotificationService-[0-9a-f]{32}\.pem", re.ASCII)
_CONFIRM = re.compile(_HOST + r"/\?Action=ConfirmSubscription&[\w.~%=&:-]{1,2000}", re.ASCII)
_TOPIC = re.compile(
    r"arn:aws(?:-[a-z]+)*:sns:([a-z0-9-]+):\d{12}:[\w-]{1,256}(?:\.fifo)?", re.ASCII
)

_SIGNED = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": (
        "Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type",
    ),
}  # fmt: skip
_SIGNED["UnsubscribeConfirmation"] = _SIGNED["SubscriptionConfirmation"]

Fetch = Callable[[str], bytes]


class NotFromSns(Exception):
    """A request is no message of a topic that we listen to; the text says why."""


@dataclass(slots=True)
class SnsReader:
    """Reads what SNS posts.

    Attributes:
        topics: The ARNs of the topics that we listen to; nothing of others is looked at.
        fetch: Gets what stands at an address of Amazon's.
    """

    topics: Collection[str]
    fetch: Fetch
    _certificates: dict[str, x509.Certificate] = field(default_factory=dict)

    def read(self, body: bytes) -> dict[str, str]:
        """Return a message whose signature is right.

        Raises:
            NotFromSns: It is none, of another topic, or not signed by Amazon.
        """
        message = _read_fields(body)
        kind, topic = message.get("Type", ""), message.get("TopicArn", "")
        found = _TOPIC.fullmatch(topic)
        if kind not in _SIGNED or found is None:
            raise NotFromSns("it is no message of SNS")
        if topic not in self.topics:
            raise NotFromSns("the settings do not name its topic")
        address = message.get("SigningCertURL", "")
        place = _CERTIFICATE.fullmatch(address)
        if place is None or place[1] != found[1]:
            raise NotFromSns("its certificate is not one of Amazon's for the topic")
        if not _is_signed(message, self._find_certificate(address)):
            raise NotFromSns("its signature is wrong")
        return message

    def confirm(self, message: dict[str, str]) -> None:
        """Follow the address that confirms a subscription, where it is one of Amazon's.

        Raises:
            NotFromSns: It is not, or does not answer.
        """
        address = message.get("SubscribeURL", "")
        if _CONFIRM.fullmatch(address) is None:
            raise NotFromSns("the address that confirms is not one of Amazon's")
        self._get(address)

    def _find_certificate(self, address: str) -> x509.Certificate:
        from cryptography import x509

        known = self._certificates.get(address)
        if known is None:
            try:
                known = x509.load_pem_x509_certificate(self._get(address))
            except ValueError:
                raise NotFromSns("its certificate cannot be read") from None
            if len(self._certificates) < MOST_CERTIFICATES:
                self._certificates[address] = known
        if not known.not_valid_before_utc <= datetime.now(UTC) <= known.not_valid_after_utc:
            raise NotFromSns("its certificate is not valid today")
        return known

    def _get(self, address: str) -> bytes:
        try:
            return self.fetch(address)
        except OSError as error:
            raise NotFromSns(f"Amazon does not answer: {type(error).__name__}") from None


def fetch(address: str) -> bytes:
    """Return what stands at an https address; it leads nowhere else.

    Raises:
        OSError: It does not answer with anything.
    """
    opener = urllib.request.build_opener(_NoRedirects)
    with opener.open(address, timeout=TIMEOUT_SECONDS) as answer:
        return bytes(answer.read(MOST_FETCHED_BYTES))


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """Answer that nothing is to be followed; the redirect then is an error."""


def _read_fields(body: bytes) -> dict[str, str]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise NotFromSns("it is no message of SNS")
    return {name: value for name, value in told.items() if isinstance(value, str)}


def _is_signed(message: dict[str, str], certificate: x509.Certificate) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    version = message.get("SignatureVersion")
    if version not in ("1", "2"):
        return False
    algorithm = hashes.SHA1() if version == "1" else hashes.SHA256()
    key = certificate.public_key()
    if not isinstance(key, RSAPublicKey):
        return False
    try:
        signature = base64.b64decode(message.get("Signature", ""), validate=True)
        key.verify(signature, write_signed(message).encode(), PKCS1v15(), algorithm)
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def write_signed(message: dict[str, str]) -> str:
    """Return the text that is signed: each name and its value, on lines of their own."""
    names = [name for name in _SIGNED[message["Type"]] if name in message]
    return "".join(f"{name}\n{message[name]}\n" for name in names)
