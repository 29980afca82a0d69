from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

OLD = """\
campaign: trail
segment: {where: country = 'DE'}
deliver:
  plugin: outbox
  fields: {subject: "{first_name|Hello}, spring is here", body: Come and look.}
"""
NEW = """\
campaign: trail
segment: {where: "country IN ('DE', 'AT') AND traits.tier = 'gold'"}
deliver:
  plugin: outbox
  rate: 600/min
  fields: {subject: "{first_name|Hello}, it is spring", body: Come and look.}
"""
PEOPLE = """\
id,email,first_name,country,consent_email,tier
ada,ada@customers.example,Ada,DE,yes,gold
bob,bob@customers.example,Bob,DE,yes,silver
cyd,cyd@customers.example,,AT,yes,gold
dan,dan@customers.example,Dan,AT,no,gold
"""


@pytest.fixture
def shop(run: Run, monkeypatch: pytest.MonkeyPatch) -> Path:
    run("init", "shop")
    monkeypatch.chdir("shop")
    Path("people.csv").write_text(PEOPLE)
    Path("old.yaml").write_text(OLD)
    Path("new.yaml").write_text(NEW)
    assert run("import", "customers", "people.csv").code == 0
    return Path.cwd()


def test_people_settings_and_messages_are_shown(run: Run, shop: Path) -> None:
    answer = run("diff", "old.yaml", "new.yaml")
    assert (answer.code, answer.err) == (0, "")
    assert (
        answer.out
        == """\
                     old  new
audience               2    3  +1
messages               2    2
skipped: no_consent    0    1  +1

1 person enters
  by the old recipe: not in the audience 1
  for example customers 3
1 person leaves
  by the new recipe: not in the audience 1
  for example customers 2
0 people change variant
1 person gets one as before

What is written otherwise
  segment.where
    - country = 'DE'
    + country IN ('DE', 'AT') AND traits.tier = 'gold'
  deliver.fields.subject
    - {first_name|Hello}, spring is here
    + {first_name|Hello}, it is spring
  deliver.rate
    + 600/min

Of 1 person who gets one by both, 1 would get another message
  customer 1
    subject
      - Ada, spring is here
      + Ada, it is spring
"""
    )


def test_json_has_all_of_it(run: Run, shop: Path) -> None:
    answer = run("diff", "old.yaml", "new.yaml", "--json", "--sample", "1")
    said = json.loads(answer.out)
    assert said["enters"] == {"count": 1, "because": {"not in the audience": 1}, "customers": [3]}
    assert said["leaves"]["customers"] == [2]
    assert said["changes_variant"] == {"count": 0, "because": {}, "customers": []}
    assert said["stays"] == 1
    assert said["old"]["messages"] == said["new"]["messages"] == 2
    assert [(one["path"], one["change"]) for one in said["settings"]] == [
        ("segment.where", "changed"),
        ("deliver.fields.subject", "changed"),
        ("deliver.rate", "added"),
    ]
    assert (said["content"]["compared"], said["content"]["changed"]) == (1, 1)
    assert said["content"]["messages"][0]["new"]["fields"]["subject"] == "Ada, it is spring"
    assert said["problem"] is None
    none = json.loads(run("diff", "old.yaml", "new.yaml", "--json", "--sample", "0").out)
    assert none["content"] == {"compared": 0, "changed": 0, "messages": []}


def test_a_run_stands_for_the_recipe_that_it_keeps(run: Run, shop: Path) -> None:
    run("run", "old.yaml", "--yes", "--limit", "1")
    Path("old.yaml").write_text(NEW)
    said = json.loads(run("diff", "1", "old.yaml", "--json").out)
    assert [one["path"] for one in said["settings"]] == [
        "segment.where",
        "deliver.fields.subject",
        "deliver.rate",
    ]
    assert said["old"]["skipped"] == {"again": 1}


def test_bad_input_is_exit_code_2(run: Run, shop: Path) -> None:
    Path("wrong.yaml").write_text(OLD.replace("deliver", "delver"))
    answer = run("diff", "old.yaml", "wrong.yaml")
    assert answer.code == 2
    assert answer.err.startswith("wrong.yaml:3:1: unknown key 'delver'; did you mean 'deliver'?")
    assert run("diff", "old.yaml", "nowhere.yaml").code == 2
    assert run("diff", "12", "old.yaml").code == 2
    assert run("diff", "old.yaml").code == 2
