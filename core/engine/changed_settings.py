"""Compares two recipes as they were written: which keys were added, taken away or changed."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..recipe.document import dotted
from ..recipe.findings import Findings
from ..recipe.yaml_reader import read_yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedSetting:
    """A key of the recipe that is another one.

    Attributes:
        path: Where, as dotted keys.
        old: What it was, as plain data; None when it was not there.
        new: What it is; None when it is there no more.
        was_there: Whether it was there.
        is_there: Whether it is there.
    """

    path: str
    old: Any
    new: Any
    was_there: bool
    is_there: bool


def compare_recipes(old: str, new: str) -> list[ChangedSetting]:
    """Return what changed between the texts of two recipes that are right.

    Lists are compared as a whole: their order means something.
    """
    return list(_compare(_read(old), _read(new), ()))


def compare_files(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    """Return the files of two recipes that are others: `added`, `removed` or `changed`, by name.

    Args:
        old: By name, in base64, as a run keeps them.
        new: The same of the other recipe.
    """
    found: dict[str, str] = {}
    for name in sorted({*old, *new}):
        if name not in old:
            found[name] = "added"
        elif name not in new:
            found[name] = "removed"
        elif base64.b64decode(old[name]) != base64.b64decode(new[name]):
            found[name] = "changed"
    return found


def _read(text: str) -> Any:
    root = read_yaml(text.encode(), Findings(""))
    return {} if root is None else root.plain()


def _compare(old: Any, new: Any, path: tuple[str, ...]) -> Iterator[ChangedSetting]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in [*old, *(key for key in new if key not in old)]:
            if key in old and key in new:
                yield from _compare(old[key], new[key], (*path, key))
            else:
                yield ChangedSetting(
                    path=dotted((*path, key)),
                    old=old.get(key),
                    new=new.get(key),
                    was_there=key in old,
                    is_there=key in new,
                )
    elif _level(old) != _level(new):
        yield ChangedSetting(path=dotted(path), old=old, new=new, was_there=True, is_there=True)


def _level(value: Any) -> Any:
    """Return a text without what folding and a last line break add to it."""
    return value.strip() if isinstance(value, str) else value
