from __future__ import annotations

import string

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ballyhoo.core.spelling import MOST_NAMES_LISTED, nearest_name, suggest_name

quick = settings(derandomize=True, deadline=None, max_examples=100)
KNOWN = ["segment", "recommend", "generate", "experiment", "review", "deliver", "policy", "per"]


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("segmnet", "segment"),
        ("polcy", "policy"),
        ("policyy", "policy"),
        ("pelicy", "policy"),
        ("delivery", "deliver"),
        ("GENERATE", "generate"),
        ("reccomendation", "recommend"),
        ("pre", "per"),
        ("pr", "per"),
        ("schedule", None),
        ("", None),
        ("x" * 81, None),
    ],
)
def test_the_nearest_name_is_found(wrong: str, right: str | None) -> None:
    assert nearest_name(wrong, KNOWN) == right


@given(
    name=st.sampled_from(KNOWN),
    at=st.integers(0, 20),
    letter=st.sampled_from(string.ascii_lowercase),
    edit=st.sampled_from(["insert", "delete", "replace", "swap"]),
)
@quick
def test_one_slip_leads_back_to_the_name(name: str, at: int, letter: str, edit: str) -> None:
    at %= len(name)
    wrong = {
        "insert": name[:at] + letter + name[at:],
        "delete": name[:at] + name[at + 1 :],
        "replace": name[:at] + letter + name[at + 1 :],
        "swap": name[:at] + name[at : at + 2][::-1] + name[at + 2 :],
    }[edit]
    assert nearest_name(wrong, KNOWN) == name


def test_one_slip_is_nearer_than_a_name_that_shares_more_letters_in_a_row() -> None:
    assert nearest_name("cpa", ["cpaxy", "cap"]) == "cap"


def test_of_two_names_one_slip_away_the_one_with_more_in_common_is_taken() -> None:
    assert nearest_name("clicks", ["click", "clickss"]) == "clickss"


@given(wrong=st.text(max_size=12), known=st.lists(st.text(min_size=1, max_size=12), max_size=8))
@quick
def test_what_is_suggested_is_known(wrong: str, known: list[str]) -> None:
    near = nearest_name(wrong, known)
    assert near is None or near in known


@given(known=st.lists(st.text(string.ascii_lowercase, min_size=4, max_size=9), unique=True))
@quick
def test_a_known_name_is_its_own_nearest_whatever_its_case(known: list[str]) -> None:
    assume(known)
    for name in known:
        assert nearest_name(name.upper(), known) == name


def test_a_name_like_no_other_gets_the_list_of_names_in_its_order() -> None:
    assert suggest_name("zzz", ["b", "a"]) == "known: b, a"


def test_a_long_list_of_names_is_cut() -> None:
    names = [f"name{number:02}" for number in range(MOST_NAMES_LISTED + 3)]
    assert suggest_name("zzz", names).endswith("name11 and 3 more")


def test_where_nothing_is_known_nothing_is_suggested() -> None:
    assert suggest_name("zzz", []) == ""


def test_short_names_are_not_taken_for_each_other() -> None:
    assert suggest_name("c", ["a", "b"]) == "known: a, b"
