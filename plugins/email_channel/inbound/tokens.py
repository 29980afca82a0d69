"""Takes a structured field apart (RFC 5322): comments gone, quoted strings as one piece."""

from __future__ import annotations

from dataclasses import dataclass

MOST_CHARS = 8_000


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a field.

    Attributes:
        text: Its characters, unescaped.
        is_quoted: Whether it stood between quotes: then nothing in it means anything.
    """

    text: str
    is_quoted: bool = False


def split_field(value: str) -> list[Token] | None:
    """Return the pieces of a field: quoted strings, and each other character for itself.

    Comments become a space. None: a quote or a comment does not end, or it is too long.
    """
    if len(value) > MOST_CHARS:
        return None
    found: list[Token] = []
    place, end = 0, len(value)
    while place < end:
        character = value[place]
        if character == '"':
            text, place = _read_quoted(value, place + 1)
            if place < 0:
                return None
            found.append(Token(text, is_quoted=True))
        elif character == "(":
            place = _skip_comment(value, place + 1)
            if place < 0:
                return None
            found.append(Token(" "))
        else:
            found.append(Token(character))
            place += 1
    return found


def join_plain(tokens: list[Token]) -> str:
    """Return the text of pieces, the quoted ones between quotes."""
    return "".join(f'"{one.text}"' if one.is_quoted else one.text for one in tokens)


def split_at(tokens: list[Token], mark: str) -> list[list[Token]]:
    """Return pieces, parted by a character that stands outside of quotes."""
    parts: list[list[Token]] = [[]]
    for one in tokens:
        if one.text == mark and not one.is_quoted:
            parts.append([])
        else:
            parts[-1].append(one)
    return parts


def _read_quoted(value: str, place: int) -> tuple[str, int]:
    text: list[str] = []
    while place < len(value):
        character = value[place]
        if character == '"':
            return "".join(text), place + 1
        if character == "\\" and place + 1 < len(value):
            place += 1
        text.append(value[place])
        place += 1
    return "", -1


def _skip_comment(value: str, place: int) -> int:
    depth = 1
    while place < len(value):
        character = value[place]
        if character == "\\":
            place += 1
        elif character == "(":
            depth += 1
        elif character == ")":
            depth -= 1
            if not depth:
                return place + 1
        place += 1
    return -1
