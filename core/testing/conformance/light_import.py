"""Finds out what the import of a plugin's module loads, in a Python of its own."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from types import ModuleType
from typing import Any

HEAVY = ("torch", "transformers", "surprise", "pandas", "sqlalchemy", "scipy", "sklearn")
"""What nobody waits for who asks for `--help` or checks a recipe."""

_SCRIPT = """
import importlib, importlib.util, json, sys
asked = json.load(sys.stdin)
sys.path[:] = asked["path"]
before = set(sys.modules)
try:
    module = importlib.import_module(asked["module"])
except ModuleNotFoundError as error:
    if not asked["file"] or error.name is None or not asked["module"].startswith(error.name):
        raise
    spec = importlib.util.spec_from_file_location(asked["module"], asked["file"])
    module = importlib.util.module_from_spec(spec)
    sys.modules[asked["module"]] = module
    spec.loader.exec_module(module)
plugin = module if asked["name"] is None else getattr(module, asked["name"])
plugin = plugin() if isinstance(plugin, type) else plugin
if asked["call"]:
    for one in getattr(plugin, asked["call"])():
        pass
print(json.dumps(sorted({name.partition(".")[0] for name in set(sys.modules) - before})))
"""


def find_heavy_imports(plugin: Any, call: str | None = None) -> list[str]:
    """Return which of `HEAVY` come with the import of a plugin's module.

    Args:
        plugin: A module, a class, or an object that stands in its class's module.
        call: A function of the plugin without arguments, called after the import; its answer is
            run through.

    Raises:
        RuntimeError: The module cannot be imported in a new Python.
    """
    module = find_module(plugin)
    asked = {
        "path": sys.path,
        "module": module.__name__,
        "file": getattr(module, "__file__", None),
        "name": _find_name(plugin, module) if call else None,
        "call": call,
    }
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _SCRIPT],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        raise RuntimeError(f"{module.__name__} cannot be imported in a new Python:\n{ran.stderr}")
    loaded = json.loads(ran.stdout.splitlines()[-1])
    return [name for name in HEAVY if name in loaded]


def find_module(plugin: Any) -> ModuleType:
    """Return the module of a plugin: itself, or where its class stands."""
    if isinstance(plugin, ModuleType):
        return plugin
    owner = plugin if inspect.isclass(plugin) else type(plugin)
    return sys.modules[owner.__module__]


def _find_name(plugin: Any, module: ModuleType) -> str | None:
    """Return the name of an object or class in its module; None for the module itself.

    An object that its module does not name is made anew from its class.
    """
    if plugin is module:
        return None
    named = [name for name, value in vars(module).items() if value is plugin]
    owner: type = plugin if inspect.isclass(plugin) else type(plugin)
    return named[0] if named else owner.__name__
