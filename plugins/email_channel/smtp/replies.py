"""Reads the answers of a server, whatever it sends, in little memory."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass

MOST_LINE_BYTES = 4_096
"""RFC 5321 allows 512; servers exceed it with long texts."""

MOST_REPLY_BYTES = 64 * 1024

MOST_WAITING = 16
"""Answers that nobody asked for yet: more of them is noise."""

_ENHANCED = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}(?= |$)")


class BadReply(Exception):
    """What came is no answer of a mail server; the text says why, for a person."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer.

    Attributes:
        code: Its three digits.
        lines: Its lines without the code, as they came.
    """

    code: int
    lines: tuple[bytes, ...]

    @property
    def is_yes(self) -> bool:
        """Whether it is a 2xx."""
        return 200 <= self.code < 300

    @property
    def enhanced(self) -> str | None:
        """The status code of RFC 3463 it begins with, or None."""
        found = _ENHANCED.match(self.lines[0])
        return found.group().decode() if found else None

    @property
    def text(self) -> str:
        """Its text, without the status code that begins each line, in one line."""
        bare = (_ENHANCED.sub(b"", line, count=1).strip() for line in self.lines)
        said = b" ".join(line for line in bare if line).decode("utf-8", "replace")
        return "".join(one if one.isprintable() else " " for one in said)


class ReplyReader:
    """Makes answers of bytes.

    Attributes:
        replies: What has come and was not taken yet.
    """

    __slots__ = ("_begun", "_code", "_lines", "_size", "replies")

    def __init__(self) -> None:
        self.replies: deque[Reply] = deque()
        self._begun = b""
        self._lines: list[bytes] = []
        self._code = b""
        self._size = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing has come that was not taken, not even a part of a line."""
        return not (self.replies or self._begun or self._lines)

    def feed(self, data: bytes) -> None:
        """Take what came.

        Raises:
            BadReply: It is no answer, or has no end.
        """
        lines = (self._begun + data if self._begun else data).split(b"\n")
        self._begun = lines.pop()
        for line in lines:
            self._take(line.rstrip(b"\r"))
        if len(self._begun) > MOST_LINE_BYTES:
            raise BadReply("the server sends a line that has no end")

    def _take(self, line: bytes) -> None:
        if len(line) > MOST_LINE_BYTES:
            raise BadReply("the server sends lines that are too long")
        code, mark = line[:3], line[3:4]
        if not (code.isdigit() and len(code) == 3 and b"2" <= code[:1] <= b"5"):
            raise BadReply("the server does not speak SMTP")
        if mark not in (b"", b" ", b"-"):
            raise BadReply("the server does not speak SMTP")
        if self._lines and code != self._code:
            raise BadReply("the server mixes two answers")
        self._size += len(line)
        if self._size > MOST_REPLY_BYTES:
            raise BadReply("the server sends an answer that is too long")
        self._lines.append(line[4:])
        self._code = code
        if mark != b"-":
            if len(self.replies) >= MOST_WAITING:
                raise BadReply("the server answers what it was not asked")
            self.replies.append(Reply(int(code), tuple(self._lines)))
            self._lines = []
            self._size = 0
