"""Asks the checks that plugins add to `ballyhoo doctor`: the entry-point group `ballyhoo.checks`.

A check is a function of the workspace that yields findings. Any may ask servers, so none may wait
for long.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from .finding import Finding
from .installed import find_entry_points
from .plugin_loading import explain_failure

if TYPE_CHECKING:
    from .settings import Settings
    from .workspace import Workspace

GROUP = "ballyhoo.checks"


def look_at_checks(workspace: Workspace, settings: Settings) -> Iterator[Finding]:
    """Yield what the checks of plugins find; one that raises is a finding itself."""
    for point in find_entry_points(GROUP):
        try:
            yield from point.load()(workspace)
        except Exception as error:
            said = explain_failure(error)
            yield Finding(what=f"check {point.name}", ok=False, hint=f"it failed: {said}")
