"""The figures of the guard: lies that were written down as they were told, and true copy."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[3] / "benchmarks" / "guard.py"


@pytest.fixture(scope="module")
def figures():
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "--quick", "--seed", "11"],
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1]), done.stdout


def test_no_lie_of_number_price_date_or_address_gets_through(figures):
    measured, shown = figures
    assert measured["guard_leaks"] == 0, shown
    assert sum(measured["lies"].values()) == 300


def test_few_true_copies_are_refused(figures):
    measured, shown = figures
    assert measured["guard_false_refusals"] < 0.05, shown
    assert max(measured["false_refusals_by_language"].values()) < 0.1, shown


def test_every_kind_of_lie_was_told(figures):
    measured, _ = figures
    assert len(measured["lies"]) == 13
    assert measured["disguised"] > 0
