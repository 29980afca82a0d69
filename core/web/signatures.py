"""Signs and checks webhooks as Standard Webhooks has it, and checks bearer keys.

The signature is HMAC-SHA256 of `ID.TIMESTAMP.BODY`, in base64, after `v1,` (Standard Webhooks 1.0,
section "Signature scheme"). A secret is `whsec_` and base64; other text is taken as it is.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Iterable, Mapping

SECONDS_APART = 300
"""How far a signed request's time may be from ours: what is older may be a repetition."""

PREFIX = "whsec_"


def sign_webhook(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """Return the value of the header `webhook-signature`.

    Args:
        secret: The shared secret.
        message_id: The value of `webhook-id`.
        timestamp: The value of `webhook-timestamp`, in seconds since 1970.
        body: As it is sent.
    """
    said = f"{message_id}.{timestamp}.".encode() + body
    digest = hmac.digest(_read_secret(secret), said, "sha256")
    return f"v1,{base64.b64encode(digest).decode()}"


def is_signed(
    headers: Mapping[str, str], body: bytes, secrets: Iterable[str], *, now: float
) -> bool:
    """Whether a request was signed by one of the secrets, just now.

    Args:
        headers: By name in lower case.
        body: As it came.
        secrets: That are shared; during a rotation there are two.
        now: In seconds since 1970.
    """
    message_id = headers.get("webhook-id", "")
    stamp = headers.get("webhook-timestamp", "")
    given = headers.get("webhook-signature", "").split()
    if not message_id or not stamp.isascii() or not stamp.isdecimal() or len(stamp) > 15:
        return False
    if abs(now - int(stamp)) > SECONDS_APART:
        return False
    wanted = [sign_webhook(secret, message_id, int(stamp), body) for secret in secrets]
    return any(hmac.compare_digest(one.encode(), own.encode()) for one in given for own in wanted)


def has_key(headers: Mapping[str, str], keys: Iterable[str]) -> bool:
    """Whether a request bears one of the keys, as `Authorization: Bearer KEY`."""
    scheme, _, given = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not given.strip():
        return False
    shown = given.strip().encode()
    # Every key is compared, so that time does not tell which one came near.
    return sum(hmac.compare_digest(shown, key.encode()) for key in keys) > 0


def _read_secret(secret: str) -> bytes:
    if secret.startswith(PREFIX):
        try:
            return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
        except (binascii.Error, ValueError):
            pass
    return secret.encode()
