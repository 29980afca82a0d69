"""Tells one set of options from another, on any machine and in any process."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import Path, PurePath
from typing import Any

from pydantic import SecretBytes, SecretStr

from .errors import PluginError
from .options import Options


def hash_options(options: Options | None, *, plugin: str, workspace: Path | None = None) -> str:
    """Return a short hash of options, the same on every machine and in every process.

    Secrets are in it by the names of their variables only.

    Args:
        options: None for a plugin without options.
        plugin: Whose options they are, for the error.
        workspace: Files below it count by their names in it.

    Raises:
        PluginError: They hold something whose text may be another one tomorrow.
    """
    workspace = workspace.resolve() if workspace is not None else None
    # Pydantic warns of our own types, whose validators it cannot look into.
    values = None if options is None else options.model_dump(warnings=False)
    return hashlib.sha256(_write(values, plugin, workspace).encode()).hexdigest()[:16]


def _write(value: Any, plugin: str, workspace: Path | None) -> str:
    return json.dumps(_simplify(value, plugin, workspace), sort_keys=True)


def _simplify(value: Any, plugin: str, workspace: Path | None) -> Any:
    """Return a value as JSON has it, in one form only."""
    if isinstance(value, Enum):
        value = value.value
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {str(key): _simplify(one, plugin, workspace) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_simplify(one, plugin, workspace) for one in value]
    if isinstance(value, set | frozenset):
        return sorted(_write(one, plugin, workspace) for one in value)
    if isinstance(value, PurePath):
        if workspace is not None and value.is_relative_to(workspace):
            value = value.relative_to(workspace)
        return value.as_posix()
    if isinstance(value, Decimal | SecretStr | SecretBytes):
        return str(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value // timedelta(microseconds=1)
    if isinstance(value, bytes):
        return value.hex()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {one.name: getattr(value, one.name) for one in dataclasses.fields(value)}
        return _simplify(fields, plugin, workspace)
    raise PluginError(
        f"the options of the plugin '{plugin}' hold a {type(value).__name__}, which cannot be told "
        "from another one on another machine",
        hint="use text, numbers, lists and models in options, or give the type a serializer",
    )
