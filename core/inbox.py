"""Opens the inbox of a workspace: what came from outside goes through it into the store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from .links import make_links

if TYPE_CHECKING:
    from .stored_inbox import StoreInbox
    from .workspace import Workspace


@contextmanager
def open_inbox(workspace: Workspace, source: str) -> Iterator[StoreInbox]:
    """Open the inbox of a workspace, for a plugin's own command.

    Args:
        workspace: What a command of the group `ballyhoo.commands` gets as `obj.workspace`.
        source: The plugin's name.

    Raises:
        EnvironmentMissing: There is no workspace, or its database cannot be opened.
        SettingsError: The settings are wrong.
    """
    # The public name is imported by whoever imports all of them: that must not load SQLAlchemy.
    from .store.opening import open_workspace_store
    from .stored_inbox import StoreInbox

    with open_workspace_store(workspace) as store:
        inbox = StoreInbox(store, source=source, signs=make_links(workspace.settings))
        yield inbox
        inbox.close()
