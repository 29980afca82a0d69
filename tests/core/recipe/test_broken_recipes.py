"""Each file of broken/ is a recipe that somebody got wrong, and ends with what must be said.

The block `# expected:` holds one `# LINE:COLUMN: path: message` for each mistake, in order.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ballyhoo.core.recipe.yaml_reader import MAX_BYTES

BROKEN = sorted((Path(__file__).parent / "broken").glob("*.yaml"))
JARGON = re.compile(
    r"pydantic|input should|valid\b|validation|traceback|exception|\bstr\b|\bdict\b|\bbool\b|"
    r"\bNone\b|instance|schema|json|model_|ruamel|token|block end|scalar",
    re.IGNORECASE,
)


def expected_lines(content: bytes) -> list[str]:
    _, found, block = content.rpartition(b"# expected:")
    assert found, "the file does not say what is expected"
    lines = block.decode().replace("\r", "").strip().split("\n")
    return [line.removeprefix("# ") for line in lines]


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_a_broken_recipe_gets_exactly_these_mistakes(path: Path, check) -> None:
    content = path.read_bytes()
    checked = check(content)
    assert checked.campaign is None
    shown = [str(mistake).removeprefix("recipe.yaml:") for mistake in checked.mistakes]
    assert shown == expected_lines(content)


def test_there_are_many_of_them() -> None:
    assert len(BROKEN) >= 150


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_a_message_speaks_to_somebody_who_writes_recipes(path: Path, check) -> None:
    for mistake in check(path.read_bytes()).mistakes:
        # What stands in quotes is the recipe's own.
        said = re.sub(r"'[^']*'", "''", mistake.message)
        assert JARGON.search(said) is None, mistake
        assert len(mistake.message) < 250, mistake
        assert "\n" not in str(mistake), mistake


def test_only_what_is_not_there_is_called_missing(check) -> None:
    named = {
        path.stem for path in BROKEN if any(m.missing for m in check(path.read_bytes()).mistakes)
    }
    assert named == {
        "default_plugin_not_installed",
        "plugin_that_failed_to_load",
        "reviewer_that_failed_to_load",
    }


def test_an_empty_file_is_told_how_a_recipe_begins(check) -> None:
    (mistake,) = check(b"").mistakes
    assert str(mistake) == (
        "recipe.yaml:1:1: the file is empty; a recipe begins with 'campaign: NAME'"
    )


def test_a_file_over_256_kb_is_refused_unread(check) -> None:
    (mistake,) = check(b"[" * (MAX_BYTES + 1)).mistakes
    assert str(mistake) == (
        "recipe.yaml:1:1: the file has 262,145 bytes; a recipe has at most 262,144"
    )


def test_a_file_of_utf16_is_told_to_be_saved_as_utf8(check) -> None:
    (mistake,) = check("campaign: may".encode("utf-16")).mistakes
    assert str(mistake) == "recipe.yaml:1:1: the file is UTF-16; save it as UTF-8"


def test_more_values_than_anybody_writes_are_refused(check) -> None:
    (mistake,) = check("a: {" + "b," * 30_000 + "}").mistakes
    assert mistake.message == (
        "more than 40,000 keys and values; put a long list into a file of its own"
    )


def test_of_endless_mistakes_a_thousand_are_told(check) -> None:
    mistakes = check("".join(f"key{number}: 1\n" for number in range(1_200))).mistakes
    assert len(mistakes) == 1_001
    assert mistakes[0].message.startswith("unknown key 'key0'")
    assert mistakes[-1].message == ("there are more mistakes than these 1,000; mend these first")
    assert mistakes[-1].path == ""
