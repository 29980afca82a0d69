"""Writes the body: text and HTML as alternatives, each in the encoding that fits it."""

from __future__ import annotations

import base64
import binascii
import re

MOST_LINE_BYTES = 900
"""A line may have 998 (RFC 5322); what relays add to lines must still fit."""

DENSE = 0.2
"""From this share of bytes that are not ASCII on, base64 is shorter than quoted-printable."""

_BREAKS = re.compile(r"\r\n|\r|\n")
_RISKY = re.compile(rb"^From |[ \t]\r?$|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", re.MULTILINE)


def write_body(text: str, html: str, boundary: str) -> tuple[bytes, bytes]:
    """Return the fields of content and the body of a message.

    Args:
        text: The text part; comes first, as RFC 2046 asks: the best is last.
        html: The HTML part.
        boundary: What separates them: ASCII, at most 60 characters. It begins with `=_`, which no
            encoded part can hold.

    Returns:
        Lines for the head, and the body, both with CRLF.
    """
    mark = boundary.encode("ascii")
    parts = [_write_part(b"plain", text, mark), _write_part(b"html", html, mark)]
    head = (
        b"MIME-Version: 1.0\r\n"
        b'Content-Type: multipart/alternative;\r\n boundary="' + mark + b'"\r\n'
    )
    opening = b"--" + mark + b"\r\n"
    body = b"".join((opening, parts[0], opening, parts[1], b"--", mark, b"--\r\n"))
    return head, body


def _write_part(kind: bytes, text: str, boundary: bytes) -> bytes:
    lines = _BREAKS.sub("\r\n", text) if "\r" in text else text.replace("\n", "\r\n")
    raw = lines.encode("utf-8", "replace")
    encoding, encoded = encode_part(raw, boundary)
    return (
        b"Content-Type: text/" + kind + b"; charset=utf-8\r\n"
        b"Content-Transfer-Encoding: " + encoding + b"\r\n\r\n" + encoded + b"\r\n"
    )


def encode_part(raw: bytes, boundary: bytes) -> tuple[bytes, bytes]:
    """Return the transfer encoding that fits a part, and the part in it.

    Args:
        raw: The part, with CRLF at the end of lines.
        boundary: What it must not hold.
    """
    if raw.isascii():
        if (
            boundary not in raw
            and _RISKY.search(raw) is None
            and max(map(len, raw.split(b"\r\n"))) <= MOST_LINE_BYTES
        ):
            return b"7bit", raw
    elif _is_dense(raw):
        return b"base64", base64.encodebytes(raw).replace(b"\n", b"\r\n")
    return b"quoted-printable", _quote(raw)


def _is_dense(raw: bytes) -> bool:
    return len(raw) - len(raw.decode().encode("ascii", "ignore")) > DENSE * len(raw)


def _quote(raw: bytes) -> bytes:
    quoted = binascii.b2a_qp(raw, istext=True)
    if b"\r\n" not in raw:  # it breaks lines as the text does, and this one has no break
        quoted = quoted.replace(b"\n", b"\r\n")
    if b"\nFrom " in quoted or quoted.startswith(b"From "):
        # Mailboxes put a mark before it, which breaks signatures; the break keeps lines short.
        quoted = re.sub(rb"^From ", b"=46=\r\nrom ", quoted, flags=re.MULTILINE)
    return quoted
