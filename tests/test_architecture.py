"""What the tree promises: files with one subject, names that say something, light imports."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import ballyhoo

ROOT = Path(__file__).parent.parent
SOURCES = ("core", "plugins", "workers", "campaigns")
MOST_LINES = 300
MOST_PUBLIC_METHODS = 15
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "base", "manager"}
STANDARD = set(sys.stdlib_module_names)


def modules() -> Iterator[Path]:
    for folder in SOURCES:
        yield from (ROOT / folder).rglob("*.py")
    yield from (ROOT / "src/ballyhoo").glob("*.py")


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(modules())}


def wrong(is_right: Callable[[Path, ast.Module], bool]) -> list[str]:
    assert len(TREES) > 100
    return [named(path) for path, tree in TREES.items() if not is_right(path, tree)]


def test_each_module_is_read_in_one_go() -> None:
    assert wrong(lambda path, _: len(path.read_text("utf-8").splitlines()) <= MOST_LINES) == []


def test_each_module_says_what_it_answers_for() -> None:
    def says(_: Path, tree: ast.Module) -> bool:
        return (ast.get_docstring(tree) or "").partition("\n")[0].endswith((".", ":"))

    assert wrong(says) == []


def test_each_module_has_a_name_that_says_something() -> None:
    assert wrong(lambda path, _: path.stem not in EMPTY_NAMES) == []


def test_each_class_has_few_public_methods() -> None:
    def has_few(_: Path, tree: ast.Module) -> bool:
        classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
        return all(count_methods(one) <= MOST_PUBLIC_METHODS for one in classes)

    assert wrong(has_few) == []


def count_methods(node: ast.ClassDef) -> int:
    return sum(
        isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)
        and not one.name.startswith(("_", "test_"))
        for one in node.body
    )


def python_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    return [ROOT / name for name in listed if (ROOT / name).exists()]


def test_no_file_imports_a_folder_of_the_root_as_a_package() -> None:
    found = []
    for path in python_files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom) and node.level == 0
                else []
            )
            found += [
                f"{named(path)}:{node.lineno}"  # type: ignore[attr-defined]
                for name in names
                if name.partition(".")[0] in SOURCES
            ]
    assert found == []


def test_no_benchmark_hides_a_module_of_the_standard_library() -> None:
    names = {path.stem for path in (ROOT / "benchmarks").glob("*.py")}
    assert not names & STANDARD


def test_the_list_of_packages_is_that_of_the_tree() -> None:
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    found = {"ballyhoo"}
    for folder in SOURCES:
        for path in (ROOT / folder).rglob("__init__.py"):
            found.add("ballyhoo." + ".".join(path.parent.relative_to(ROOT).parts))
    assert sorted(listed) == sorted(found)


def test_importing_ballyhoo_imports_nothing_else_of_it() -> None:
    code = "import sys, ballyhoo; print(*[m for m in sys.modules if m.startswith('ballyhoo.')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_every_public_name_is_there() -> None:
    assert [name for name in ballyhoo.__all__ if getattr(ballyhoo, name) is None] == []


def test_an_unknown_public_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'ballyhoo' has no attribute 'hookimp'"):
        ballyhoo.hookimp  # noqa: B018


def test_all_is_what_dir_says() -> None:
    assert dir(ballyhoo) == sorted(ballyhoo.__all__)
