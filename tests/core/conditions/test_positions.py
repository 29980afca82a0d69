from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ballyhoo.core.conditions.positions import locate
from ballyhoo.core.recipe.findings import Findings
from ballyhoo.core.recipe.yaml_reader import read_yaml


def places(text: str, words: list[str]) -> list[tuple[int, int]]:
    findings = Findings("a.yaml")
    root = read_yaml(text.encode(), findings)
    assert root is not None, findings.sorted()
    node = root.mapping["where"]
    found = [locate(node, str(node.value).index(word)) for word in words]
    return [(place.line, place.column) for place in found]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("where: aa = 1 AND bb = 2\n", [(1, 8), (1, 19)]),
        ("where: aa = 1\n  AND bb = 2\n", [(1, 8), (2, 7)]),
        ("where: >\n  aa = 1\n  AND bb = 2\n", [(2, 3), (3, 7)]),
        ("where: >-\n\n   aa = 1\n\n\n   AND\n     bb = 2\n", [(3, 4), (7, 6)]),
        ("where: |\n  aa = 1\n  AND bb = 2\n", [(2, 3), (3, 7)]),
        ("where: |2+ # why\n    aa = 1\n  AND bb = 2\n", [(2, 5), (3, 7)]),
        ("where: 'aa = ''x'' AND\n  bb = 2'\n", [(1, 9), (2, 3)]),
        ("where: \"aa = 'x' AND\n  bb = 2\"\n", [(1, 9), (2, 3)]),
        ("where: \"aa = '\\u00e9\\n' AND bb = 2\"\n", [(1, 9), (1, 29)]),
        ('where: "aa \\\n   = 1 AND bb"\n', [(1, 9), (2, 12)]),
        ("where: >\r\n  aa = 1\r\n  AND bb = 2\r\n", [(2, 3), (3, 7)]),
        ("where: >\n  aa = 'äöü😀' AND bb\n", [(2, 3), (2, 19)]),
    ],
)
def test_a_character_is_found_in_every_style_of_yaml(
    text: str, wanted: list[tuple[int, int]]
) -> None:
    assert places(text, ["aa", "bb"]) == wanted


WORDS = st.lists(st.sampled_from(["a", "bc", "'x'", "d=1", "(", "é"]), min_size=1, max_size=12)
GAPS = st.sampled_from(["", "\n    ", "\n\n    "])


@settings(max_examples=200, deadline=None)
@given(WORDS, GAPS, st.sampled_from([">", "|", "plain"]))
def test_the_character_at_the_place_is_the_one_that_was_asked_for(
    words: list[str], gap: str, style: str
) -> None:
    body = (gap or " ").join(words)
    text = f"where: x {body}\n" if style == "plain" else f"where: {style}\n    {body}\n"
    findings = Findings("a.yaml")
    root = read_yaml(text.encode(), findings)
    assert root is not None
    node = root.mapping["where"]
    lines = text.split("\n")
    for offset, character in enumerate(str(node.value)):
        if not character.isspace():
            place = locate(node, offset)
            assert lines[place.line - 1][place.column - 1] == character
