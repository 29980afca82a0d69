from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Annotated, Any, Literal, get_args
from uuid import UUID

import pytest
from pydantic import (
    AnyUrl,
    AwareDatetime,
    FutureDate,
    HttpUrl,
    NaiveDatetime,
    PastDate,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)
from pydantic_core import PydanticKnownError
from pydantic_core.core_schema import ErrorType

from ballyhoo.core.recipe.document import Node, Place
from ballyhoo.core.recipe.wording import refuse_kind, show, unknown_key, word_error, word_kinds

JARGON = re.compile(r"\binput|should|\bvalid|validat|instance|\bstr\b|\bdict|\bnone\b", re.I)


def node(value: Any, raw: str = "") -> Node:
    return Node(value=value, place=Place(1, 1), raw=raw)


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        (str, 5, 'must be text, not 5; write "5" in quotes'),
        (int, "x", "must be a whole number, not 'x'"),
        (int, "12", "must be a whole number, not '12'; write 12 without quotes"),
        (float, "1.5", "must be a number, not '1.5'; write 1.5 without quotes"),
        (bool, "Yes", "must be true or false, not 'Yes'; write true"),
        (bool, "off", "must be true or false, not 'off'; write false"),
        (bool, "true", "must be true or false, not 'true'; write true without quotes"),
        (list[str], "shoes", "must be a list, not 'shoes'; write [shoes]"),
        (list[str], "a, b", "must be a list, not 'a, b'"),
        (int, 2.5, "must be a whole number, not 2.5"),
        (float, "x", "must be a number, not 'x'"),
        (Decimal, "x", "must be a number, not 'x'"),
        (Fraction, "x", "must be a number, not 'x'"),
        (bool, "x", "must be true or false, not 'x'"),
        (list[int], 1, "must be a list, not 1"),
        (set[int], 1, "must be a list, not 1"),
        (tuple[int, ...], 1, "must be a list, not 1"),
        (dict[str, int], "x", "must be a mapping (key: value), not 'x'"),
        (date, "x", "must be a date such as 2026-04-30, not 'x'"),
        (date, "2026-02-30", "there is no day '2026-02-30' in the calendar"),
        (date, "2026-13-01", "there is no day '2026-13-01' in the calendar"),
        (date, "2026-2-3", "must be a date such as 2026-04-30, not '2026-2-3'"),
        (PastDate, "9999-01-01", "must be a day in the past, not '9999-01-01'"),
        (FutureDate, "1999-01-01", "must be a day in the future, not '1999-01-01'"),
        (datetime, "x", "must be a moment such as 2026-04-30T09:00:00+02:00, not 'x'"),
        (
            AwareDatetime,
            "2026-04-30T09:00:00",
            "must be a moment such as 2026-04-30T09:00:00+02:00, not '2026-04-30T09:00:00'",
        ),
        (
            NaiveDatetime,
            "2026-04-30T09:00:00Z",
            "must be a moment without an offset, such as 2026-04-30T09:00:00, "
            "not '2026-04-30T09:00:00Z'",
        ),
        (time, "x", "must be a time of day such as \"09:00\", not 'x'"),
        (
            timedelta,
            "x",
            "must be a duration such as PT30M (30 minutes) or P2D (2 days), not 'x'",
        ),
        (UUID, "x", "must be an id such as 8f2c1f6e-2f4b-4a57-9a5e-0c4b1d2e3f40, not 'x'"),
        (AnyUrl, "x", "must be a web address such as https://example.com, not 'x'"),
        (
            HttpUrl,
            "ftp://x.example",
            "must be a web address that begins with 'http' or 'https', not 'ftp://x.example'",
        ),
        (Literal["a", "b"], "c", "must be 'a' or 'b', not 'c'"),
        (Literal["clicks", "opens"], "click", "must be 'clicks' or 'opens', not 'click'; "
                                              "did you mean 'clicks'?"),
        (Literal[1, 2], 3, "must be 1 or 2, not 3"),
        (Colour, "rde", "must be 'red' or 'blue', not 'rde'; did you mean 'red'?"),
        (Colour, ["red"], "must be 'red' or 'blue', not a list"),
    ],
)  # fmt: skip
def test_a_value_of_the_wrong_kind_is_put_in_words(kind: Any, value: Any, said: str) -> None:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(kind).validate_python(value, strict=kind in (int, float, bool))
    error = caught.value.errors()[0]
    assert word_error(dict(error), node(value, str(value))) == said


@pytest.mark.parametrize(
    ("constraint", "value", "said"),
    [
        ({"min_length": 1}, "", "must not be empty"),
        ({"min_length": 3}, "ab", "must have at least 3 characters"),
        ({"max_length": 1}, "ab", "has 2 characters; at most 1"),
        ({"pattern": "^[a-z]+$"}, "A1", "must have the form ^[a-z]+$, not 'A1'"),
    ],
)
def test_a_text_beyond_its_bounds_is_put_in_words(constraint: Any, value: str, said: str) -> None:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(Annotated[str, StringConstraints(**constraint)]).validate_python(value)
    assert word_error(dict(caught.value.errors()[0]), node(value)) == said


FACTS = {
    "gt": 1, "ge": 1.5, "lt": 1, "le": 1, "multiple_of": 2, "min_length": 2, "max_length": 1,
    "actual_length": 3, "field_type": "List", "pattern": "^a$", "expected": "'a' or 'b'",
    "error": "something", "class": "Thing", "class_name": "Thing", "max_digits": 2,
    "decimal_places": 2, "whole_digits": 2, "expected_schemes": "'https'", "expected_version": 4,
    "discriminator": "'kind'", "tag": "x", "expected_tags": "'a', 'b'", "attribute": "x",
    "method_name": "x", "encoding": "utf-8", "encoding_error": "x", "max_depth": 3,
    "tz_expected": 0, "tz_actual": 60, "mapping_type": "x",
}  # fmt: skip
OF_PYTHON_ALONE = {"value_error", "assertion_error"}


@pytest.mark.parametrize("kind", sorted(set(get_args(ErrorType)) - OF_PYTHON_ALONE))
def test_no_error_of_the_validator_shows_in_its_own_words(kind: str) -> None:
    error = {"type": kind, "ctx": FACTS, "loc": ("x",), "msg": make_message(kind)}
    said = word_error(error, node("x", "x"))
    assert JARGON.search(said) is None, said
    assert said
    assert said[0].islower() or said[0] == "'"


def make_message(kind: str) -> str:
    """Return what pydantic itself says for a kind of error."""
    try:
        return PydanticKnownError(kind).message()
    except TypeError:
        return PydanticKnownError(kind, FACTS).message()


def test_errors_of_other_packages_lose_their_first_words() -> None:
    error = {"type": "ip_v4_address", "msg": "Input is not a valid IPv4 address", "loc": ()}
    assert word_error(error, node("x")) == "is not a valid IPv4 address"
    error = {"type": "color_error", "msg": "value should be a colour", "loc": ()}
    assert word_error(error, node("x")) == "must be a colour"


def test_several_kinds_that_would_do_are_joined() -> None:
    errors = [{"type": "string_type"}, {"type": "list_type"}, {"type": "int_type"}]
    assert word_kinds(errors, node(True, "yes")) == (
        "must be text, a list or a whole number, not yes"
    )


def test_words_of_a_plugin_are_left_as_they_are() -> None:
    error = {"type": "value_error", "msg": "Value error, Give one", "loc": ()}
    assert word_error(error, node("x")) == "Give one"


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (node({}), "a mapping"),
        (node([]), "a list"),
        (node(None), "nothing"),
        (node("a b"), "'a b'"),
        (node("a\nb"), "'a\\nb'"),
        (node("x" * 100), "'" + "x" * 57 + "...'"),
        (node("a\u202eb"), "'a<U+202E>b'"),
        (node(1000.0, "1e3"), "1e3"),
        (node(True, "TRUE"), "TRUE"),
        (node(3), "3"),
    ],
)
def test_a_value_is_shown_as_it_was_written(shown: Node, said: str) -> None:
    assert show(shown) == said


def test_a_text_that_yaml_took_for_a_slot_is_told_to_be_quoted() -> None:
    slot = node({"first_name": node(None)}, "{first_name}")
    assert refuse_kind("text", slot) == (
        "must be text, not a mapping; a text that begins with '{' needs quotes"
    )
    assert refuse_kind("text", node({"a": node(1)})) == "must be text, not a mapping"


def test_an_unknown_key_where_none_is_known_says_so() -> None:
    assert unknown_key("voice", []) == "unknown key 'voice'; it takes none"
