"""SendGrid: its event webhook, signed by ECDSA over the timestamp and the body."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Collection, Mapping
from typing import Any

from ..returns.verdict import judge
from .told import Told, make_told, read_moment, read_text

SIGNATURE = "x-twilio-email-event-webhook-signature"
TIMESTAMP = "x-twilio-email-event-webhook-timestamp"
MOST_EVENTS = 10_000

_DROPPED = {
    "bounced address": "bounce", "invalid": "bounce", "spam reporting address": "complaint",
    "unsubscribed address": "unsubscribe",
}  # fmt: skip


def is_signed_by(headers: Mapping[str, str], body: bytes, keys: Collection[str]) -> bool:
    """Whether a request was signed by the private half of one of the keys.

    An old request that is sent again changes nothing, so its time is not looked at: SendGrid
    itself repeats for a day what was not answered.

    Args:
        headers: By name in lower case.
        body: As it came.
        keys: Verification keys, as SendGrid's page shows them: base64 of DER.
    """
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    stamp = headers.get(TIMESTAMP, "")
    try:
        signature = base64.b64decode(headers.get(SIGNATURE, ""), validate=True)
        said = stamp.encode("ascii") + body
    except (binascii.Error, ValueError):
        return False
    if not signature or not stamp:
        return False
    for one in keys:
        try:
            key = load_der_public_key(base64.b64decode(one))
            if isinstance(key, EllipticCurvePublicKey):
                key.verify(signature, said, ECDSA(SHA256()))
                return True
        except (InvalidSignature, UnsupportedAlgorithm, binascii.Error, ValueError):
            continue
    return False


def read_sendgrid(body: bytes) -> list[Told]:
    """Return what came back, of all that a request tells; what is something else is left out."""
    try:
        events = json.loads(body)
    except (ValueError, RecursionError):
        return []
    if not isinstance(events, list):
        return []
    found = [_read_event(one) for one in events[:MOST_EVENTS] if isinstance(one, dict)]
    return [one for one in found if one is not None]


def _read_event(event: dict[str, Any]) -> Told | None:
    name, reason = read_text(event.get("event")), read_text(event.get("reason"))
    if name == "bounce":
        return _tell(event, "bounce", **_judge(event, may_be_hard=event.get("type") != "blocked"))
    if name == "deferred":
        facts = _judge(event, may_be_hard=False)
        return _tell(event, "delay", **facts)
    if name == "spamreport":
        return _tell(event, "complaint", reason="abuse")
    if name in ("unsubscribe", "group_unsubscribe"):
        return _tell(event, "unsubscribe", reason="unsubscribe")
    if name == "dropped":
        # SendGrid keeps lists of its own, and does not send to who is on one.
        kind = _DROPPED.get(reason.strip().lower())
        if kind == "bounce":
            return _tell(event, "bounce", is_permanent=True, reason="no_user", detail="dropped")
        return _tell(event, kind or "bounce", reason="dropped" if kind is None else "listed")
    return None


def _judge(event: dict[str, Any], *, may_be_hard: bool) -> dict[str, Any]:
    said = read_text(event.get("reason")) or read_text(event.get("response"))
    verdict = judge(said, status=read_text(event.get("status")))
    return {
        "is_permanent": may_be_hard and verdict.kind == "hard",
        "status": verdict.status,
        "reason": verdict.reason,
        "detail": verdict.detail,
    }


def _tell(event: dict[str, Any], kind: Any, **facts: Any) -> Told | None:
    identity = read_text(event.get("sg_event_id"))
    if not identity:
        return None
    return make_told(
        identity=f"sendgrid:{identity}",
        kind=kind,
        at=read_moment(event.get("timestamp")),
        headers=[("message-id", read_text(event.get("smtp-id")))],
        addresses=[read_text(event.get("email"))],
        **facts,
    )
