from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .shop import open_shop

Run = Callable[..., Any]

DIARY = """
from ballyhoo import hookimpl

@hookimpl
def feedback(context, events):
    if not (context.folder / "well.txt").exists():
        raise ValueError("it is not well")
"""


@pytest.fixture(autouse=True)
def shop(run: Run) -> None:
    open_shop(run, ("ada", "bo"))


def add_diary() -> None:
    Path("plugins/diary.py").write_text(DIARY)


def test_where_nobody_listens_that_is_said(run: Run) -> None:
    answer = run("feedback")
    assert answer.code == 0
    assert answer.out.startswith("nobody is told what happens")


def test_who_fails_is_shown_and_told_when_asked_for(run: Run) -> None:
    add_diary()
    assert run("feedback").out == "plugin:diary  ok       told all\n"
    assert run("run", "r.yaml", "--yes").code == 0
    shown = json.loads(run("feedback", "--show", "--json").out)["listeners"]
    (one,) = shown
    assert (one["name"], one["state"], one["behind"]) == ("plugin:diary", "failing", 2)
    assert one["last_error"] == "the plugin 'diary' raised ValueError in its hook 'feedback'"
    assert run("feedback").code == 1
    Path("well.txt").touch()
    answer = run("feedback")
    assert answer.code == 0
    assert answer.out == "plugin:diary  ok       told 2 events; told all\n"


def test_a_batch_that_cannot_be_told_can_be_left_out(run: Run) -> None:
    add_diary()
    run("feedback")
    run("run", "r.yaml", "--yes")
    assert run("feedback", "--skip", "plugin:diary", "--show").code == 0
    assert json.loads(run("feedback", "--json").out)["listeners"][0]["behind"] == 0


def test_a_name_that_nobody_has_is_refused_with_the_nearest(run: Run) -> None:
    add_diary()
    answer = run("feedback", "--resume", "plugin:dairy")
    assert answer.code == 2
    assert "did you mean 'plugin:diary'" in answer.err


def test_doctor_and_status_say_who_is_not_told(run: Run) -> None:
    add_diary()
    run("feedback")
    run("run", "r.yaml", "--yes")
    found = json.loads(run("doctor", "--json").out)
    (one,) = [one for one in found if one["what"] == "feedback diary"]
    assert not one["ok"]
    assert one["hint"] == (
        "failing, behind by 2: the plugin 'diary' raised ValueError in its hook 'feedback'; "
        "it is tried again by itself"
    )
    assert run("status").err.startswith("plugin:diary is failing, behind by 2")
    assert run("status", "1", "--json").err == ""
