"""Reads the bytes that a channel would send: an e-mail by its parts, anything else as text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message as Parsed
from email.utils import parseaddr

from .html_reading import HtmlPart, clean_words, read_html
from .message import Message

_FIELD = re.compile(rb"[!-9;-~]+:")
MOST_FIELD = 2_000
"""A header field is shown no longer than this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message as its recipient's program would read it.

    Attributes:
        is_email: Whether it is one; else only `text` is known.
        sender: The name it comes from, or the address.
        subject: What an inbox shows in bold.
        preheader: What an inbox shows after it.
        fields: The head, field by field.
        html: The HTML part; None when there is none.
        part: What stands in the HTML part.
        text: The text part, or all of what is no e-mail.
        size: Of all of it, in bytes.
        html_size: Of the HTML part, decoded, in bytes.
    """

    is_email: bool
    sender: str
    subject: str
    preheader: str
    fields: tuple[tuple[str, str], ...] = ()
    html: str | None = None
    part: HtmlPart | None = None
    text: str | None = None
    size: int
    html_size: int = 0

    def find_field(self, name: str) -> str:
        """Return a field of the head; "" when there is none."""
        wanted = name.lower()
        return next((value for one, value in self.fields if one.lower() == wanted), "")


def read_letter(message: Message, channel: str) -> Letter:
    """Read the bytes of a message.

    Args:
        message: Rendered.
        channel: The channel's name, which stands for the sender of what is no e-mail.
    """
    content = message.content
    if is_email(content):
        return _read_email(content)
    text = content.decode("utf-8", errors="replace").replace("\x00", "\ufffd")
    lines = [line for line in text.splitlines() if line.strip()]
    subject = message.fields.get("subject") or (lines[0] if lines else "")
    return Letter(
        is_email=False,
        sender=channel,
        subject=clean_words(subject),
        preheader=clean_words(message.fields.get("preheader") or " ".join(lines))[:160],
        text=text,
        size=len(content),
    )


def write_plainly(letter: Letter) -> str:
    """Return a message as a person reads it: of an e-mail, who, to whom, what about, its text."""
    if not letter.is_email:
        return letter.text or ""
    fields = {name: letter.find_field(name) for name in ("From", "To", "Subject")}
    head = [f"{name}: {value}" for name, value in fields.items() if value]
    body = letter.text
    if body is None and letter.part is not None:
        body = letter.part.opening
    return "\n".join([*head, "", (body or "").replace("\r\n", "\n")])


def is_email(content: bytes) -> bool:
    """Whether bytes look like a message of RFC 5322: fields, among them From and Date, a body."""
    if not _FIELD.match(content):
        return False
    head = message_from_bytes(content.replace(b"\r\n", b"\n").partition(b"\n\n")[0] + b"\n\n")
    return bool(head["From"] and (head["Date"] or head["MIME-Version"]))


def _read_email(content: bytes) -> Letter:
    parsed = message_from_bytes(content)
    html, text = None, None
    for part in parsed.walk():
        kind = part.get_content_type()
        if part.is_multipart() or part.get_content_disposition() == "attachment":
            continue
        if kind == "text/html" and html is None:
            html = _read_text(part)
        elif kind == "text/plain" and text is None:
            text = _read_text(part)
    found = read_html(html) if html is not None else None
    fields = tuple((name, _read_field(value)) for name, value in parsed.items())
    name, address = parseaddr(_read_field(parsed.get("From", "")))
    shown = clean_words(text or "") if found is None else found.preheader or found.opening
    return Letter(
        is_email=True,
        sender=name or address,
        subject=_read_field(parsed.get("Subject", "")),
        preheader=shown[:160],
        fields=fields,
        html=html,
        part=found,
        text=text,
        size=len(content),
        html_size=len(html.encode("utf-8", "replace")) if html is not None else 0,
    )


def _read_text(part: Parsed) -> str:
    payload = part.get_payload(decode=True)
    raw = payload if isinstance(payload, bytes) else b""
    try:
        return raw.decode(part.get_content_charset("utf-8"), errors="replace")
    except LookupError:
        return raw.decode("utf-8", errors="replace")


def _read_field(value: object) -> str:
    """Return a field as it is read: words decoded, on one line."""
    unfolded = " ".join(str(value).split())
    try:
        decoded = str(make_header(decode_header(unfolded)))
    except (LookupError, ValueError):
        decoded = unfolded
    return " ".join(decoded.split())[:MOST_FIELD]
