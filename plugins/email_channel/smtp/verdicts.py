"""What an answer of the server means: for the message, for the pace, and for the connection."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from ballyhoo import Receipt

from .envelope import Envelope
from .replies import Reply

Slows = Literal["domain", "server"]
MOST_CHARS = 400
SERVICE_ENDS = 421

_ADDRESS = re.compile(r"<[^<>]*@[^<>]*>|[^\s<>,;:()\"']+@[^\s<>,;()\"']+")
_QUEUED = re.compile(
    rb"queued as <?([\w.+@/-]{3,100})|\bid=<?([\w.+@-]{3,100})|InternalId=(\d{3,40})"
    rb"|\bqp (\d{2,20})|^(?:2\.\d\.\d )?([\w.+-]{6,100}) Message accepted"
    rb"|^(?:2\.\d\.\d )?ok:? <?([\w@.-]{12,100})>?(?: +[\w.-]+)*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an answer means.

    Attributes:
        receipt: For the message.
        slows: Whose pace is to be slowed down; None when nobody's.
        ends: Whether the connection is of no use any more.
    """

    receipt: Receipt
    slows: Slows | None = None
    ends: bool = False


def judge_refusal(step: str, reply: Reply, envelope: Envelope) -> Verdict:
    """Return what a no before the final dot means; nothing of the message is out.

    Args:
        step: `MAIL`, `RCPT` or `DATA`: what was answered.
        reply: The answer.
        envelope: Of the message.
    """
    ends = reply.code == SERVICE_ENDS or reply.code < 400
    detail = describe_reply(step, reply, envelope)
    if 500 <= reply.code < 600:
        return Verdict(Receipt.failed(detail, code=reply.code), ends=ends)
    slows: Slows = "server" if step == "MAIL" else "domain"
    return Verdict(Receipt.later(detail, code=reply.code), slows=slows, ends=ends)


def judge_answer(reply: Reply, envelope: Envelope) -> Verdict:
    """Return what the answer to the final dot means."""
    code = reply.code
    if reply.is_yes:
        return Verdict(Receipt.sent(code=code, provider_id=find_queue_id(reply)))
    detail = describe_reply("the message", reply, envelope)
    if 400 <= code < 500:
        return Verdict(Receipt.later(detail, code=code), slows="domain", ends=code == SERVICE_ENDS)
    if code >= 500:
        return Verdict(Receipt.failed(detail, code=code))
    return Verdict(Receipt.unknown("the server's answer to the message makes no sense"), ends=True)


def describe_reply(step: str, reply: Reply, envelope: Envelope) -> str:
    """Return an answer in words, without an address in it."""
    said = hide_addresses(reply.text, envelope)[:MOST_CHARS].strip()
    return " ".join(part for part in (f"{step}:", reply.enhanced, said) if part).rstrip(":")


def hide_addresses(said: str, envelope: Envelope) -> str:
    """Return what a server said, without addresses and the names in front of their @."""
    for address in (envelope.recipient, envelope.sender):
        if address:
            said = re.sub(re.escape(address), "(address)", said, flags=re.IGNORECASE)
    said = _ADDRESS.sub("(address)", said)
    name = envelope.recipient.rpartition("@")[0]
    if len(name) > 2:
        said = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "(name)", said, flags=re.IGNORECASE)
    return said


def find_queue_id(reply: Reply) -> str | None:
    """Return what the server calls a message that it took, or None when it does not say."""
    found = _QUEUED.search(reply.lines[-1])
    if found is None:
        return None
    return found[found.lastindex or 0].decode("ascii", "replace").rstrip(".")
