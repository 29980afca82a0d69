"""What one call of the command line knows: its workspace and how it answers."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..clock import Clock, SystemClock

if TYPE_CHECKING:
    from ..workspace import Workspace


@dataclass
class Invocation:
    """The options that stand before the command.

    Attributes:
        workspace_option: The folder named by --workspace, or None.
        debug: Whether tracebacks are shown.
        clock: What tells the time; another one than this machine's is that of a rehearsal.
    """

    workspace_option: str | None = None
    debug: bool = False
    clock: Clock = field(default_factory=SystemClock)

    @property
    def workspace(self) -> Workspace:
        """The workspace that was named, or the nearest one."""
        from ..workspace import find_workspace

        named = Path(self.workspace_option) if self.workspace_option else None
        return find_workspace(Path.cwd(), named=named, clock=self.clock)


def echo_json(value: Any) -> None:
    """Write one JSON value to standard output."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
