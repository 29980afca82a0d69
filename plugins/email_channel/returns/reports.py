"""Reads delivery reports (RFC 3464): what became of the mail for each recipient."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .parts import Fields, Mail, find_first
from .verdict import Verdict, judge

TAKEN = ("delivered", "relayed", "expanded")
"""Actions of a report that tells of no failure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of the mail for one recipient.

    Attributes:
        recipient: The address, as it was written; empty when the report names none.
        verdict: What the refusal means; None when there was none.
        is_final: Whether the server gave up.
    """

    recipient: str
    verdict: Verdict | None
    is_final: bool = True


def read_report(mail: Mail, words: str) -> list[Outcome]:
    """Return what a delivery report says of each recipient; empty when it is no such report.

    Args:
        mail: The mail.
        words: What stands in it for people, without the mail that it brings back.
    """
    groups = [group for group in mail.reports if _is_of_recipient(group)]
    return [_read_group(group, words if len(groups) == 1 else "") for group in groups]


def _is_of_recipient(group: Fields) -> bool:
    names = {name for name, _ in group}
    return bool(names & {"final-recipient", "original-recipient"}) or {"action", "status"} <= names


def _read_group(group: Fields, words: str) -> Outcome:
    recipient = strip_type(
        find_first(group, "final-recipient") or find_first(group, "original-recipient")
    )
    status = find_first(group, "status")
    action = find_first(group, "action").strip().lower().partition(" ")[0]
    if action in TAKEN or (not action and status.startswith("2.")):
        return Outcome(recipient=recipient, verdict=None)
    said = strip_type(find_first(group, "diagnostic-code"))
    beside = re.sub(r"^\s*[245](?:\.\d{1,3}){2}", "", status).strip(" ()")
    verdict = judge(f"{said} {beside}".strip(), status=status, around=words)
    if action == "delayed":
        verdict = Verdict(
            kind="soft", reason=verdict.reason, status=verdict.status, detail=verdict.detail
        )
    return Outcome(recipient=recipient, verdict=verdict, is_final=action != "delayed")


def strip_type(value: str) -> str:
    """Return a field's value without the type that stands before it (`rfc822; `, `smtp; `)."""
    kind, mark, rest = value.partition(";")
    return (rest if mark and re.fullmatch(r"\s*[\w.-]{1,20}\s*", kind) else value).strip(" <>")
