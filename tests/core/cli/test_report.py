from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .shop import open_shop

Run = Callable[..., Any]


@pytest.fixture(autouse=True)
def shop(run: Run) -> None:
    open_shop(run, ("ada", "bo", "cy"))


def test_a_report_is_shown_told_to_programs_and_written_as_a_page(run: Run) -> None:
    run("run", "r.yaml", "--yes")
    out = run("report", "1").out
    assert out.startswith("Report of run 1 of 'letter': finished\n")
    assert "Nobody was held out" in out
    found = json.loads(run("report", "1", "--json", "--html", "pages/one.html").out)
    assert (found["run"], found["lift"], found["receipt"]["adds_up"]) == (1, None, True)
    assert found["variants"]["results"][0]["sent"] == 3
    page = Path("pages/one.html").read_text()
    assert "Ballyhoo report" in page
    assert "ada" not in page.lower().replace("metadata", "")


def test_all_campaigns_are_shown_told_and_written(run: Run) -> None:
    run("run", "r.yaml", "--yes")
    assert "Campaigns of the last 365 days" in run("report", "--all").out
    assert len(json.loads(run("report", "--all", "--json").out)["runs"]) == 1
    said = run("report", "--all", "--html", "all.html").out
    assert said.startswith("all.html: ")
    assert Path("all.html").exists()


def test_it_takes_a_run_that_is_there_or_all_of_them(run: Run) -> None:
    assert run("report", "7").code == 2
    assert run("report").code == 2
    assert run("report", "1", "--all").code == 2
