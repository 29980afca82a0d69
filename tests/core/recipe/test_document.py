from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ballyhoo.core.recipe.document import Node, Place, dotted
from ballyhoo.core.recipe.findings import Findings
from ballyhoo.core.recipe.yaml_reader import read_yaml

quick = settings(derandomize=True, deadline=None, max_examples=60)
WORDS = st.sampled_from(["a", "b", "long", "deliver", "x y"])
TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text("abc: ", max_size=5),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(WORDS, below, max_size=3),
    max_leaves=12,
)


def read(tree: Any) -> Node:
    findings = Findings("x.yaml")
    node = read_yaml(json.dumps(tree, indent=1).encode(), findings)
    assert not findings
    assert node is not None
    return node


@given(tree=TREES)
@quick
def test_what_was_written_is_read(tree: Any) -> None:
    assert read(tree).plain() == tree


@given(tree=TREES)
@quick
def test_following_a_nodes_path_leads_to_it(tree: Any) -> None:
    root = read(tree)
    for node in root.walk():
        assert root.follow(node.path) == (node, [])


@given(tree=TREES)
@quick
def test_following_what_is_not_there_stops_before_it(tree: Any) -> None:
    root = read(tree)
    for node in root.walk():
        rest = ["not there", 7]
        assert root.follow([*node.path, *rest]) == (node, rest)


@given(tree=TREES)
@quick
def test_nodes_stand_where_their_text_does(tree: Any) -> None:
    lines = json.dumps(tree, indent=1).split("\n")
    for node in read(tree).walk():
        here = lines[node.place.line - 1][node.place.column - 1 :]
        assert here.startswith(json.dumps(node.plain())[:1])
        for key, place in node.key_places.items():
            assert lines[place.line - 1][place.column - 1 :].startswith(json.dumps(key))


def test_selecting_keys_keeps_their_places_and_no_others() -> None:
    root = read({"a": 1, "b": 2, "c": 3})
    selected = root.select(["a", "c", "d"])
    assert selected.plain() == {"a": 1, "c": 3}
    assert selected.key_places == {"a": root.key_places["a"], "c": root.key_places["c"]}


def test_a_place_before_another_is_smaller() -> None:
    assert Place(2, 9) < Place(3, 1) < Place(3, 2)


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ((), ""),
        (("generate", "offer", 1, "code"), "generate.offer[1].code"),
        ((0, "a"), "[0].a"),
        (("k" * 100,), "k" * 57 + "..."),
    ],
)
def test_a_path_is_dotted(path: tuple[str | int, ...], shown: str) -> None:
    assert dotted(path) == shown
