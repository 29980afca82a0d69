"""Finds plugins: entry points, and files that ballyhoo.toml names; one by one, each by name."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Collection, Iterable
from contextlib import redirect_stdout
from importlib.metadata import EntryPoint
from pathlib import Path
from types import ModuleType
from typing import Any

from .errors import BallyhooError
from .installed import find_entry_points
from .registry import Registry

GROUP = "ballyhoo"
NOT_ALLOWED = "not in [plugins] allow of ballyhoo.toml"
RESERVED = frozenset({"allow", "files"})
"""Keys of the [plugins] table itself, which no plugin can have as a name."""


def load_plugins(
    *, folder: Path, files: Iterable[str] = (), allow: Collection[str] | None = None
) -> Registry:
    """Load every plugin that is installed or named, and may load.

    A plugin that fails is kept by name with its reason and leaves the rest working. What one
    prints while it is imported goes to standard error, so that it breaks nobody's JSON.

    Args:
        folder: The workspace's folder, which `files` are relative to.
        files: Python files, or folders of them, that hold plugins; a file's name is the
            plugin's name.
        allow: Names of plugins or of distributions that may load; everything when None.

    Returns:
        The registry of all of them.
    """
    registry = Registry()
    with redirect_stdout(sys.stderr):
        _load_all(registry, folder, files, allow)
    return registry


def _load_all(
    registry: Registry, folder: Path, files: Iterable[str], allow: Collection[str] | None
) -> None:
    for point in find_entry_points(GROUP):
        _load_entry_point(registry, point, allow)
    for named in files:
        path = folder / named
        if not path.exists():
            registry.add_failed(path.stem, f"{named} does not exist", origin=named)
            continue
        for file in sorted(_plugin_files(path)):
            _load_file(registry, file, allow, origin=str(file.relative_to(folder)))


def _load_entry_point(registry: Registry, point: EntryPoint, allow: Collection[str] | None) -> None:
    origin = point.dist.name if point.dist else ""
    version = point.dist.version if point.dist else ""
    if allow is not None and point.name not in allow and origin not in allow:
        registry.add_failed(
            point.name, NOT_ALLOWED, version=version, origin=origin, is_allowed=False
        )
        return
    try:
        _add(registry, point.name, point.load(), origin=origin, version=version)
    except (Exception, SystemExit) as error:
        registry.add_failed(point.name, explain_failure(error), version=version, origin=origin)


def _plugin_files(path: Path) -> Iterable[Path]:
    if path.is_file():
        return [path]
    modules = [file for file in path.glob("*.py") if not file.name.startswith("_")]
    return [*modules, *path.glob("*/__init__.py")]


def _load_file(
    registry: Registry, file: Path, allow: Collection[str] | None, *, origin: str
) -> None:
    name = file.parent.name if file.name == "__init__.py" else file.stem
    if allow is not None and name not in allow:
        registry.add_failed(name, NOT_ALLOWED, is_allowed=False, origin=origin)
        return
    try:
        _add(registry, name, _import_file(name, file), origin=origin)
    except (Exception, SystemExit) as error:
        registry.add_failed(name, explain_failure(error), origin=origin)


def _import_file(name: str, file: Path) -> ModuleType:
    # A prefix keeps the file from hiding an installed module of the same name.
    module_name = f"ballyhoo_plugin_files.{name}"
    spec = importlib.util.spec_from_file_location(module_name, file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file.name} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[module_name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[module_name]
        raise
    return module


def _add(registry: Registry, name: str, plugin: Any, *, origin: str, version: str = "") -> None:
    if name in RESERVED:
        raise ValueError(f"'{name}' cannot be a plugin's name")
    registry.add(name, plugin, version=version, origin=origin)


def explain_failure(error: BaseException) -> str:
    """Return why a plugin did not load, in one line."""
    if isinstance(error, BallyhooError):
        return str(error)
    said = str(error).strip().splitlines()
    return f"{type(error).__name__}: {said[0]}" if said else type(error).__name__
