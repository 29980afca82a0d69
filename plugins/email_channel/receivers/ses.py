"""Amazon SES: bounces, complaints and delays, as its notifications and its events tell them."""

from __future__ import annotations

import json
from typing import Any

from ..returns.feedback import NO_COMPLAINT
from ..returns.verdict import judge
from .told import Told, make_told, read_moment, read_text

FOR_GOOD = ("NoEmail", "Suppressed", "OnAccountSuppressionList")
"""Subtypes that are about the address, whatever the diagnostic says."""


def read_ses(message: str) -> Told | None:
    """Return what a message of SES tells; None when it is nothing that came back.

    Args:
        message: What SNS carries: a feedback notification, or an event of a configuration set.
    """
    try:
        notice = json.loads(message)
    except (ValueError, RecursionError):
        return None  # SNS is told in words that a topic works
    if not isinstance(notice, dict):
        return None
    kind = read_text(notice.get("eventType") or notice.get("notificationType"))
    if kind == "Bounce":
        return _read_bounce(notice, _part(notice, "bounce"))
    if kind == "Complaint":
        return _read_complaint(notice, _part(notice, "complaint"))
    if kind == "DeliveryDelay":
        return _read_delay(notice, _part(notice, "deliveryDelay"))
    if kind == "Subscription":
        return _read_subscription(notice, _part(notice, "subscription"))
    return None


def _read_bounce(notice: dict[str, Any], bounce: dict[str, Any]) -> Told:
    recipients = _list(bounce.get("bouncedRecipients"))
    first = recipients[0] if recipients else {}
    kind, subtype = read_text(bounce.get("bounceType")), read_text(bounce.get("bounceSubType"))
    said = read_text(first.get("diagnosticCode"))
    verdict = judge(said, status=read_text(first.get("status")))
    is_hard = kind == "Permanent" and (
        subtype in FOR_GOOD or verdict.kind == "hard" or not (said or first.get("status"))
    )
    return _tell(
        notice, bounce, "bounce", recipients,
        is_permanent=is_hard,
        status=verdict.status,
        reason=verdict.reason if said else subtype.lower(),
        detail=verdict.detail,
    )  # fmt: skip


def _read_complaint(notice: dict[str, Any], complaint: dict[str, Any]) -> Told | None:
    reason = read_text(complaint.get("complaintFeedbackType")).lower() or "abuse"
    if reason in NO_COMPLAINT:
        return None
    people = _list(complaint.get("complainedRecipients"))
    return _tell(notice, complaint, "complaint", people, reason=reason)


def _read_delay(notice: dict[str, Any], delay: dict[str, Any]) -> Told:
    people = _list(delay.get("delayedRecipients"))
    said = read_text(people[0].get("diagnosticCode")) if people else ""
    verdict = judge(said)
    reason = read_text(delay.get("delayType")).lower()
    return _tell(
        notice, delay, "delay", people, status=verdict.status, reason=reason, detail=verdict.detail
    )


def _read_subscription(notice: dict[str, Any], said: dict[str, Any]) -> Told | None:
    if _part(said, "newTopicPreferences").get("unsubscribeAll") is not True:
        return None
    return _tell(notice, said, "unsubscribe", [], reason="unsubscribe")


def _tell(
    notice: dict[str, Any],
    part: dict[str, Any],
    kind: Any,
    people: list[dict[str, Any]],
    **facts: Any,
) -> Told:
    mail = _part(notice, "mail")
    headers = [
        (read_text(one.get("name")).lower(), read_text(one.get("value")))
        for one in _list(mail.get("headers"))
    ]
    # The same return has one feedbackId, in a notification and in an event of it.
    own = [read_text(part.get("feedbackId"))]
    if not own[0]:
        own = [kind, read_text(mail.get("messageId")), read_text(part.get("timestamp"))]
    return make_told(
        identity=f"ses:{':'.join(own)}",
        kind=kind,
        at=read_moment(part.get("timestamp")),
        headers=[("return-path", f"<{read_text(mail.get('source'))}>"), *headers],
        addresses=[read_text(one.get("emailAddress")) for one in people],
        **facts,
    )


def _part(notice: dict[str, Any], name: str) -> dict[str, Any]:
    part = notice.get(name)
    return part if isinstance(part, dict) else {}


def _list(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)][:100] if isinstance(value, list) else []
