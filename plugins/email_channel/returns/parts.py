"""Takes a raw mail apart, in bounds and without trust: whatever the bytes are, it ends and answers.

It is not the MIME parser of the standard library that reads here: on hostile bytes that one
raises, recurses and copies. What is wanted of a mail that came back is little: its header, the
fields of its reports, its words, and the header of the mail that it brings back.
"""

from __future__ import annotations

import binascii
import codecs
import quopri
import re
from base64 import b64decode
from dataclasses import dataclass, field

MOST_BYTES = 512 * 1024
"""A longer mail is read so far: what is behind it is the mail that was sent, with its pictures."""

MOST_HEADER_BYTES = 64 * 1024
MOST_FIELDS = 400
MOST_PARTS = 60
MOST_DEPTH = 8
MOST_TEXT = 40_000
"""Characters of words that are looked at."""

Fields = list[tuple[str, str]]
"""Names in lower case with their values, in order."""

_NAME = re.compile(r"([!-9;-~]{1,80}):[ \t]*(.*)", re.DOTALL)
_BOUNDARY = re.compile(r"""boundary\s*=\s*(?:"([^"]{1,200})"|([^\s;"]{1,200}))""", re.IGNORECASE)
_CHARSET = re.compile(r"""charset\s*=\s*"?([\w.:+-]{1,40})""", re.IGNORECASE)
_ENCODED = re.compile(r"=\?([\w.:+*-]{1,40})\?([bq])\?([^?\s]{0,400})\?=", re.IGNORECASE)
_TEXT_CODECS = re.compile(
    r"(?:utf|ascii|iso|cp|koi8|gb|big5|euc|shift|mac|tis|hz|johab|latin)[\w-]*"
)
"""Codecs that read text; Python has others, of which some take very long."""
_REPORTS = ("message/delivery-status", "message/global-delivery-status")
_UNREADABLE = re.compile("[\x00\ud800-\udfff]")
_ATTACHED = re.compile(r"\s*attachment\b", re.IGNORECASE)
_FEEDBACK = "message/feedback-report"
_RETURNED = ("message/rfc822", "message/global", "message/partial", "text/rfc822-headers",
             "message/global-headers")  # fmt: skip


@dataclass(slots=True)
class Part:
    """One leaf of a mail: its type, its fields and its content, decoded."""

    content_type: str
    fields: Fields
    text: str


@dataclass(slots=True)
class Mail:
    """A mail, as far as it is looked at.

    Attributes:
        fields: Of its header.
        content_type: In lower case, without parameters.
        reports: The fields of each group of its delivery reports.
        feedback: The fields of its feedback report (RFC 5965).
        plain: Its words, from plain text.
        html: The source of its HTML.
        returned: The header fields of the mail that it brings back.
        is_cut: Whether it was longer than what is looked at.
        skips_attached: Whether parts that are attached are none of its words.
    """

    fields: Fields
    content_type: str = "text/plain"
    reports: list[Fields] = field(default_factory=list)
    feedback: Fields = field(default_factory=list)
    plain: str = ""
    html: str = ""
    returned: Fields = field(default_factory=list)
    is_cut: bool = False
    skips_attached: bool = False

    def first(self, name: str) -> str:
        """Return the first value of a header field; empty when there is none."""
        return find_first(self.fields, name)


def find_first(fields: Fields, name: str) -> str:
    """Return the first value of a field; empty when there is none."""
    return next((value for known, value in fields if known == name), "")


def take_apart(raw: bytes, *, skips_attached: bool = False) -> Mail:
    """Take a raw mail apart; never raises, whatever the bytes are.

    Args:
        raw: The whole mail.
        skips_attached: Leave out the text of parts that are attached.
    """
    cut = raw[:MOST_BYTES].replace(b"\r\n", b"\n").replace(b"\r", b"\n").lstrip(b"\n")
    if cut.startswith(b"From "):  # as it stands in an mbox
        cut = cut.partition(b"\n")[2]
    head, body = _split(cut)
    fields = read_fields(head)
    mail = Mail(fields=fields, is_cut=len(raw) > MOST_BYTES, skips_attached=skips_attached)
    mail.content_type = _type_of(find_first(fields, "content-type")) or "text/plain"
    if not mail.content_type.startswith("multipart/"):
        inner = _guess_boundary(body)
        if inner:  # a report whose header lost its Content-Type
            _walk(mail, f'multipart/report; boundary="{inner}"', body, depth=0, left=[MOST_PARTS])
            return mail
    _walk_part(mail, fields, body, depth=0, left=[MOST_PARTS])
    return mail


def read_fields(head: bytes | str) -> Fields:
    """Return the fields of a header block, unfolded, encoded words decoded."""
    if isinstance(head, bytes):
        head = _to_text(head[:MOST_HEADER_BYTES], "utf-8")
    found: Fields = []
    lines: list[str] = []
    for line in [*head[:MOST_HEADER_BYTES].split("\n"), ""]:
        if line[:1] in (" ", "\t") and line.strip():
            if lines and len(lines) < 200:
                lines.append(line.strip())
            continue
        if lines:
            match = _NAME.fullmatch(" ".join(lines))
            if match is not None:
                found.append((match[1].lower(), _decode_words(match[2].strip())))
            if len(found) >= MOST_FIELDS:
                break
        lines = [line] if line else []
    return found


def _split(block: bytes) -> tuple[bytes, bytes]:
    """Return header and body; a block that begins with an empty line has no header."""
    if block.startswith(b"\n"):
        return b"", block[1:]
    head, _, body = block.partition(b"\n\n")
    return head, body


def _walk_part(mail: Mail, fields: Fields, body: bytes, *, depth: int, left: list[int]) -> None:
    declared = find_first(fields, "content-type")
    kind = _type_of(declared) or "text/plain"
    if kind.startswith("multipart/") and depth < MOST_DEPTH:
        _walk(mail, declared, body, depth=depth, left=left)
        return
    content = _decode(body, find_first(fields, "content-transfer-encoding"))
    if kind in _REPORTS:
        mail.reports += read_groups(content)
    elif kind == _FEEDBACK:
        mail.feedback = mail.feedback or read_fields(content.strip(b"\n"))
    elif kind in _RETURNED:
        mail.returned = mail.returned or read_fields(_split(content.lstrip(b"\n"))[0])
    elif mail.skips_attached and _ATTACHED.match(find_first(fields, "content-disposition")):
        return
    elif kind == "text/html":
        mail.html = (mail.html + _to_text(content, _charset_of(declared)))[:MOST_BYTES]
    elif kind == "text/plain" or depth == 0:
        text = _to_text(content, _charset_of(declared))
        mail.plain = f"{mail.plain}\n{text}"[:MOST_TEXT] if mail.plain else text[:MOST_TEXT]


def _walk(mail: Mail, declared: str, body: bytes, *, depth: int, left: list[int]) -> None:
    match = _BOUNDARY.search(declared)
    boundary = (match[1] or match[2]) if match else _guess_boundary(body)
    if not boundary:
        mail.plain = (mail.plain + _to_text(body, "utf-8"))[:MOST_TEXT]
        return
    mark = b"--" + boundary.encode("utf-8", "surrogateescape")
    pieces = (b"\n" + body).split(b"\n" + mark)
    for piece in pieces[1:]:
        if piece.startswith(b"--") or left[0] <= 0:
            break
        left[0] -= 1
        head, inner = _split(piece.partition(b"\n")[2])
        _walk_part(mail, read_fields(head), inner, depth=depth + 1, left=left)


def read_groups(content: bytes) -> list[Fields]:
    """Return the groups of a delivery report: that of the message first, then each recipient's.

    Some servers leave out the empty line between two recipients: a field that begins a recipient
    and is there already begins the next one.
    """
    groups: list[Fields] = []
    for block in re.split(rb"\n[ \t]*\n", content[:MOST_HEADER_BYTES].strip()):
        group: Fields = []
        for name, value in read_fields(block):
            if name == "final-recipient" and any(known == name for known, _ in group):
                groups.append(group)
                group = []
            group.append((name, value))
        if group:
            groups.append(group)
        if len(groups) >= MOST_PARTS:
            break
    return groups


def _guess_boundary(body: bytes) -> str:
    """Return the boundary of a report whose Content-Type was lost on its way; else empty."""
    for match in re.finditer(rb"(?m)^--([^\s]{4,200})\nContent-Type: message/", body[:MOST_BYTES]):
        return match[1].decode("utf-8", "surrogateescape")
    return ""


def _type_of(declared: str) -> str:
    kind = declared.partition(";")[0].strip().lower()
    return kind if re.fullmatch(r"[\w.+-]+/[\w.+-]+", kind) else ""


def _charset_of(declared: str) -> str:
    match = _CHARSET.search(declared)
    return match[1] if match else "utf-8"


def _decode(body: bytes, encoding: str) -> bytes:
    how = encoding.strip().lower()
    try:
        if how == "base64":
            packed = re.sub(rb"[^A-Za-z0-9+/]", b"", body)
            packed = packed[: len(packed) - (len(packed) % 4 == 1)]
            return b64decode(packed + b"=" * (-len(packed) % 4))
        if how == "quoted-printable":
            return quopri.decodestring(body)
    except (binascii.Error, ValueError):
        pass
    return body


def _to_text(content: bytes, charset: str) -> str:
    try:
        known = codecs.lookup(charset).name
        text = content.decode(known if _TEXT_CODECS.match(known) else "utf-8", "replace")
    except (LookupError, UnicodeError, ValueError):
        text = content.decode("utf-8", "replace")
    return _UNREADABLE.sub("", text)


def _decode_words(value: str) -> str:
    """Decode encoded words (RFC 2047), as far as they can be."""
    if "=?" not in value:
        return value

    def decode(match: re.Match[str]) -> str:
        packed = match[3].encode("utf-8", "replace")
        if match[2].lower() == "b":
            content = _decode(packed, "base64")
        else:
            content = quopri.decodestring(packed.replace(b"_", b" "))
        return _to_text(content, match[1].partition("*")[0])

    return _ENCODED.sub(decode, re.sub(r"\?=\s+=\?", "?==?", value))
