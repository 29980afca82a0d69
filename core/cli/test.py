"""`ballyhoo test`: the tests of recipes, on a simulated clock."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..errors import DataError
from ..spelling import suggest_name
from .invocation import Invocation, echo_json

if TYPE_CHECKING:
    from ..recipe_tests.running import TestResult
    from ..recipe_tests.suite import Suite


@click.command("test")
@click.argument(
    "recipes", metavar="RECIPE...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option("-k", "part", metavar="NAME", help="Only tests whose name has this in it.")
@click.option("--json", "as_json", is_flag=True, help="Answer one JSON object.")
@click.pass_obj
def command(
    invocation: Invocation, recipes: tuple[Path, ...], part: str | None, as_json: bool
) -> int:
    """Test recipes: given customers and events, who gets what, when, and who is skipped.

    The tests of spring.yaml stand beside it, in spring.test.yaml. RECIPE may also be such a file,
    or a folder of them. Each test has a store of its own and a simulated clock; the engine and the
    plugins are the real ones, but nothing leaves the house.
    Exit code 0 when all passed, 1 when some failed, 2 when a file is wrong, 3 when something that
    is needed is not there.
    """
    from ..recipe_tests.running import find_test_files, read_suites, run_suites

    workspace = invocation.workspace
    suites, mistakes = read_suites(workspace, find_test_files(recipes))
    if mistakes:
        if as_json:
            shown = [asdict(mistake) for mistake in mistakes]
            echo_json({"ok": False, "tests": [], "mistakes": shown})
        for mistake in [] if as_json else mistakes:
            click.echo(str(mistake), err=True)
        return 3 if all(mistake.missing for mistake in mistakes) else 2
    _check_part(suites, part)
    results: list[TestResult] = []
    for result in run_suites(
        workspace, suites, wanted=lambda test: part is None or part.lower() in test.name.lower()
    ):
        if not as_json:
            _print(result, is_first=not results or results[-1].file != result.file)
        results.append(result)
    failed = sum(not result.ok for result in results)
    if as_json:
        tests = [_describe(result) for result in results]
        echo_json({"ok": not failed, "tests": tests, "mistakes": []})
    else:
        _print_total(len(results), failed)
    if any(one.is_missing for result in results for one in result.failures):
        return 3
    return 1 if failed else 0


def _check_part(suites: list[Suite], part: str | None) -> None:
    """Refuse a name that no test has: no test would be run, and all would seem well."""
    names = [test.name for suite in suites for test in suite.tests]
    if part is not None and not any(part.lower() in name.lower() for name in names):
        raise DataError(f"no test has '{part}' in its name", hint=suggest_name(part, names))


def _describe(result: TestResult) -> dict[str, Any]:
    return {
        "name": result.name,
        "file": result.file,
        "line": result.line,
        "ok": result.ok,
        "seconds": result.seconds,
        "failures": [{"line": one.line, "message": one.message} for one in result.failures],
        "log": list(result.log),
    }


def _print(result: TestResult, *, is_first: bool) -> None:
    if is_first:
        click.echo(result.file)
    mark = click.style("passed", fg="green") if result.ok else click.style("FAILED", fg="red")
    click.echo(f"  {mark}  {result.name}")
    for failure in result.failures:
        first, *others = failure.message.split("\n")
        click.echo(f"    {result.file}:{failure.line}: {first}")
        for line in others:
            click.echo(f"    {line}")
    for line in () if result.ok else result.log:
        click.echo(f"    logged: {line}")


def _print_total(count: int, failed: int) -> None:
    passed = count - failed
    tests = "test" if passed == 1 else "tests"
    click.echo(f"{passed} {tests} passed" + (f", {failed} failed" if failed else ""))
