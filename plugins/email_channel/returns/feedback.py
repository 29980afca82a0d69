"""Knows complaints: feedback reports (RFC 5965), what vendors send instead, and unsubscribes."""

from __future__ import annotations

import re

from .parts import Mail, find_first

NO_COMPLAINT = ("not-spam", "auth-failure", "auth-failure-report", "dmarc", "dkim")
"""Types of feedback with which nobody complains (RFC 6430, RFC 6591)."""

UNSUBSCRIBE = "unsubscribe"
"""The reason of a mail that asks to be written to no more, without complaining."""

_SUBJECT = re.compile(
    r"complaint about message from|(?:spam|abuse) (?:report|complaint)\b|e?-?mail feedback report|"
    r"\[?(?:feedback loop|fbl)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"(?:re:\s*)?(?:unsubscribe|opt.?out|abmelden|abbestellen|d[eé]sabonner|d[eé]sinscri\w+|"
    r"cancelar suscripci[oó]n|退订|配信停止)[.!]?",
    re.IGNORECASE,
)


def find_complaint(mail: Mail) -> str | None:
    """Return the reason of a complaint (`abuse`, `fraud`, `unsubscribe` ...); None without one."""
    if mail.feedback:
        kind = find_first(mail.feedback, "feedback-type").strip().lower()[:40] or "abuse"
        if kind.startswith("opt-out"):
            return UNSUBSCRIBE
        return None if kind in NO_COMPLAINT else kind
    if mail.first("x-apple-unsubscribe").lower() == "true":
        return UNSUBSCRIBE
    subject = mail.first("subject").strip()
    if _ASKS.fullmatch(subject) and not mail.reports:
        return UNSUBSCRIBE
    hotmail = mail.first("x-hmxmroriginalrecipient") or find_first(
        mail.returned, "x-hmxmroriginalrecipient"
    )
    if hotmail or mail.first("x-loop").strip().lower() == "scomp":
        return "abuse"
    return "abuse" if mail.returned and _SUBJECT.search(subject) else None


def find_recipients(mail: Mail) -> list[str]:
    """Return the addresses that a complaint is about, as far as it tells them."""
    found = [value for name, value in mail.feedback if name == "original-rcpt-to"]
    if not found:
        hotmail = find_first(mail.returned, "x-hmxmroriginalrecipient")
        found = [hotmail or find_first(mail.returned, "to")]
    return [one for one in found if one]
