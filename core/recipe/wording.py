"""Puts pydantic's errors into the words of somebody who writes recipes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..spelling import suggest_name
from .document import Node

_KINDS = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "decimal_type": "a number",
    "decimal_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "list_type": "a list",
    "tuple_type": "a list",
    "set_type": "a list",
    "frozen_set_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "dataclass_type": "a mapping",
    "date_type": "a date such as 2026-04-30",
    "date_parsing": "a date such as 2026-04-30",
    "date_from_datetime_parsing": "a date such as 2026-04-30",
    "datetime_type": "a moment such as 2026-04-30T09:00:00+02:00",
    "datetime_parsing": "a moment such as 2026-04-30T09:00:00+02:00",
    "datetime_from_date_parsing": "a moment such as 2026-04-30T09:00:00+02:00",
    "time_type": 'a time of day such as "09:00"',
    "time_parsing": 'a time of day such as "09:00"',
}


def show(node: Node) -> str:
    """Return the value as it is quoted in a message."""
    value = node.value
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "nothing"
    text = node.raw if node.raw and not isinstance(value, str) else str(value)
    short = text if len(text) <= 60 else text[:57] + "..."
    return f"'{short}'" if isinstance(value, str) else short


def unknown_key(key: str, known: Sequence[str]) -> str:
    """Say that a key does not exist, and which was meant."""
    hint = suggest_name(key, known)
    return f"unknown key '{key}'; {hint}" if hint else f"unknown key '{key}'; it takes none"


def word_error(error: dict[str, Any], node: Node) -> str:
    """Say what a pydantic error means.

    Args:
        error: One entry of `ValidationError.errors()`.
        node: The value it is about.

    Returns:
        What is wrong, and what was meant.
    """
    kind, facts = str(error["type"]), error.get("ctx", {})
    if kind in _KINDS:
        wanted = _KINDS[kind]
        if kind == "string_type" and node.raw and isinstance(node.value, bool | int | float):
            return f'must be text, not {node.raw}; write "{node.raw}" in quotes'
        return f"must be {wanted}, not {show(node)}"
    worded = _WORDED.get(kind)
    if worded is not None:
        return worded(facts, node)
    message = str(error["msg"]).removeprefix("Value error, ").removeprefix("Assertion failed, ")
    return message if kind in ("ballyhoo", "value_error") else message[:1].lower() + message[1:]


def _word_choice(facts: dict[str, Any], node: Node) -> str:
    listed = str(facts["expected"])
    names = [part.strip("' ") for part in listed.replace(" or ", ", ").split(",")]
    said = f"must be {listed}, not {show(node)}"
    hint = suggest_name(str(node.value), names)
    return f"{said}; {hint}" if hint.startswith("did you mean") else said


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


_WORDED: dict[str, Callable[[dict[str, Any], Node], str]] = {
    "literal_error": _word_choice,
    "enum": _word_choice,
    "greater_than": lambda facts, node: f"must be more than {facts['gt']}, not {show(node)}",
    "greater_than_equal": lambda facts, node: f"must be at least {facts['ge']}, not {show(node)}",
    "less_than": lambda facts, node: f"must be less than {facts['lt']}, not {show(node)}",
    "less_than_equal": lambda facts, node: f"must be at most {facts['le']}, not {show(node)}",
    "multiple_of": lambda facts, node: f"must be a multiple of {facts['multiple_of']}",
    "string_too_short": lambda facts, node: (
        "must not be empty"
        if facts["min_length"] == 1
        else f"must have at least {_count(facts['min_length'], 'character', 'characters')}"
    ),
    "string_too_long": lambda facts, node: (
        f"must have at most {_count(facts['max_length'], 'character', 'characters')}"
    ),
    "string_pattern_mismatch": lambda facts, node: (
        f"must match {facts['pattern']}, not {show(node)}"
    ),
    "too_short": lambda facts, node: (
        "must not be empty"
        if facts["min_length"] == 1
        else f"must have at least {_count(facts['min_length'], 'entry', 'entries')}"
    ),
    "too_long": lambda facts, node: (
        f"must have at most {_count(facts['max_length'], 'entry', 'entries')}"
    ),
    "finite_number": lambda facts, node: f"must be a finite number, not {show(node)}",
}
