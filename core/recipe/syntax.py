"""Puts the errors of the YAML reader into the words of somebody who writes recipes."""

from __future__ import annotations

import re
import sys
from typing import Any

from ruamel.yaml.error import MarkedYAMLError

_BLOCK_TEXT = "after '|' or '>' the text begins on the next line, indented"
_QUOTE = "put the whole value in quotes"


def explain_syntax(error: MarkedYAMLError, text: str) -> tuple[int, str]:
    """Say what is wrong with a text that is not YAML.

    Args:
        error: What the reader raised.
        text: The text.

    Returns:
        The index of the character to look at, and what is wrong there.
    """
    problem = str(error.problem or error.context or "")
    context = str(error.context or "")
    start = _index(error.context_mark, 0)
    at = _index(error.problem_mark, start)
    first = text[start : start + 1]
    begun = text[text.rfind("\n", 0, at) + 1 : at]
    if "cannot start any token" in problem:
        return at, _explain_start(text[at : at + 1])
    if problem.startswith("mapping values are not allowed"):
        if re.search(r":\s", begun):
            return at, f"a second ':' in one value; {_QUOTE}"
        return at - len(begun.lstrip()), _explain_line_above(text[: at - len(begun)])
    if problem.startswith("expected <block end>"):
        if begun.strip():
            return at, f"the value ended before this; {_QUOTE}"
        if text[at : at + 1] in ("]", "}"):
            return at, f"a '{text[at]}' without its other half; a text with it needs quotes"
        return at, "the indentation does not fit the lines above"
    if problem.startswith("could not find expected ':'"):
        return start, "a key without ':' after it"
    if problem.startswith("expected ',' or"):
        return _explain_bracket(text, start, at)
    if "but found another document" in problem:
        return at, "a second document begins here; write one recipe per file"
    if "quoted scalar" in context:
        return _explain_quoted(problem, start, at)
    if first in "!*&" and context:
        return start, f"a value cannot begin with '{first}'; {_QUOTE}"
    return at, _explain_other(problem, context, first)


def explain_failure(error: Exception, text: str) -> tuple[int, str]:
    """Say what is wrong with a text that made the reader itself fail."""
    for found in re.finditer(r"\\U([0-9A-Fa-f]{8})", text):
        if int(found[1], 16) > sys.maxunicode:
            return found.start(), f"there is no character '{found[0]}'"
    return 0, f"this is not YAML ({type(error).__name__})"


def _explain_line_above(before: str) -> str:
    lines = [line for line in before.splitlines() if line.strip() and line.strip()[0] != "#"]
    if lines and not re.search(r":(\s|$)", lines[-1]):
        return "the line above has no ':' after its key"
    return "the indentation does not fit the line above"


def _index(mark: Any, otherwise: int) -> int:
    return otherwise if mark is None else int(mark.index)


def _explain_start(character: str) -> str:
    if character == "\t":
        return "a tab cannot stand here; use spaces"
    return f"a value cannot begin with '{character}'; {_QUOTE}"


def _explain_bracket(text: str, start: int, at: int) -> tuple[int, str]:
    opened = text[start : start + 1]
    closing = "]" if opened == "[" else "}"
    if "\n" in text[start:at].rstrip() or not text[at:].strip():
        return start, f"this '{opened}' is not closed by '{closing}'; a text with it needs quotes"
    return at, f"a ',' or '{closing}' is missing before this; a text with '{opened}' needs quotes"


def _explain_quoted(problem: str, start: int, at: int) -> tuple[int, str]:
    if problem.startswith("found unexpected"):
        return start, "this quote is not closed"
    return at, "'\\' has a meaning in double quotes; write '\\\\', or use single quotes"


def _explain_other(problem: str, context: str, first: str) -> str:
    if "block scalar" in context or "block scalar" in problem:
        if problem.startswith("more indented"):
            return "the first line of this text is indented deeper than the next"
        return _BLOCK_TEXT
    if first == "%":
        return "a line that begins with '%' does not belong in a recipe"
    if problem.startswith("sequence entries are not allowed"):
        return "a list entry ('- ') begins on a line of its own, below its key"
    if problem.startswith("mapping keys are not allowed"):
        return f"a value cannot begin with '? '; {_QUOTE}"
    if problem.startswith("expected the node content"):
        return "a value is missing before this"
    if "document" in problem:
        return "nothing more may stand here; the recipe ended before this"
    return "this is not YAML; mind the quotes, brackets and indentation around here"
