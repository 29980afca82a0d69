"""Runs a kit over a plugin that is written into the test, and says what became of each test."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import babel.dates  # what a run inside of a test loads is forgotten after it, but for caches
import babel.numbers  # noqa: F401
import pytest

from ballyhoo import *  # noqa: F403 - so that a run inside of a test finds it loaded
from ballyhoo.testing import *  # noqa: F403

HEADER = """\
from __future__ import annotations
import pytest
from ballyhoo import *
from ballyhoo.testing import *
"""
QUICKLY = ("-q", "-p", "no:cacheprovider", "--assert=plain", "--tb=short")


@dataclass(frozen=True, kw_only=True)
class KitRun:
    """The names of the tests of a kit by what became of them; parameters in brackets."""

    passed: frozenset[str]
    failed: frozenset[str]
    skipped: frozenset[str]
    said: str


@pytest.fixture
def run_pytest(pytester, monkeypatch):
    """Return a function that runs pytest in this process, over sources by module name."""
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")

    def run(sources: dict[str, str], *arguments: str) -> list[list[pytest.TestReport]]:
        pytester.makepyfile(**{name: HEADER + source for name, source in sources.items()})
        outcomes = pytester.inline_run(*QUICKLY, "-W", "error", *arguments).listoutcomes()
        return [[report for report in group if report.nodeid] for group in outcomes]

    return run


@pytest.fixture
def run_kit(run_pytest):
    """Return a function that runs the kits in a module's source, or one of their tests."""

    def run(source: str, *, only: str | None = None) -> KitRun:
        reports = run_pytest({"test_kit": source}, *(["-k", only] if only else []))
        passed, skipped, failed = (
            frozenset(report.nodeid.rpartition("::")[2] for report in group) for group in reports
        )
        said = "\n".join(str(report.longrepr) for report in reports[2])
        return KitRun(passed=passed, failed=failed, skipped=skipped, said=said)

    return run


@pytest.fixture
def expect_failures(run_pytest):
    """Return a function that runs, for many plugins, the one test each that must fail.

    It takes what stands before and after the plugin in its module, and by name: the plugin, the
    test that is about what is bad in it, and words that the failure says.
    """

    def expect(good: str, bad: dict[str, tuple[str, str, str]], use: str) -> None:
        modules = {f"test_{number}": name for number, name in enumerate(bad)}
        sources = {module: good + bad[name][0] + use for module, name in modules.items()}
        chosen = [f"{module}.py::TestIt::{bad[name][1]}" for module, name in modules.items()]
        _, skipped, failed = run_pytest(sources, *chosen)
        assert skipped == []
        said = dict.fromkeys(modules, "")
        for report in failed:
            said[report.nodeid.partition(".py")[0]] += str(report.longrepr)
        missed = {
            name: said[module] or f"{bad[name][1]} does not fail"
            for module, name in modules.items()
            if not said[module] or bad[name][2] not in said[module]
        }
        assert missed == {}

    return expect


@dataclass(frozen=True, kw_only=True)
class Pigeons:
    """What stands before and after a channel that is made from `pigeon_post.Good`."""

    good: str
    use: str


@pytest.fixture
def pigeons(pytester):
    """The good channel, its other side, and the use of the kit, as source."""
    path = Path(__file__).with_name("pigeon_post.py")
    pytester.makepyfile(pigeon_post=path.read_text(encoding="utf-8"))
    use = "class TestIt(Kit):\n    @pytest.fixture\n    def plugin(self):\n        return It()\n"
    return Pigeons(good="from pigeon_post import *\n", use=use)


@pytest.fixture
def expect_failure(run_kit):
    """Return a function that runs one test of a kit, which must fail and say why."""

    def expect(source: str, test: str, said: str) -> None:
        run = run_kit(source, only=test)
        assert run.failed, f"{test} does not fail; passed: {sorted(run.passed)}"
        assert not run.skipped
        assert said in run.said

    return expect


@pytest.fixture
def expect_success(run_kit):
    """Return a function that runs a whole kit, in which nothing may fail or be skipped.

    What starts another Python is left out, unless a test is about it.
    """

    def expect(source: str, *, tests: int, light: bool = False) -> None:
        run = run_kit(source, only=None if light else "not test_import_is_light")
        assert (run.failed, run.skipped) == (frozenset(), frozenset()), run.said
        assert len(run.passed) >= tests

    return expect
