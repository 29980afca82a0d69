"""Writes header fields, cleaned, encoded and folded: no value becomes a field of its own."""

from __future__ import annotations

import base64
import re
import unicodedata

LINE_CHARS = 76
"""Where a header line is folded (RFC 5322 asks for 78 at most)."""

WORD_CHARS = 75
"""An encoded word has at most so many (RFC 2047, section 2)."""

ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_PLAIN = re.compile(r"[\x20-\x7e]*")
_Q_SAFE = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")
_CATEGORIES = frozenset({"Cc", "Cs", "Zl", "Zp"})
_START = "=?utf-8?x?"
_ROOM = WORD_CHARS - len(_START) - len("?=")


def clean_text(value: str) -> str:
    """Return a value without line breaks, control characters and surrogates, on one line."""
    if _PLAIN.fullmatch(value):
        return " ".join(value.split())
    kept = (
        " " if character.isspace() or unicodedata.category(character) in _CATEGORIES else character
        for character in value
    )
    return " ".join("".join(kept).split())


def write_text(name: str, value: str) -> bytes:
    """Return a field whose value is free text, such as a subject.

    What is not ASCII becomes encoded words (RFC 2047), and so does what looks like one: it is
    shown as it was written, and never decoded into something else.
    """
    return f"{name}: {encode_text(value, used=len(name) + 2)}\r\n".encode("ascii")


def write_raw(name: str, value: str) -> bytes:
    """Return a field of our own making: ASCII, folded at its spaces.

    Raises:
        ValueError: It holds something else; such a value is never to be written like this.
    """
    if not _PLAIN.fullmatch(value):
        raise ValueError(f"the value of {name} is not plain text")
    return f"{name}: {_fold(value, len(name) + 2)}\r\n".encode("ascii")


def write_mailbox(name: str, display: str, address: str) -> bytes:
    """Return a field with one mailbox: a name for people, if any, and an address.

    An address that is not ASCII is written in UTF-8 (RFC 6532): it needs a server with SMTPUTF8.

    Raises:
        ValueError: The address holds what cannot stand in one.
    """
    if not address or any(
        character.isspace() or character in '<>,;:"()\\' or not character.isprintable()
        for character in address
    ):
        raise ValueError(f"the address in {name} holds what cannot stand there")
    shown = clean_text(display)
    if not shown:
        return f"{name}: {address}\r\n".encode()
    used = len(name) + 2
    if _is_plain(shown):
        if not ATOM.fullmatch(shown):
            escaped = shown.replace("\\", "\\\\").replace('"', '\\"')
            shown = f'"{escaped}"'
        written = _fold(shown, used)
    else:
        written = encode_text(shown, used=used)
    last = written.rpartition("\n")[2]
    room = len(last) + (0 if "\n" in written else used) + len(address) + 3
    gap = " " if room <= LINE_CHARS else "\r\n "
    return f"{name}: {written}{gap}<{address}>\r\n".encode()


def encode_text(value: str, *, used: int) -> str:
    """Return a cleaned value for a header, encoded where it must be, and folded.

    Args:
        value: Any text.
        used: How many characters stand on the first line before it.
    """
    text = clean_text(value)
    if _is_plain(text):
        return _fold(text, used)
    raw = text.encode()
    # As long as B unless few need it; decided once, so that all words are of one kind.
    quoted = sum(1 if byte in _Q_SAFE or byte == 32 else 3 for byte in raw)
    kind = "q" if quoted <= (len(raw) + 2) // 3 * 4 else "b"
    words: list[str] = []
    room = max(_ROOM - used, 12)
    current, size = "", 0
    for character in text:
        cost = _cost(character, kind)
        if current and _length(size + cost, kind) > room:
            words.append(_encode_word(current, kind))
            current, size, room = "", 0, _ROOM - 1
        current += character
        size += cost
    words.append(_encode_word(current, kind))
    return "\r\n ".join(words)


def _is_plain(text: str) -> bool:
    if not _PLAIN.fullmatch(text) or "=?" in text:
        return False
    return all(len(word) <= LINE_CHARS - 1 for word in text.split(" "))


def _cost(character: str, kind: str) -> int:
    raw = character.encode()
    if kind == "b":
        return len(raw)
    return sum(1 if byte in _Q_SAFE or byte == 32 else 3 for byte in raw)


def _length(size: int, kind: str) -> int:
    return size if kind == "q" else (size + 2) // 3 * 4


def _encode_word(text: str, kind: str) -> str:
    raw = text.encode()
    if kind == "b":
        return f"=?utf-8?b?{base64.b64encode(raw).decode()}?="
    quoted = "".join(
        chr(byte) if byte in _Q_SAFE else "_" if byte == 32 else f"={byte:02X}" for byte in raw
    )
    return f"=?utf-8?q?{quoted}?="


def _fold(text: str, used: int) -> str:
    if used + len(text) <= LINE_CHARS:
        return text
    lines: list[str] = []
    current, room = "", LINE_CHARS - used
    for word in text.split(" "):
        if current and len(current) + 1 + len(word) > room:
            lines.append(current)
            current, room = word, LINE_CHARS - 1
        else:
            current = f"{current} {word}" if current else word
    lines.append(current)
    return "\r\n ".join(lines)
