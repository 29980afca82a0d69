from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ballyhoo.core.quoting import MOST_CHARS_SHOWN, shorten


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("as it is", "as it is"),
        ("两两", "两两"),
        ("a\nb", "a\\nb"),
        ("a\u200bb\u202e", "a<U+200B>b<U+202E>"),
        ("x" * 60, "x" * 60),
        ("x" * 61, "x" * 57 + "..."),
    ],
)
def test_a_text_is_shown_on_one_line_and_not_too_long(text: str, shown: str) -> None:
    assert shorten(text) == shown


@given(text=st.text(max_size=200))
@settings(derandomize=True, deadline=None, max_examples=100)
def test_what_is_shown_is_printable_and_bounded(text: str) -> None:
    shown = shorten(text)
    assert shown.isprintable()
    assert len(shown) <= MOST_CHARS_SHOWN * len("<U+10FFFF>")
