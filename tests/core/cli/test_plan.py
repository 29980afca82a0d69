from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .shop import RECIPE, WRITTEN, open_shop, read_post

Run = Callable[..., Any]
NAMES = ("ada", "bo", "cy", "di", "ed")


@pytest.fixture(autouse=True)
def shop(run: Run) -> None:
    open_shop(run, NAMES, di={"consent_email": "no"}, ed={"email": ""})


def test_the_plan_says_who_gets_what_and_who_is_skipped(run: Run) -> None:
    answer = run("plan", "r.yaml")
    assert answer.code == 0
    assert answer.out.startswith("letter: 3 messages for an audience of 5 people\n")
    assert "       1  no_consent: no consent to this channel\n" in answer.out
    assert "       1  no_address: no address that this channel could use\n" in answer.out
    assert "  | Hello Ada\n" in answer.out
    assert "  duration: under 1 s, by 500/s, a guess" in answer.out
    assert read_post() == []
    assert "there is no run yet" in run("status").out


def test_the_plan_for_programs_adds_up(run: Run) -> None:
    Path("r.yaml").write_text(
        RECIPE + "experiment: {variants: {warm: {}, plain: {}}, holdout: 50%}\n"
    )
    planned = json.loads(run("plan", "r.yaml", "--json").out)
    assert planned["campaign"] == "letter"
    assert planned["audience"] == 5
    assert planned["skipped"] == {"no_address": 1, "no_consent": 1}
    assert planned["holdout"] + planned["messages"] == 3
    assert sum(planned["variants"].values()) == planned["messages"]
    assert set(planned["variants"]) == {"warm", "plain"}
    assert planned["problem"] is None


def test_a_limit_is_planned_with(run: Run) -> None:
    planned = json.loads(run("plan", "r.yaml", "--limit", "1", "--json").out)
    assert planned["messages"] == 1
    assert planned["skipped"]["limit"] == 2
    assert len(planned["samples"]) == 1
    assert run("plan", "r.yaml", "--limit", "0").code == 2


def test_samples_are_written_by_the_generator(run: Run) -> None:
    Path("r.yaml").write_text(WRITTEN)
    answer = run("plan", "r.yaml")
    assert "Sample, customer 1, written by toy:\n  | For Ada\n" in answer.out
    assert "  copy: 3 messages written by toy" in answer.out
    written = json.loads(run("plan", "r.yaml", "--json").out)["written"]
    assert (written["messages"], written["models"]) == (3, ["toy"])
    assert written["seconds"] >= 0


def test_a_generator_that_fails_leaves_the_counts_and_says_so(run: Run) -> None:
    text = Path("plugins/post.py").read_text()
    broken = text.replace('by = Provenance(generator=context.plugin, model="toy")', "1 / 0")
    Path("plugins/post.py").write_text(broken)
    Path("r.yaml").write_text(WRITTEN)
    answer = run("plan", "r.yaml", "--json")
    assert answer.code == 2
    planned = json.loads(answer.out)
    assert planned["messages"] == 3
    assert "ZeroDivisionError" in planned["problem"]
    assert "Error: " in answer.err


def test_a_wrong_recipe_is_said_with_every_mistake(run: Run) -> None:
    Path("r.yaml").write_text(RECIPE.replace("country", "contry"))
    answer = run("plan", "r.yaml")
    assert answer.code == 2
    assert "did you mean 'country'?" in answer.err


def test_what_run_would_refuse_is_said_beside_the_plan(run: Run) -> None:
    text = Path("plugins/post.py").read_text()
    Path("plugins/post.py").write_text(text.replace("reaches_people=False", "reaches_people=True"))
    answer = run("plan", "r.yaml", "--json")
    assert answer.code == 0
    assert "brand.legal_address is empty" in json.loads(answer.out)["refused"]
    assert "'ballyhoo run' would refuse it: 'letter' must not be sent like this" in answer.err


def test_a_recipe_that_only_answers_has_no_plan_and_no_run(run: Run) -> None:
    text = Path("plugins/post.py").read_text()
    Path("plugins/post.py").write_text(
        text
        + "\n\n@hookimpl\ndef respond(context, options: ScribeOptions, enquiries):\n    return []\n"
    )
    Path("answers.yaml").write_text("respond: {plugin: post}\n")
    answer = run("plan", "answers.yaml")
    assert answer.code == 2
    assert "has no segment" in answer.err
    answer = run("run", "answers.yaml", "--yes")
    assert answer.code == 2
    assert "a campaign needs segment and deliver" in answer.err
