"""Whatever stands in a file, the answer is a campaign or mistakes that stand in that file."""

from __future__ import annotations

import copy
import json
import re
import string
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from ballyhoo.core.campaign import CheckedRecipe
from ballyhoo.core.recipe.models import BLOCKS, STAGE_BLOCKS, Recipe

GOOD = (Path(__file__).parent / "good/spring_trail.yaml").read_text()
PLAIN: dict[str, Any] = YAML(typ="safe", pure=True).load(GOOD)
PLAIN["generate"]["offer"]["ends"] = "2026-04-30"
NO_KEYS_OF_OURS = {"subject", "preheader", "body", "warm", "terse", "copy_guard"}

quick = settings(
    derandomize=True,
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def assert_sound(checked: CheckedRecipe, content: bytes) -> None:
    """Assert that there is a campaign or mistakes, each once, in order and inside the file."""
    assert (checked.campaign is None) == bool(checked.mistakes)
    assert list(checked.mistakes) == sorted(set(checked.mistakes))
    text = content.decode("utf-8-sig", "replace")
    lines = re.split(r"\r\n|\r|\n", text)
    for mistake in checked.mistakes:
        assert 1 <= mistake.line <= len(lines), mistake
        assert 1 <= mistake.column <= len(lines[mistake.line - 1]) + 1, mistake
        assert "\n" not in str(mistake), mistake
        assert mistake.message.strip(), mistake


@given(content=st.binary(max_size=300))
@quick
def test_any_bytes_are_answered(check, content: bytes) -> None:
    assert_sound(check(content), content)


SIGNS = "{}[]:,-?!&*|>'\"%@`#\\\t\n\r ~<=\x00\x85\u2028\ufeff\ud7ff两"
YAML_WORDS = """\
&a |*a |!t |<<: |? |- |: |'|"\\x0|---|...|true|null|2026-02-30|1e999|campaign: x|segment: |
deliver: |plugin: |{first_name}|{{x}}|5%|30d"""
YAML_PIECES = st.sampled_from([*SIGNS, *YAML_WORDS.split("|"), "|-\n", ">+2\n", "\n  ", "\n- "])


@given(pieces=st.lists(YAML_PIECES, max_size=40))
@quick
def test_any_scraps_of_yaml_are_answered(check, pieces: list[str]) -> None:
    content = "".join(pieces).encode()
    assert_sound(check(content), content)


@given(
    at=st.integers(0, len(GOOD)),
    cut=st.integers(0, 12),
    pieces=st.lists(YAML_PIECES, max_size=3),
)
@quick
def test_a_good_recipe_with_scraps_in_it_is_answered(
    check, at: int, cut: int, pieces: list[str]
) -> None:
    content = (GOOD[:at] + "".join(pieces) + GOOD[at + cut :]).encode()
    assert_sound(check(content), content)


KNOWN_KEYS = sorted(
    {*Recipe.model_fields, "plugin", "customers", "where", "on", "steps", "template", "from"}
    | {key for block in [*BLOCKS.values(), *STAGE_BLOCKS.values()] for key in block.model_fields}
    | {"sql_segment", "copy_guard", "tone", "top", "filters", "only", "window", "weights", "per"}
)
PLAUSIBLE = """\
sql_segment list_segment shop_ranker llm_copy email_channel outbox push_channel 5% 30d 600/min
never 21:00-08:00 {first_name|you} 2026-04-30 2026-02-30 thompson click vips.csv spring.html.j2"""
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(PLAUSIBLE.split())
)
KEYS = sorted(
    {*Recipe.model_fields, "plugin", "customers", "where", "on", "steps", "template", "from"}
    | {key for block in [*BLOCKS.values(), *STAGE_BLOCKS.values()] for key in block.model_fields}
    | {"sql_segment", "copy_guard", "tone", "top", "filters", "only", "window", "weights", "per"}
)
PLAUSIBLE = """\
sql_segment list_segment shop_ranker llm_copy email_channel outbox push_channel 5% 30d 600/min
never 21:00-08:00 {first_name|you} 2026-04-30 2026-02-30 thompson click vips.csv spring.html.j2"""
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(
        ["sql_segment", "list_segment", "shop_ranker", "llm_copy", "email_channel", "outbox"]
        + ["push_channel", "5%", "30d", "600/min", "never", "{first_name|you}", "2026-04-30"]
    )
)
KEYS = st.sampled_from(KNOWN_KEYS) | st.text(max_size=6)
VALUES = st.recursive(
    SCALARS,
    lambda below: st.lists(below, max_size=4) | st.dictionaries(KEYS, below, max_size=5),
    max_leaves=25,
)


@given(
    tree=st.dictionaries(st.sampled_from(sorted(Recipe.model_fields)) | KEYS, VALUES, max_size=8)
)
@quick
def test_any_structure_is_answered(check, tree: dict[str, Any]) -> None:
    content = json.dumps(tree, ensure_ascii=True, indent=1).encode()
    assert_sound(check(content), content)


def paths_of(tree: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    below = (
        tree.items()
        if isinstance(tree, dict)
        else enumerate(tree)
        if isinstance(tree, list)
        else ()
    )
    return [one for key, value in below for one in [(*path, key), *paths_of(value, (*path, key))]]


PATHS = paths_of(PLAIN)


@given(
    changes=st.lists(
        st.tuples(
            st.sampled_from(PATHS),
            st.sampled_from(["drop", "rename", "retype", "move", "null"]),
            st.sampled_from(PATHS),
            KEYS,
            VALUES,
        ),
        min_size=1,
        max_size=3,
    )
)
@quick
def test_a_good_recipe_with_other_keys_or_values_is_answered(check, changes: list[Any]) -> None:
    tree = copy.deepcopy(PLAIN)
    for path, change, other, key, value in changes:
        owner = follow(tree, path[:-1])
        if not isinstance(owner, dict) or path[-1] not in owner:
            continue
        if change == "drop":
            del owner[path[-1]]
        elif change == "rename":
            owner[key] = owner.pop(path[-1])
        elif change == "move":
            target = follow(tree, other[:-1])
            if isinstance(target, dict):
                target[path[-1]] = copy.deepcopy(owner[path[-1]])
                owner.pop(path[-1], None)
        else:
            owner[path[-1]] = None if change == "null" else value
    content = json.dumps(tree, indent=1).encode()
    assert_sound(check(content), content)


def follow(tree: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        try:
            tree = tree[key]
        except (KeyError, IndexError, TypeError):
            return None
    return tree


@given(line=st.integers(0, GOOD.count("\n") - 1), again=st.integers(0, GOOD.count("\n") - 1))
@quick
def test_a_good_recipe_with_a_line_twice_is_answered(check, line: int, again: int) -> None:
    lines = GOOD.splitlines(keepends=True)
    lines.insert(again, lines[line])
    content = "".join(lines).encode()
    assert_sound(check(content), content)


OCCURRENCES = [
    found
    for found in re.finditer(r"(?<=[{,\n ])[a-z_]+(?=:\s)", GOOD)
    if found[0] not in NO_KEYS_OF_OURS
]
WORDS = {found[0] for found in OCCURRENCES} | set(KNOWN_KEYS)


@given(
    found=st.sampled_from(OCCURRENCES),
    edit=st.sampled_from(["insert", "delete", "replace", "swap"]),
    at=st.integers(0, 30),
    letter=st.sampled_from(string.ascii_lowercase),
)
@settings(quick, max_examples=250)
def test_a_key_with_one_slip_is_told_at_its_place_and_nothing_else_is(
    check, found: re.Match[str], edit: str, at: int, letter: str
) -> None:
    right = found[0]
    at = at % len(right)
    wrong = {
        "insert": right[:at] + letter + right[at:],
        "delete": right[:at] + right[at + 1 :],
        "replace": right[:at] + letter + right[at + 1 :],
        "swap": right[:at] + right[at : at + 2][::-1] + right[at + 2 :],
    }[edit]
    # A slip that makes another word is not told from that word.
    assume(wrong not in WORDS and len(wrong) > 1)
    assume(not any(other != right and is_near(wrong, other) for other in WORDS))
    before = GOOD[: found.start()]
    place = f"recipe.yaml:{before.count(chr(10)) + 1}:{found.start() - before.rfind(chr(10))}"
    mistakes = check(before + wrong + GOOD[found.end() :]).mistakes
    assert [mistake.message for mistake in mistakes] == [
        f"unknown key '{wrong}'; did you mean '{right}'?"
    ]
    assert str(mistakes[0]).startswith(f"{place}: ")


def is_near(one: str, other: str) -> bool:
    """Whether two words are one insertion, deletion, replacement or swap apart."""
    if abs(len(one) - len(other)) > 1:
        return False
    slips = {other[:at] + other[at + 1 :] for at in range(len(other))}
    return (
        one in slips
        or other in {one[:at] + one[at + 1 :] for at in range(len(one))}
        or (len(one) == len(other) and sum(a != b for a, b in zip(one, other, strict=True)) <= 1)
        or one
        in {other[:at] + other[at : at + 2][::-1] + other[at + 2 :] for at in range(len(other))}
    )
