"""Runs tests, each in a world of its own, and keeps what each came to."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from ..campaign import check_recipe
from ..errors import BallyhooError, DataError, EnvironmentMissing, RecipeError
from ..mistakes import Mistake
from ..workspace import Workspace
from . import ENDING
from .driving import act, answer, do_runs, pass_time, tell, tell_given
from .expecting import check_expectation
from .logs import keep_log
from .models import RunStep
from .reader import read_suite
from .suite import RecipeTest, Step, Suite, name_recipe_file, name_test_file
from .trial import Trial, make_template, open_trial


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Something that came otherwise than expected.

    Attributes:
        line: Where the expectation, or the step that failed, stands.
        message: What should be and what is; further lines explain it.
        is_missing: Whether something needed is not there, so that nothing was tested.
    """

    line: int
    message: str
    is_missing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TestResult:
    """What a test came to; `seconds` is real time, `log` what was logged meanwhile."""

    __test__ = False  # pytest would take it for one of its own

    name: str
    file: str
    line: int
    seconds: float
    failures: tuple[Failure, ...]
    log: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether everything came as expected."""
        return not self.failures


def find_test_files(named: Sequence[Path]) -> list[Path]:
    """Return the files of tests of recipes, each once.

    Args:
        named: Recipes, files of tests, or folders of both.

    Raises:
        DataError: One has no tests.
    """
    found: dict[Path, None] = {}
    for path in named:
        if path.is_dir():
            inside = sorted(path.rglob(f"*{ENDING}"))
            if not inside:
                raise DataError(f"no file in {path} ends in {ENDING}")
            found.update(dict.fromkeys(inside))
            continue
        tests = path if path.name.endswith(ENDING) else name_test_file(path)
        if not tests.is_file():
            raise DataError(
                f"{path} has no tests: there is no file {tests}",
                hint="a recipe's tests stand beside it, in a file whose name ends in .test.yaml",
            )
        found[tests] = None
    return list(found)


def read_suites(workspace: Workspace, files: Sequence[Path]) -> tuple[list[Suite], list[Mistake]]:
    """Read files of tests with their recipes.

    Returns:
        The suites that are right, and every mistake of those that are not. Where a recipe is
        wrong, these are its mistakes: what its tests say cannot be looked at.
    """
    suites: list[Suite] = []
    mistakes: list[Mistake] = []
    for path in files:
        recipe = name_recipe_file(path)
        try:
            recipe_content, content = recipe.read_bytes(), path.read_bytes()
        except OSError as error:
            said = f"cannot be read: {error.strerror or type(error).__name__}"
            mistakes.append(
                Mistake(file=str(error.filename), line=1, column=1, path="", message=said)
            )
            continue
        checked = check_recipe(
            recipe_content,
            file=str(recipe),
            registry=workspace.registry,
            workspace=workspace.folder,
        )
        mistakes += checked.mistakes
        if checked.campaign is not None:
            try:
                suites.append(read_suite(content, str(path), checked.campaign))
            except RecipeError as wrong:
                mistakes += wrong.mistakes
    return suites, mistakes


def run_suites(
    workspace: Workspace,
    suites: Sequence[Suite],
    *,
    wanted: Callable[[RecipeTest], bool] = lambda test: True,
) -> Iterator[TestResult]:
    """Run the tests of suites, and yield what each came to.

    Args:
        workspace: Where the recipes are.
        suites: The suites.
        wanted: Which of their tests.
    """
    with tempfile.TemporaryDirectory(prefix="ballyhoo-tests-") as name:
        folder = Path(name)
        template = make_template(folder)
        for suite in suites:
            for test in suite.tests:
                if wanted(test):
                    with tempfile.TemporaryDirectory(dir=folder) as own:
                        yield _run_test(workspace, suite, test, template, Path(own))


def _run_test(
    workspace: Workspace, suite: Suite, test: RecipeTest, template: Path, folder: Path
) -> TestResult:
    began = time.perf_counter()
    line = test.line
    failures: list[Failure] = []
    with (
        keep_log() as log,
        open_trial(
            workspace, suite.campaign, suite.currency, test, template=template, folder=folder
        ) as trial,
    ):
        try:
            tell_given(trial)
            for step in test.steps:
                line = step.line
                failures += _do_step(trial, step)
                if failures and failures[-1].is_missing:
                    break  # nothing of it is tested without that
        except BallyhooError as error:
            said = error.message if error.hint is None else f"{error.message}\n  {error.hint}"
            is_missing = isinstance(error, EnvironmentMissing)
            failures.append(Failure(line=line, message=said, is_missing=is_missing))
    return TestResult(
        name=test.name,
        file=suite.file,
        line=test.line,
        seconds=round(time.perf_counter() - began, 3),
        failures=tuple(failures),
        log=tuple(log),
    )


def _do_step(trial: Trial, step: Step) -> list[Failure]:
    what = step.what
    if isinstance(what, RunStep):
        do_runs(trial, what)
        lacks = trial.ends[trial.runs[-1]].lacks
        return [] if lacks is None else [Failure(line=step.line, message=lacks, is_missing=True)]
    if isinstance(what, timedelta):
        pass_time(trial, trial.clock.now() + what)
    elif isinstance(what, datetime):
        if what < trial.clock.now():
            now = trial.clock.now().isoformat()
            raise DataError(f"the clock is at {now} already; time does not go back")
        pass_time(trial, what)
    elif step.row is not None:
        tell(trial, step.kind, [step.row])
        answer(trial, trial.test.answers)
    elif isinstance(what, str):
        act(trial, what)
    elif isinstance(what, dict):
        answer(trial, what)
    elif isinstance(what, list | tuple):
        return [
            Failure(line=expected.line, message=message)
            for expected in what
            for message in check_expectation(trial, expected.what)
        ]
    return []
