from __future__ import annotations

from typing import Any

import pytest

from ballyhoo.core.recipe.document import Node, Place
from ballyhoo.core.recipe.findings import Findings
from ballyhoo.core.recipe.yaml_reader import MAX_BYTES, MAX_DEPTH, read_yaml


def read(text: str) -> Node:
    findings = Findings("x.yaml")
    node = read_yaml(text.encode(), findings)
    assert findings.sorted() == ()
    assert node is not None
    return node


def refuse(text: str) -> list[str]:
    findings = Findings("x.yaml")
    read_yaml(text.encode(), findings)
    return [str(mistake).removeprefix("x.yaml:") for mistake in findings.sorted()]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("-12", -12),
        ("1_000", 1000),
        ("0x1F", 31),
        ("0o17", 15),
        ("010", 10),
        ("1.50", 1.5),
        ("-1e3", -1000.0),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("yes", "yes"),
        ("on", "on"),
        ("21:00", "21:00"),
        ("2026-04-30", "2026-04-30"),
        ("2026-04-30 09:00:00", "2026-04-30 09:00:00"),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ("1e999", "1e999"),
        ("-_", "-_"),
        ("0o_", "0o_"),
        ("9" * 301, "9" * 301),
        ("'12'", "12"),
        ('"a\\u00e9"', "aé"),
        ('"\\ud83d\\ude00"', "\N{GRINNING FACE}"),
        ("|\n  a\n  b\n", "a\nb\n"),
        (">-\n  a\n  b\n", "a b"),
    ],
)
def test_a_scalar_is_what_it_looks_like(text: str, value: Any) -> None:
    node = read(f"key: {text}").mapping["key"]
    assert node.value == value
    assert type(node.value) is type(value)


def test_an_empty_value_stands_at_its_key() -> None:
    assert read("a: 1\nb:\nc: 2").mapping["b"].place == Place(2, 1)


def test_columns_count_characters_whatever_their_width() -> None:
    node = read('{"两两": 1, "🏔️": 2, c: 3}')
    assert [place.column for place in node.key_places.values()] == [2, 11, 20]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_as_editors_do(line_end: str) -> None:
    text = f'a: "x\u2028y"{line_end}b: "x\x85y"{line_end}c: 3'
    assert [place.line for place in read(text).key_places.values()] == [1, 2, 3]


def test_a_byte_order_mark_takes_no_column() -> None:
    assert read("\ufeffa: 1").key_places == {"a": Place(1, 1)}


def test_every_alias_anchor_and_tag_is_told_and_not_only_the_first() -> None:
    assert [line.split(", which")[0] for line in refuse("a: &x 1\nb: *x\nc: !!str 2\nd: *y\n")] == [
        "1:4: a: '&x' is an anchor",
        "2:4: b: '*x' is an alias",
        "3:4: c: a '!' begins a tag",
        "4:4: d: '*y' is an alias",
    ]


def test_a_bomb_of_aliases_is_not_unfolded() -> None:
    text = "a: &a [x, x]\n" + "".join(
        f"{chr(98 + depth)}: &{chr(98 + depth)} [*{chr(97 + depth)}, *{chr(97 + depth)}]\n"
        for depth in range(20)
    )
    assert len(refuse(text)) == 61


def test_a_duplicate_in_each_of_two_blocks_is_told_twice() -> None:
    assert refuse("a: {x: 1, x: 2}\nb: {y: 1, y: 2, y: 3}\n") == [
        "1:11: a.x: the key stands twice; first in line 1",
        "2:11: b.y: the key stands twice; first in line 2",
        "2:17: b.y: the key stands twice; first in line 2",
    ]


def test_the_deepest_allowed_nesting_is_read() -> None:
    depth = MAX_DEPTH - 1
    assert read("[" * depth + "1" + "]" * depth)
    assert refuse("[" * MAX_DEPTH + "1" + "]" * MAX_DEPTH) == ["1:51: nested deeper than 50 levels"]


def test_the_greatest_allowed_file_is_read() -> None:
    assert read("a: 1 #" + "x" * (MAX_BYTES - 6))


def test_yaml_1_2_may_be_said() -> None:
    assert read("%YAML 1.2\n---\na: yes\n").plain() == {"a": "yes"}


def test_a_directive_is_told_at_its_line() -> None:
    assert refuse("# 5%\n%YAML 1.1\n---\na: yes\n") == [
        "2:1: a line that begins with '%' is not allowed here"
    ]
