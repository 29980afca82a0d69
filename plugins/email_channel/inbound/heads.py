"""Reads the head of a mail as it came: for what is to be believed, nothing in it is decoded."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..returns.parts import MOST_BYTES, MOST_FIELDS, MOST_HEADER_BYTES

_NAME = re.compile(r"([!-9;-~]{1,80})[ \t]*:[ \t]*(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a mail.

    Attributes:
        fields: Names in lower case with their values, unfolded, in order.
        is_whole: Whether all of it was read: of one that is cut, nothing is proved.
    """

    fields: tuple[tuple[str, str], ...]
    is_whole: bool

    def list_values(self, name: str) -> list[str]:
        """Return the values of a field, the topmost first."""
        return [value for known, value in self.fields if known == name]

    def first(self, name: str) -> str:
        """Return the topmost value of a field; empty when there is none."""
        return next((value for known, value in self.fields if known == name), "")


def read_head(raw: bytes) -> Head:
    """Read the head of a mail; never raises, whatever the bytes are.

    A carriage return alone ends a line as well, as it does for some programs: whoever hides a
    field behind one shows it here.
    """
    text = raw[:MOST_BYTES].replace(b"\r\n", b"\n").replace(b"\r", b"\n").lstrip(b"\n")
    if text.startswith(b"From "):  # as it stands in an mbox
        text = text.partition(b"\n")[2]
    head, end, _ = text.partition(b"\n\n")
    is_whole = bool(end) and len(head) <= MOST_HEADER_BYTES
    lines: list[list[str]] = []
    for line in head[:MOST_HEADER_BYTES].decode("utf-8", "replace").split("\n"):
        if line[:1] in (" ", "\t"):
            if lines:
                lines[-1].append(line.strip())
        elif line:
            lines.append([line])
    fields = []
    for one in lines[:MOST_FIELDS]:
        match = _NAME.fullmatch(" ".join(one).replace("\x00", ""))
        if match is not None:
            fields.append((match[1].lower(), match[2].strip()))
    return Head(tuple(fields), is_whole and len(lines) <= MOST_FIELDS)
