from __future__ import annotations

from typing import Any

import pytest

from ballyhoo.core.recipe_tests.comparing import compare_text
from ballyhoo.core.recipe_tests.models import TextBlock

CAME = "Dear Ada,\n\ncome and look."


@pytest.mark.parametrize(
    "expected",
    [
        "Dear Ada, come and look.",
        "Dear Ada,\ncome  and look.\n",
        TextBlock(contains="Ada, come"),
        TextBlock(contains=["Dear", "look."]),
        TextBlock(lacks=["Bob", "{"]),
        TextBlock(matches=r"^Dear \w+,$|look"),
        TextBlock(equals="Dear Ada, come and look.", lacks="Bob"),
    ],
)
def test_white_space_makes_no_difference(expected: Any) -> None:
    assert compare_text("body", expected, CAME) == []


def test_two_texts_are_shown_with_a_mark_where_they_begin_to_differ() -> None:
    [said] = compare_text("body", "Dear Adam, come and look.", CAME)
    assert said == (
        "body is another one\n"
        "  expected: Dear Adam, come and look.\n"
        "  came:     Dear Ada, come and look.\n"
        "                    ^"
    )


def test_of_long_texts_the_part_is_shown_that_differs() -> None:
    long = "word " * 100
    [said] = compare_text("body", f"{long}here", f"{long}there")
    lines = said.splitlines()
    assert max(map(len, lines)) < 220
    assert lines[1].endswith("here")
    assert lines[2].endswith("there")
    assert lines[2][lines[3].index("^")] == "t"


def test_what_is_missing_is_shown_with_what_is_nearest_to_it() -> None:
    assert compare_text("body", TextBlock(contains="come and luck"), CAME) == [
        "body should have 'come and luck' in it\n  nearest: come and look."
    ]
    assert compare_text("body", TextBlock(contains="Goodbye"), CAME) == [
        "body should have 'Goodbye' in it\n  came: Dear Ada, come and look."
    ]


def test_every_thing_that_is_asked_is_answered() -> None:
    asked = TextBlock(equals="Hello", contains=["Bob", "Ada"], lacks="Dear", matches=r"\d")
    assert len(compare_text("body", asked, CAME)) == 4


def test_a_field_that_is_not_there_is_said() -> None:
    assert compare_text("preheader", "Hello", None) == ["there is no preheader"]
