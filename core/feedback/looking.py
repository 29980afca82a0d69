"""Says for `doctor` and `status` which listeners are failing or paused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from ..errors import BallyhooError
from ..finding import Finding
from .names import PLUGIN, name_listeners

if TYPE_CHECKING:
    from ..settings import Settings
    from ..store.engine import Store
    from ..workspace import Workspace
    from .standing import Standing


def look_at_listeners(workspace: Workspace, settings: Settings) -> Iterator[Finding]:
    """Yield for each plugin and endpoint that is told what happens how that goes."""
    from ..store.opening import has_database, open_workspace_store

    names = name_listeners(workspace.registry, settings)
    if not names:
        return
    found: dict[str, Standing] = {}
    if not has_database(workspace):
        return
    with suppress(BallyhooError), open_workspace_store(workspace, may_create=False) as store:
        found = {one.row.name: one for one in _list(store, names)}
    for name in names:
        what = f"feedback {name.removeprefix(PLUGIN)}" if name.startswith(PLUGIN) else name
        one = found.get(name)
        if one is None:
            yield Finding(what=what, ok=True, hint="it was not told anything yet")
        elif one.is_wrong:
            yield Finding(what=what, ok=False, hint=describe(one))
        else:
            yield Finding(what=what, ok=True, hint=f"behind by {one.behind:,}")


def list_problems(store: Store, workspace: Workspace) -> list[str]:
    """Return for each listener that somebody should look at what is wrong, for a person."""
    names = name_listeners(workspace.registry, workspace.settings)
    return [f"{one.row.name} is {describe(one)}" for one in _list(store, names) if one.is_wrong]


def describe(standing: Standing) -> str:
    """Return what is wrong with a listener, and what to do."""
    row = standing.row
    said = f"{standing.state}, behind by {standing.behind:,}: {row.last_error}"
    if standing.state == "paused":
        return f"{said}; 'ballyhoo feedback --resume {row.name}' lets it be told again"
    return f"{said}; it is tried again by itself"


def _list(store: Store, names: list[str]) -> list[Standing]:
    from .standing import list_standings

    return list_standings(store, names) if names else []
