"""What the server is told about a message, and the message as it goes over the wire."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ADDRESS = re.compile(r'[^\s<>"\\\x00-\x1f\x7f]{1,320}')
_LINE_ENDS = re.compile(rb"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the server is told about a message.

    Attributes:
        sender: The return path; empty for none.
        recipient: Where it goes.
        content: The whole message, header and body.
        needs_smtputf8: Whether an address or a header field is written in UTF-8.
    """

    sender: str
    recipient: str
    content: bytes
    needs_smtputf8: bool = False


def is_address(address: str) -> bool:
    """Say whether an address can be written into a command, and nothing else with it."""
    return _ADDRESS.fullmatch(address) is not None


def stuff_dots(content: bytes) -> bytes:
    """Return a message as it stands between DATA and the final dot, which is not in it.

    Line ends are made CRLF, whatever they were: a line end that servers read in two ways would let
    a message end where the one sees an end and the other does not. A line that begins with a dot
    gets another one. The last line has its end.
    """
    ends = content.count(b"\n")
    if ends != content.count(b"\r\n") or ends != content.count(b"\r"):
        content = _LINE_ENDS.sub(b"\r\n", content)
    if b"\n." in content:
        content = content.replace(b"\n.", b"\n..")
    if content.startswith(b"."):
        content = b"." + content
    return content if content.endswith(b"\r\n") or not content else content + b"\r\n"
