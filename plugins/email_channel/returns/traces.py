"""Finds which of our messages a mail that came back is about, by what we wrote into it."""

from __future__ import annotations

import hashlib
import re
from email.utils import parsedate_to_datetime

from .parts import MOST_BYTES, Fields, Mail

MOST_TRACES = 8

MESSAGE_HEADER = "x-ballyhoo-message"
"""A header of our messages that holds the token of the return path."""

_RETURN_PATH = re.compile(r"(?<![\w.+-])b\+([a-z2-7]{17,29})@", re.IGNORECASE)
_TOKEN = re.compile(r"[a-z2-7]{17,29}", re.IGNORECASE)
_REFERENCE = re.compile(r"<([a-z2-7]{24})\.(\d{1,18})@", re.IGNORECASE)
_ENVELOPE = ("to", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to",
             "x-apparently-to", "x-rcpt-to", "original-recipient")  # fmt: skip
_THREAD = ("in-reply-to", "references", "original-message-id")


def find_tokens(mail: Mail, rest: str) -> tuple[str, ...]:
    """Return what may be tokens of our return paths, the likeliest first.

    Args:
        mail: The mail.
        rest: Its text behind the words: the mail that it brings back, where that is no part.
    """
    found: list[str] = []
    envelope = [value for name, value in mail.fields if name in _ENVELOPE]
    every = [value for group in _blocks(mail) for _, value in group]
    for value in [*envelope, *every]:
        found += _RETURN_PATH.findall(value)
    for group in _blocks(mail):
        found += [
            v.strip() for n, v in group if n == MESSAGE_HEADER and _TOKEN.fullmatch(v.strip())
        ]
    found += _RETURN_PATH.findall(rest)
    found += re.findall(rf"(?im)^{MESSAGE_HEADER}:[ \t]*([a-z2-7]{{17,29}})\s*$", rest)
    return tuple(dict.fromkeys(one.lower() for one in found))[:MOST_TRACES]


def find_references(mail: Mail, rest: str) -> tuple[tuple[str, int], ...]:
    """Return what may be Message-IDs of ours: the reference and the id of the run."""
    found: list[tuple[str, str]] = []
    for group in _blocks(mail):
        for name, value in group:
            if name in _THREAD or (group is not mail.fields and name == "message-id"):
                found += _REFERENCE.findall(value)
    found += _REFERENCE.findall(rest)
    listed = dict.fromkeys((reference.lower(), int(run)) for reference, run in found)
    return tuple(listed)[:MOST_TRACES]


def make_identity(mail: Mail, raw: bytes) -> str:
    """Return what names a return, whichever way it is read.

    Servers on the way add header fields, so they do not count; without a Message-ID of its own it
    is told from others by who wrote it, when, and what.
    """
    own = mail.first("message-id").strip()
    told = [own, mail.first("date"), mail.first("from"), mail.first("subject")]
    if not own:
        body = raw[:MOST_BYTES].replace(b"\r\n", b"\n").partition(b"\n\n")[2].strip()
        told.append(hashlib.sha256(body).hexdigest())
    text = "\x1f".join(told)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def read_date(mail: Mail) -> int | None:
    """Return the Date of a mail in UTC milliseconds; None when it cannot be read."""
    try:
        at = parsedate_to_datetime(mail.first("date")[:100])
        moment = int(at.timestamp() * 1000)
    except (ValueError, TypeError, OverflowError, IndexError, OSError):
        return None
    return moment if 0 < moment < 1 << 43 else None


def _blocks(mail: Mail) -> list[Fields]:
    return [mail.fields, mail.returned, mail.feedback, *mail.reports]
