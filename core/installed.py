"""Finds what installed packages register: plugins, commands, executors and checks."""

from __future__ import annotations

import sys
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint


def find_entry_points(group: str) -> list[EntryPoint]:
    """Return the entry points of a group, by name.

    The metadata of all packages is read once, and again when something was installed or removed.

    Args:
        group: The group, such as `ballyhoo`.
    """
    return list(_read_group(group, _look_at_path()))


def _look_at_path() -> tuple[tuple[str, int], ...]:
    """Return where packages are looked for, and when something was put there or taken away."""
    found: list[tuple[str, int]] = []
    for name in sys.path:
        try:
            found.append((name, Path(name or ".").stat().st_mtime_ns))
        except OSError:
            found.append((name, 0))
    return tuple(found)


@lru_cache(maxsize=16)
def _read_group(group: str, _: tuple[tuple[str, int], ...]) -> tuple[EntryPoint, ...]:
    from importlib.metadata import entry_points

    return tuple(sorted(entry_points(group=group), key=lambda point: point.name))
