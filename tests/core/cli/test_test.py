from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

RECIPE = """\
campaign: trail
segment: {where: country = 'DE'}
deliver: {plugin: outbox, fields: {subject: Hello, body: Come and look.}}
"""
TESTS = """\
given:
  customers:
    - {key: ada, country: DE, email: ada@customers.example, consent_email: true}
tests:
  - name: she gets the letter
    expect: [{customer: ada, message: {subject: Hello}}]
  - name: she gets another one
    expect: [{customer: ada, message: {subject: Goodbye}}]
"""


@pytest.fixture
def shop(run: Run) -> Path:
    """A workspace with a recipe that is right, and two tests of which one fails."""
    run("init", "shop")
    for path in Path("shop/campaigns").glob("*.test.yaml"):
        path.unlink()
    Path("shop/campaigns/trail.yaml").write_text(RECIPE)
    Path("shop/campaigns/trail.test.yaml").write_text(TESTS)
    return Path("shop")


def test_results_are_shown_as_they_come(run: Run, shop: Path) -> None:
    answer = run("--workspace", "shop", "test", "shop/campaigns/trail.yaml")
    assert answer.code == 1
    assert answer.out == (
        "shop/campaigns/trail.test.yaml\n"
        "  passed  she gets the letter\n"
        "  FAILED  she gets another one\n"
        "    shop/campaigns/trail.test.yaml:8: ada got another message: subject is another one\n"
        "      expected: Goodbye\n"
        "      came:     Hello\n"
        "                ^\n"
        "      sent 2026-03-02T09:00:00+00:00\n"
        "      subject: Hello\n"
        "1 test passed, 1 failed\n"
    )
    assert answer.err == ""
    assert not (shop / "ballyhoo.db").exists()
    assert not (shop / "outbox").exists()


def test_json_has_every_failure_with_its_line(run: Run, shop: Path) -> None:
    answer = run("--workspace", "shop", "test", "shop/campaigns/trail.yaml", "--json")
    assert answer.code == 1
    said = json.loads(answer.out)
    assert said["ok"] is False
    assert [(one["name"], one["line"], one["ok"]) for one in said["tests"]] == [
        ("she gets the letter", 5, True),
        ("she gets another one", 7, False),
    ]
    assert {one["file"] for one in said["tests"]} == {"shop/campaigns/trail.test.yaml"}
    assert all(one["seconds"] > 0 for one in said["tests"])
    [failure] = said["tests"][1]["failures"]
    assert failure["line"] == 8
    assert failure["message"].startswith("ada got another message")


def test_some_tests_are_chosen_by_a_part_of_their_name(run: Run, shop: Path) -> None:
    answer = run("--workspace", "shop", "test", "shop/campaigns/trail.yaml", "-k", "THE letter")
    assert (answer.code, answer.out.splitlines()[-1]) == (0, "1 test passed")
    answer = run("--workspace", "shop", "test", "shop/campaigns/trail.yaml", "-k", "no such")
    assert answer.code == 2
    assert answer.err.startswith("Error: no test has 'no such' in its name\n")


def test_a_folder_stands_for_all_tests_in_it_and_each_file_is_taken_once(
    run: Run, shop: Path
) -> None:
    Path("shop/campaigns/fall.yaml").write_text(RECIPE.replace("trail", "fall"))
    passing = "".join(TESTS.partition("  - name: she gets another one")[:1])
    Path("shop/campaigns/fall.test.yaml").write_text(passing)
    answer = run(
        "--workspace",
        "shop",
        "test",
        "shop/campaigns",
        "shop/campaigns/fall.yaml",
        "shop/campaigns/fall.test.yaml",
    )
    assert answer.out.splitlines()[:2] == [
        "shop/campaigns/fall.test.yaml",
        "  passed  she gets the letter",
    ]
    assert answer.out.splitlines()[-1] == "2 tests passed, 1 failed"


def test_a_recipe_without_tests_is_bad_input(run: Run, shop: Path) -> None:
    answer = run("--workspace", "shop", "test", "shop/campaigns/hello.yaml")
    assert answer.code == 2
    assert answer.err == (
        "Error: shop/campaigns/hello.yaml has no tests: there is no file "
        "shop/campaigns/hello.test.yaml\n"
        "  a recipe's tests stand beside it, in a file whose name ends in .test.yaml\n"
    )
    assert run("--workspace", "shop", "test", "shop/templates").code == 2


def test_mistakes_of_a_file_and_of_a_recipe_are_bad_input(run: Run, shop: Path) -> None:
    file = shop / "campaigns/trail.test.yaml"
    file.write_text(TESTS.replace("expect", "expct"))
    answer = run("--workspace", "shop", "test", "shop/campaigns/trail.yaml")
    assert answer.code == 2
    assert answer.out == ""
    assert answer.err.splitlines()[0].startswith(f"{file}:6:5: tests[0]: unknown key 'expct'; did")
    as_json = run("--workspace", "shop", "test", "shop/campaigns/trail.yaml", "--json")
    assert as_json.code == 2
    said = json.loads(as_json.out)
    assert (said["ok"], said["tests"]) == (False, [])
    assert said["mistakes"][0]["line"] == 6
    (shop / "campaigns/trail.yaml").write_text("campaign: trail\n")
    answer = run("--workspace", "shop", "test", str(file))
    assert answer.code == 2
    assert answer.err.startswith("shop/campaigns/trail.yaml:1:1: 'deliver' is missing")
    (shop / "campaigns/trail.yaml").unlink()
    answer = run("--workspace", "shop", "test", str(file))
    assert answer.code == 2
    assert (
        answer.err == "shop/campaigns/trail.yaml:1:1: cannot be read: No such file or directory\n"
    )


def test_a_plugin_that_is_not_there_is_missing(run: Run, shop: Path) -> None:
    settings = shop / "ballyhoo.toml"
    settings.write_text(settings.read_text() + 'allow = ["list_segment", "copy_guard", "outbox"]\n')
    answer = run("--workspace", "shop", "test", "shop/campaigns/trail.yaml")
    assert answer.code == 3
    assert "the plugin 'sql_segment' did not load" in answer.err


@pytest.mark.parametrize(
    ("hook", "recipe"),
    [
        ("segment(context)", RECIPE.replace("{where: country = 'DE'}", "{plugin: lacking}")),
        ("recommend(context, customers)", RECIPE + "recommend: {plugin: lacking}\n"),
    ],
)
def test_what_a_run_lacks_is_missing(run: Run, shop: Path, hook: str, recipe: str) -> None:
    (shop / "lacking.py").write_text(
        "from ballyhoo import EnvironmentMissing, hookimpl\n\n"
        f"@hookimpl\ndef {hook}:\n    raise EnvironmentMissing('there is no model')\n"
    )
    settings = shop / "ballyhoo.toml"
    settings.write_text(settings.read_text() + 'files = ["lacking.py"]\n')
    (shop / "campaigns/trail.yaml").write_text(recipe)
    answer = run("--workspace", "shop", "test", "shop/campaigns/trail.yaml")
    assert answer.code == 3
    assert "trail.test.yaml:5: there is no model" in answer.out
    assert "should" not in answer.out


def test_check_looks_at_files_of_tests_too(run: Run, shop: Path) -> None:
    files = ("shop/campaigns/trail.yaml", "shop/campaigns/trail.test.yaml")
    answer = run("--workspace", "shop", "check", *files)
    assert answer.out == "".join(f"{file}: ok\n" for file in files)
    Path(files[1]).write_text(TESTS.replace("ada,", "adda,", 1))
    answer = run("--workspace", "shop", "check", *files)
    assert answer.code == 2
    assert "trail.test.yaml:6:25: tests[0].expect[0].customer: there is no customer 'ada'" in (
        answer.out
    )
    Path(files[0]).write_text("campaign: trail\n")
    answer = run("--workspace", "shop", "check", *files)
    assert answer.code == 2
    assert answer.out.count("'deliver' is missing") == 1
