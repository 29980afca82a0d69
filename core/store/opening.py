"""Opens the store of a workspace, as its settings say."""

from __future__ import annotations

from pathlib import Path

from ..workspace import Workspace
from .engine import Store, open_store

DEFAULT_FILE = "ballyhoo.db"


def find_database_url(workspace: Workspace) -> str:
    """Return the URL of a workspace's database: the one that is set, else SQLite in its folder.

    Raises:
        EnvironmentMissing: None is set, and there is no workspace.
    """
    url = workspace.settings.database_url.get_secret_value()
    if not url:
        workspace.require()
    return url or f"sqlite:///{workspace.folder / DEFAULT_FILE}"


def has_database(workspace: Workspace) -> bool:
    """Whether there may be a database: looking into a SQLite file that is not there makes one."""
    url = workspace.settings.database_url.get_secret_value()
    if url:
        path = url.removeprefix("sqlite:///")
        return path == url or Path(path).exists()
    return (workspace.folder / DEFAULT_FILE).exists()


def open_workspace_store(workspace: Workspace, *, may_create: bool = True) -> Store:
    """Open the store of a workspace.

    Args:
        workspace: Which.
        may_create: Make the tables of a SQLite file that is new. Workers say False.

    Raises:
        EnvironmentMissing: It cannot be reached, is at another revision, has another
            suppression key, or there is no workspace.
        SettingsError: The settings are wrong.
    """
    settings = workspace.settings
    url = find_database_url(workspace)
    return open_store(
        url,
        suppression_key=settings.suppression_key.get_secret_value() or None,
        old_suppression_keys=[key.get_secret_value() for key in settings.old_suppression_keys],
        create=may_create and url.startswith("sqlite:"),
    )
