"""Cuts a condition into tokens, and refuses what the language does not have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, cast

from ..errors import BallyhooError

MAX_CHARS = 20_000
"""The longest condition that is read."""

KEYWORDS = frozenset(
    {"and", "or", "not", "in", "between", "is", "null", "like", "true", "false", "missing"}
)
_REFUSED = frozenset(
    {"select", "from", "where", "union", "insert", "update", "delete", "drop", "exists", "case",
     "when", "cast", "having", "join", "with"}
)  # fmt: skip

_TOKEN = re.compile(
    r"""
      (?P<space>\s+)
    | (?P<number>(?:\d+\.\d+|\d+)(?![\w.]))
    | (?P<text>'(?:[^']|'')*')
    | (?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)
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
        if kind == "name":
            yield _name(text, at)
        elif kind != "space":
            yield Token(kind, text, at, found.end())
        at = found.end()
    yield Token("end", "", len(expression), len(expression))


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
    if character == "'":
        return "a quote is not closed"
    if character == '"':
        return "text stands in single quotes: 'DE'"
    if character == ";":
        return "';' is not allowed: a condition is one expression"
    if character.isdigit():
        return "a number such as 30 or 19.90 is due here"
    if character in "‘’“”´`":
        return f"the typographic quote {character} is not a quote; write '"
    shown = character if character.isprintable() else f"U+{ord(character):04X}"
    return f"the character '{shown}' is not part of the condition language"
