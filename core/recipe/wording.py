"""Puts pydantic's errors into the words of somebody who writes recipes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from ..quoting import shorten
from ..spelling import nearest_name, suggest_name
from .document import Node

MAPPING = "a mapping (key: value)"
_DATE = "a date such as 2026-04-30"
_MOMENT = "a moment such as 2026-04-30T09:00:00+02:00"

_KINDS = {
    "text": "string_type string_unicode string_sub_type bytes_type path_type",
    "plain text without accents": "string_not_ascii",
    "a whole number": "int_type int_parsing int_from_float int_parsing_size",
    "a number": (
        "float_type float_parsing decimal_type decimal_parsing fraction_type fraction_parsing "
        "complex_type complex_str_parsing"
    ),
    "true or false": "bool_type bool_parsing",
    "a list": (
        "list_type tuple_type set_type frozen_set_type deque_type iterable_type named_tuple_type"
    ),
    MAPPING: (
        "dict_type mapping_type model_type model_attributes_type dataclass_type "
        "dataclass_exact_type frozen_dict_type ordered_dict_type counter_type arguments_type"
    ),
    _DATE: "date_type date_parsing date_from_datetime_parsing date_from_datetime_inexact",
    _MOMENT: (
        "datetime_type datetime_parsing datetime_object_invalid datetime_from_date_parsing "
        "timezone_aware timezone_offset"
    ),
    "a moment without an offset, such as 2026-04-30T09:00:00": "timezone_naive",
    "a day in the past": "date_past",
    "a day in the future": "date_future",
    "a moment in the past": "datetime_past",
    "a moment in the future": "datetime_future",
    'a time of day such as "09:00"': "time_type time_parsing",
    "a duration such as PT30M (30 minutes) or P2D (2 days)": "time_delta_type time_delta_parsing",
    "a web address such as https://example.com": (
        "url_type url_parsing url_syntax_violation url_too_long"
    ),
    "an id such as 8f2c1f6e-2f4b-4a57-9a5e-0c4b1d2e3f40": "uuid_type uuid_parsing uuid_version",
    "left empty": "none_required",
}
_WANTED = {kind: wanted for wanted, kinds in _KINDS.items() for kind in kinds.split()}


def show(node: Node) -> str:
    """Return the value as it is quoted in a message."""
    value = node.value
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "nothing"
    if isinstance(value, str):
        return f"'{shorten(value)}'"
    return shorten(node.raw) if node.raw else str(value)


def unknown_key(key: str, known: Sequence[str]) -> str:
    """Say that a key does not exist, and which was meant."""
    hint = suggest_name(key, known)
    return f"unknown key '{shorten(key)}'; {hint or 'it takes none'}"


def refuse_kind(wanted: str, node: Node) -> str:
    """Say that a value is not of the kind that is wanted (`text`, `a list`)."""
    value = node.value
    if wanted == "text" and isinstance(value, int | float) and node.raw:
        return f'must be text, not {show(node)}; write "{shorten(node.raw)}" in quotes'
    if wanted == "text" and _is_slot(node):
        return "must be text, not a mapping; a text that begins with '{' needs quotes"
    if wanted == MAPPING and value is None:
        return "has no value; write {} when it needs no keys, or leave it out"
    if wanted == _DATE and isinstance(value, str) and _is_no_day(value):
        return f"there is no day '{shorten(value)}' in the calendar"
    return f"must be {wanted}, not {show(node)}"


def _is_slot(node: Node) -> bool:
    # YAML reads {first_name} without quotes as a mapping with a key and no value.
    return bool(node.mapping) and all(below.value is None for below in node.mapping.values())


def is_about_kind(kind: str) -> bool:
    """Whether an error of pydantic says no more than that the value is of the wrong kind."""
    return kind in _WANTED or kind in ("literal_error", "enum")


def word_error(error: dict[str, Any], node: Node) -> str:
    """Say what a pydantic error means.

    Args:
        error: One entry of `ValidationError.errors()`.
        node: The value it is about.

    Returns:
        What is wrong, and what was meant.
    """
    kind, facts = str(error["type"]), error.get("ctx", {})
    if kind in _WANTED:
        return refuse_kind(_WANTED[kind], node)
    worded = _WORDED.get(kind)
    if worded is not None:
        return worded(facts, node)
    message = str(error["msg"]).removeprefix("Value error, ").removeprefix("Assertion failed, ")
    if kind in ("ballyhoo", "value_error", "assertion_error"):
        return message
    said = re.sub(r"^Input should( be)?", r"must\1", message)
    return said[:1].lower() + said[1:]


def word_kinds(errors: Sequence[dict[str, Any]], node: Node) -> str:
    """Say that a value is of none of several kinds, each of which would do."""
    wanted = [
        _WANTED.get(str(error["type"])) or str(error.get("ctx", {}).get("expected", ""))
        for error in errors
    ]
    names = list(dict.fromkeys(name for name in wanted if name))
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
    return f"must be {listed}, not {show(node)}"


def _is_no_day(text: str) -> bool:
    found = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text, re.ASCII)
    if found is None:
        return False
    try:
        date(*(int(part) for part in found.groups()))
    except ValueError:
        return True
    return False


def _word_choice(facts: dict[str, Any], node: Node) -> str:
    listed = str(facts["expected"])
    said = f"must be {listed}, not {show(node)}"
    if not isinstance(node.value, str):
        return said
    near = nearest_name(node.value, re.findall(r"'([^']*)'", listed))
    return f"{said}; did you mean '{near}'?" if near is not None else said


def _word_tag(facts: dict[str, Any], node: Node) -> str:
    key = str(facts["discriminator"]).strip("'")
    if "tag" not in facts:
        return f"'{key}' is missing; it says which kind this is"
    return f"'{key}' must be one of {facts['expected_tags']}, not '{shorten(str(facts['tag']))}'"


def _bound(number: Any) -> str:
    return f"{number:.0f}" if isinstance(number, float) and number.is_integer() else f"{number}"


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _at_most(number: int, node: Node, one: str, many: str) -> str:
    has = len(node.value) if isinstance(node.value, str | list | dict) else 0
    return f"has {_count(has, one, many)}; at most {number:,}"


def _at_least(number: int, one: str, many: str) -> str:
    return "must not be empty" if number == 1 else f"must have at least {_count(number, one, many)}"


_CHARACTERS, _ENTRIES = ("character", "characters"), ("entry", "entries")
_WORDED: dict[str, Callable[[dict[str, Any], Node], str]] = {
    "literal_error": _word_choice,
    "enum": _word_choice,
    "union_tag_invalid": _word_tag,
    "union_tag_not_found": _word_tag,
    "greater_than": lambda facts, node: (
        f"must be more than {_bound(facts['gt'])}, not {show(node)}"
    ),
    "greater_than_equal": lambda facts, node: (
        f"must be at least {_bound(facts['ge'])}, not {show(node)}"
    ),
    "less_than": lambda facts, node: f"must be less than {_bound(facts['lt'])}, not {show(node)}",
    "less_than_equal": lambda facts, node: (
        f"must be at most {_bound(facts['le'])}, not {show(node)}"
    ),
    "multiple_of": lambda facts, node: (
        f"must be a multiple of {_bound(facts['multiple_of'])}, not {show(node)}"
    ),
    "decimal_max_digits": lambda facts, node: (
        f"must have at most {_count(facts['max_digits'], 'digit', 'digits')}, not {show(node)}"
    ),
    "decimal_max_places": lambda facts, node: (
        f"must have at most {_count(facts['decimal_places'], 'digit', 'digits')} after the "
        f"point, not {show(node)}"
    ),
    "decimal_whole_digits": lambda facts, node: (
        f"must have at most {_count(facts['whole_digits'], 'digit', 'digits')} before the "
        f"point, not {show(node)}"
    ),
    "string_too_short": lambda facts, node: _at_least(facts["min_length"], *_CHARACTERS),
    "string_too_long": lambda facts, node: _at_most(facts["max_length"], node, *_CHARACTERS),
    "bytes_too_short": lambda facts, node: _at_least(facts["min_length"], *_CHARACTERS),
    "bytes_too_long": lambda facts, node: _at_most(facts["max_length"], node, *_CHARACTERS),
    "string_pattern_mismatch": lambda facts, node: (
        f"must have the form {facts['pattern']}, not {show(node)}"
    ),
    "too_short": lambda facts, node: _at_least(facts["min_length"], *_ENTRIES),
    "too_long": lambda facts, node: _at_most(facts["max_length"], node, *_ENTRIES),
    "finite_number": lambda facts, node: f"must be a finite number, not {show(node)}",
    "url_scheme": lambda facts, node: (
        f"must be a web address that begins with {facts['expected_schemes']}, not {show(node)}"
    ),
    "recursion_loop": lambda facts, node: "contains itself",
}
