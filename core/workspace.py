"""A workspace: the folder with ballyhoo.toml, campaigns/ and templates/."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from .clock import Clock, SystemClock
from .errors import BallyhooError, EnvironmentMissing

if TYPE_CHECKING:
    from .registry import Registry
    from .settings import Settings

FILE_NAME = "ballyhoo.toml"


@dataclass(frozen=True)
class Workspace:
    """One workspace; settings and plugins are loaded when they are first asked for.

    Attributes:
        folder: Where it is, absolute.
        clock: What tells the time there; another one than this machine's is that of a rehearsal.
    """

    folder: Path
    clock: Clock = field(default_factory=SystemClock, compare=False)

    @cached_property
    def settings(self) -> Settings:
        """The settings; raises SettingsError when they are wrong."""
        from .settings import load_settings

        return load_settings(self.folder)

    @cached_property
    def registry(self) -> Registry:
        """The plugins that are installed or named in ballyhoo.toml, and may load."""
        from .plugin_loading import load_plugins

        plugins = self.settings.plugins
        allow = None if plugins.allow is None else frozenset(plugins.allow)
        return load_plugins(folder=self.folder, files=plugins.files, allow=allow)

    def require(self) -> None:
        """Refuse to go on where there is no workspace.

        Raises:
            EnvironmentMissing: The folder has no ballyhoo.toml.
        """
        if not self.has_file:
            raise EnvironmentMissing(
                f"{self.folder} is in no workspace: there is no {FILE_NAME}",
                hint="go into one, name it by --workspace DIR, or let 'ballyhoo init DIR' make it",
            )

    @property
    def has_file(self) -> bool:
        """Whether ballyhoo.toml is there."""
        return (self.folder / FILE_NAME).is_file()


def find_workspace(
    start: Path, *, named: Path | None = None, clock: Clock | None = None
) -> Workspace:
    """Find the workspace of a folder.

    Args:
        start: Where to look: this folder, then those above it; the first with a ballyhoo.toml is
            the workspace. Without one, `start` itself serves, with default settings.
        named: The folder that the caller named; nothing is searched then.
        clock: What tells the time there; this machine's when None.

    Raises:
        BallyhooError: The named folder does not exist.
    """
    told_by = clock or SystemClock()
    if named is not None:
        if not named.is_dir():
            raise BallyhooError(
                f"the workspace {named} is not a folder", hint="'ballyhoo init DIR' makes one"
            )
        return Workspace(named.resolve(), told_by)
    for folder in (start.resolve(), *start.resolve().parents):
        if (folder / FILE_NAME).is_file():
            return Workspace(folder, told_by)
    return Workspace(start.resolve(), told_by)
