"""Cuts a condition into tokens, and refuses what the language does not have."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, cast

from ..errors import BallyhooError

MAX_CHARS = 20_000
"""The longest condition that is read."""

MOST_DIGITS = 15
"""The longest number; both databases compare numbers of so many digits exactly."""

_JOINERS = "\u200c\u200d"

KEYWORDS = frozenset(
    {"and", "or", "not", "in", "between", "is", "null", "like", "true", "false", "missing"}
)
_REFUSED = frozenset(
    {"select", "from", "where", "union", "insert", "update", "delete", "drop", "exists", "case",
     "when", "cast", "having", "join", "with", "pragma", "attach", "alter", "create"}
)  # fmt: skip

_TOKEN = re.compile(
    r"""
      (?P<space>[ \t\r\n\f\v]+)
    | (?P<number>(?:[0-9]+\.[0-9]+|[0-9]+)(?![\w.]))
    | (?P<text>'(?:[^']|'')*')
    | (?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.\w+)*)
    | (?P<sign>=>|<=|>=|<>|!=|==|[=<>(),+*/%-])
    """,
    re.VERBOSE,
)

Kind = Literal["number", "text", "name", "keyword", "sign", "end", "space"]


class ConditionError(BallyhooError):
    """A condition is wrong; `start` and `end`, or `path` in the structured form, say where."""

    def __init__(
        self,
        message: str,
        start: int,
        end: int | None = None,
        path: tuple[str | int, ...] = (),
    ) -> None:
        super().__init__(message)
        self.start = start
        self.end = start + 1 if end is None else end
        self.path = path


@dataclass(frozen=True, slots=True)
class Token:
    """One token: its kind, its text as it was written, and where."""

    kind: Kind
    text: str
    start: int
    end: int

    def is_one(self, *words: str) -> bool:
        """Whether this is one of these keywords or signs."""
        return self.kind in ("keyword", "sign") and self.text.lower() in words


def read_tokens(expression: str) -> Iterator[Token]:
    """Yield the tokens of an expression, an `end` token last.

    Raises:
        ConditionError: Something that the language does not have; it says what to write instead.
    """
    if len(expression) > MAX_CHARS:
        raise ConditionError(f"the condition has more than {MAX_CHARS:,} characters", MAX_CHARS)
    at = 0
    while at < len(expression):
        _refuse_comment(expression, at)
        found = _TOKEN.match(expression, at)
        if found is None:
            raise ConditionError(_explain(expression, at), at)
        kind, text = cast(Kind, found.lastgroup), found[0]
        if kind == "number" and len(text.replace(".", "")) > MOST_DIGITS:
            said = f"the number has more than {MOST_DIGITS} digits"
            raise ConditionError(said, at, found.end())
        if kind == "text":
            hidden = find_hidden(text)
            if hidden is not None:
                raise ConditionError(refuse_hidden(text[hidden]), at + hidden)
        if kind == "name":
            yield _name(text, at)
        elif kind != "space":
            yield Token(kind, text, at, found.end())
        at = found.end()
    yield Token("end", "", len(expression), len(expression))


def find_hidden(text: str) -> int | None:
    """Return where a text holds a character that nobody sees and no database can tell, or None."""
    for index, character in enumerate(text):
        kind = unicodedata.category(character)
        if (kind in ("Cc", "Cf", "Cs", "Co", "Cn")) and character not in "\n\t" + _JOINERS:
            return index
    return None


def refuse_hidden(character: str) -> str:
    """Say that a character must not stand in a text."""
    return f"the text holds the invisible character U+{ord(character):04X}; delete it"


def _name(text: str, at: int) -> Token:
    lowered = text.lower()
    if lowered in _REFUSED:
        said = f"'{text}' is not part of the condition language; write one condition over fields"
        raise ConditionError(said, at, at + len(text))
    kind: Kind = "keyword" if lowered in KEYWORDS else "name"
    return Token(kind, text, at, at + len(text))


def _refuse_comment(expression: str, at: int) -> None:
    for opening in ("--", "/*", "#"):
        if expression.startswith(opening, at):
            raise ConditionError(f"comments ('{opening}') are not allowed in a condition", at)


def _explain(expression: str, at: int) -> str:
    character = expression[at]
    if expression.startswith(("$$", "\\"), at):
        return f"'{character}' is not allowed in a condition; text stands in single quotes: 'DE'"
    if character == "'":
        return "a quote is not closed"
    if character == '"':
        return "text stands in single quotes: 'DE'"
    if character == ";":
        return "';' is not allowed: a condition is one expression"
    if character in "0123456789":
        return "a number such as 30 or 19.90 is due here"
    if character in "‘’“”´`":
        return f"the typographic quote {character} is not a quote; write '"
    shown = character if character.isprintable() else f"U+{ord(character):04X}"
    return f"the character '{shown}' is not part of the condition language"
