"""Checks the routes that plugins add."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from ..errors import PluginError

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_PATH = re.compile(r"/(?:[\w.~{}:-]+/)*[\w.~{}:-]*", re.ASCII)


def check_route(
    plugin: str, path: str, endpoint: Any, methods: Any, *, taken: Collection[str]
) -> None:
    """Check a route before it is added.

    Args:
        plugin: The plugin's name.
        path: Below the plugin's own prefix.
        endpoint: What answers.
        methods: Which it answers.
        taken: The paths that the plugin has added already.

    Raises:
        PluginError: The path is taken, or is not one; a method is unknown, or none is given; the
            endpoint cannot be called.
    """
    where = f"plugin '{plugin}': route {path!r}"
    if not isinstance(path, str) or not _PATH.fullmatch(path) or "/../" in f"{path}/":
        raise PluginError(f"{where} is not a path", hint="begin with a slash; no spaces, no ?")
    if path in taken:
        raise PluginError(f"{where} is taken", hint="answer all its methods by one endpoint")
    if not methods or any(method not in METHODS for method in methods):
        raise PluginError(
            f"{where}: methods must be some of {', '.join(METHODS)}, not {methods!r}",
            hint='a tuple in upper case: methods=("POST",)',
        )
    if not callable(endpoint):
        raise PluginError(f"{where}: the endpoint cannot be called")
