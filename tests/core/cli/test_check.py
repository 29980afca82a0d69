from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Run = Callable[..., Any]

GOOD = """\
campaign: good
segment: {plugin: list_segment, customers: [C-1]}
deliver: {plugin: outbox, fields: {subject: "Hello", body: "Come and look."}}
"""
BAD = GOOD.replace("campaign", "campaing").replace("subject", "sbject")
GENERATED = """\
campaign: wanting
segment: {plugin: list_segment, customers: [C-1]}
generate:
  plugin: broken
  fields: {subject: {}, body: {}}
deliver: {plugin: outbox}
"""


def test_a_good_recipe_is_ok(run: Run) -> None:
    Path("good.yaml").write_text(GOOD)
    answer = run("check", "good.yaml")
    assert (answer.code, answer.out) == (0, "good.yaml: ok\n")


def test_every_mistake_of_every_file_is_named(run: Run) -> None:
    Path("good.yaml").write_text(GOOD)
    Path("bad.yaml").write_text(BAD)
    answer = run("check", "bad.yaml", "good.yaml", "gone.yaml")
    assert answer.code == 2
    assert answer.out.splitlines() == [
        "bad.yaml:1:1: unknown key 'campaing'; did you mean 'campaign'?",
        "bad.yaml:3:36: deliver.fields: unknown field 'sbject'; did you mean 'subject'?",
        "gone.yaml:1:1: cannot be read: No such file or directory",
        "good.yaml: ok",
    ]


def test_json_is_one_object_and_nothing_else(run: Run) -> None:
    Path("bad.yaml").write_text(BAD)
    answer = run("check", "bad.yaml", "--json")
    found = json.loads(answer.out)
    assert found["ok"] is False
    first = found["mistakes"][0]
    assert {key: first[key] for key in ("file", "line", "column", "path", "message")} == {
        "file": "bad.yaml",
        "line": 1,
        "column": 1,
        "path": "",
        "message": "unknown key 'campaing'; did you mean 'campaign'?",
    }
    Path("good.yaml").write_text(GOOD)
    assert json.loads(run("check", "good.yaml", "--json").out) == {
        "ok": True,
        "mistakes": [],
        "notes": {},
    }


def test_a_plugin_that_did_not_load_is_exit_3_and_named(run: Run) -> None:
    Path("ballyhoo.toml").write_text("[plugins]\nfiles = ['broken.py']")
    Path("broken.py").write_text("import no_such_module_at_all")
    Path("wanting.yaml").write_text(GENERATED)
    answer = run("check", "wanting.yaml")
    assert answer.code == 3
    assert answer.out == (
        "wanting.yaml:4:11: generate.plugin: the plugin 'broken' did not load: "
        "ModuleNotFoundError: No module named 'no_such_module_at_all'\n"
    )


def test_a_reviewer_that_may_not_load_is_exit_3_and_named(run: Run) -> None:
    Path("ballyhoo.toml").write_text(
        "[plugins]\nfiles = ['writer.py']\nallow = ['writer', 'list_segment', 'outbox']"
    )
    Path("writer.py").write_text(
        "from ballyhoo import hookimpl\n\n@hookimpl\ndef generate(briefs):\n    return []\n"
    )
    Path("wanting.yaml").write_text(GENERATED.replace("broken", "writer"))
    answer = run("check", "wanting.yaml")
    assert answer.code == 3
    assert answer.out == (
        "wanting.yaml:3:1: review.copy_guard: the plugin 'copy_guard' did not load: "
        "not in [plugins] allow of ballyhoo.toml\n"
    )


def test_without_a_recipe_it_says_how_it_is_used(run: Run) -> None:
    answer = run("check")
    assert answer.code == 2
    assert "Missing argument 'RECIPE...'" in answer.err


def test_two_recipes_with_one_part_of_a_group_are_a_mistake(run: Run) -> None:
    def write(name: str, part: int, of: int) -> None:
        exclusive = f"experiment: {{exclusive: {{group: spring, part: {part}, of: {of}}}}}\n"
        Path(f"{name}.yaml").write_text(GOOD.replace("good", name) + exclusive)

    write("one", 1, 2)
    write("two", 2, 2)
    assert run("check", "one.yaml", "two.yaml").code == 0
    write("two", 1, 2)
    assert run("check", "one.yaml").out.splitlines() == [
        "one.yaml:4:25: experiment.exclusive: two.yaml has part 1 of 'spring' too; "
        "give each its own"
    ]
    write("two", 2, 3)
    assert run("check", "two.yaml").out.splitlines() == [
        "two.yaml:4:25: experiment.exclusive: of is 3 here and 2 in one.yaml; "
        "a group is cut into parts in one way only"
    ]
    write("two", 4, 3)
    assert "there is no part 4 of 3" in run("check", "two.yaml").out
    Path("two.yaml").write_text("campaign: [")
    assert run("check", "one.yaml").code == 0
    assert run("plan", "two.yaml").code == 2
