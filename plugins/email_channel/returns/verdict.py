"""Decides what a refusal means: for the address, and for the sender's name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from .wording import read_wording

MOST_DETAIL = 200
MOST_SAID = 6_000

HARD_CODES = ("521", "550", "551", "553", "556")
"""Replies that are about the address, when neither words nor an enhanced code say more."""

_SUBJECTS = {
    "1": "no_user", "2": "mailbox", "3": "system", "4": "network", "5": "protocol",
    "6": "content", "7": "policy",
}  # fmt: skip
_HARD = frozenset(
    {
        "1.0", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.10",
        "2.1",  # the mailbox is disabled
        "4.4",  # there is no way to the domain
        "7.17", "7.18",  # the mailbox, or the domain, has another owner
    }
)  # fmt: skip
_SOFT = frozenset({"1.7", "1.8", "1.9", "1.90"})
"""Of the subject of addresses, those that are about the sender's one."""

_REASONS = {
    "1.2": "no_domain", "1.10": "no_domain", "4.4": "no_domain", "1.7": "sender", "1.8": "sender",
    "2.1": "no_user", "2.2": "full", "2.3": "too_large", "3.4": "too_large", "4.7": "busy",
}  # fmt: skip
_ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)")
_REPLY = re.compile(r"(?<![\d.#])([245][0-5]\d)(?![\d.]*\d)(?=[\s#:-]|$)")
_ADDRESS = re.compile(r"<?[^\s<>@:;,()\"']{1,64}@[^\s<>@:;,()\"']{1,255}>?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a refusal means."""

    kind: Literal["hard", "soft"]
    reason: str
    status: str
    detail: str

    @property
    def is_about_sender(self) -> bool:
        """Whether it is the sender that was refused, and not the address."""
        return self.reason in ("policy", "sender")


def judge(said: str, *, status: str = "", around: str = "") -> Verdict:
    """Say what a refusal means.

    Args:
        said: What the other server answered.
        status: The enhanced code that stands beside it; what the answer itself has wins over one
            that says nothing.
        around: Words of whoever wrote the report; they count when nothing else says anything.
    """
    said, around = said[:MOST_SAID], around[:MOST_SAID]
    status, reply = _read_codes(said, status)
    if not status and not reply:
        status, reply = _read_codes(around, "")
    is_permanent = (status or reply or "5").startswith("5")
    wording = read_wording(said)
    if wording is None and (not status or status.endswith(".0.0")):
        wording = read_wording(around)
    kind, reason = _judge_codes(status, reply)
    if reply in ("521", "556") and (wording is None or wording.weight == "weak"):
        kind, reason = "hard", "no_domain"
    elif wording is not None and _outweighs(wording.reason, wording.weight, status):
        is_hard = wording.weight == "hard" or (wording.weight == "weak" and is_permanent)
        kind, reason = "hard" if is_hard else "soft", wording.reason
    detail = hide_addresses(said) or hide_addresses(around)
    return Verdict(kind=kind, reason=reason, status=status or reply, detail=detail)


def hide_addresses(text: str) -> str:
    """Return a server's words on one line, short, and without addresses in it."""
    folded = " ".join(text.split())
    return _ADDRESS.sub("(address)", folded)[:MOST_DETAIL]


def _read_codes(said: str, status: str) -> tuple[str, str]:
    """Return the enhanced code and the reply's digits, each empty when there is none."""
    found = _ENHANCED.search(status)
    enhanced = found[0] if found else ""
    if not enhanced or enhanced.endswith(".0.0"):
        inner = _ENHANCED.search(said)
        enhanced = inner[0] if inner else enhanced
    reply = _REPLY.search(said)
    return enhanced, reply[1] if reply else ""


def _judge_codes(status: str, reply: str) -> tuple[Literal["hard", "soft"], str]:
    if status and not status.endswith(".0.0"):
        first, _, code = status.partition(".")
        subject = code.partition(".")[0]
        reason = _REASONS.get(code, _SUBJECTS.get(subject, "unknown"))
        is_hard = code in _HARD or (subject == "1" and code not in _SOFT)
        return ("hard" if first == "5" and is_hard else "soft"), reason
    if reply:
        return ("hard", "no_user") if reply in HARD_CODES else ("soft", "unknown")
    return ("hard" if status.startswith("5") else "soft"), "unknown"


def _outweighs(reason: str, weight: str, status: str) -> bool:
    """Whether words count for more than the code: a precise code is not lost to vague words."""
    vague = not status or status.endswith((".0.0", ".1.0", ".2.0", ".5.0", ".7.1"))
    if weight == "weak" or reason == "busy":
        return vague
    if reason in ("policy", "sender"):
        # Servers point to their pages about spam in whatever they refuse.
        return vague or status.partition(".")[2] not in ("1.1", "1.2", "1.10", "2.1", "2.2")
    return True
