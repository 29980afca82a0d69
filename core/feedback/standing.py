"""Says how far each listener was told, and what keeps it from being told the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..errors import DataError
from ..spelling import suggest_name
from ..store.engine import Store
from ..store.happened import count_behind, find_newest
from ..store.listeners import ListenerRow, read_listeners, resume_listener


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a listener stands.

    Attributes:
        row: Its row.
        behind: How much was stored since its place, whether it is told of it or not.
        is_here: Whether this installation has it; else it was once told.
    """

    row: ListenerRow
    behind: int
    is_here: bool

    @property
    def state(self) -> str:
        """`ok`, `failing`, `paused`, or `gone` when it is told no more."""
        if not self.is_here:
            return "gone"
        if self.row.paused_at is not None:
            return "paused"
        return "failing" if self.row.failures else "ok"

    @property
    def is_wrong(self) -> bool:
        """Whether somebody should look at it."""
        return self.state in ("failing", "paused")


def list_standings(store: Store, names: Sequence[str]) -> list[Standing]:
    """Return where each listener stands, in order of their names.

    Args:
        store: An open store.
        names: Those that this installation has.
    """
    with store.read() as connection:
        rows = read_listeners(connection)
        newest = find_newest(connection)
        return [
            Standing(
                row=row,
                behind=count_behind(connection, row.place, newest),
                is_here=name in names,
            )
            for name, row in rows.items()
        ]


def resume(store: Store, name: str, *, skips: bool) -> None:
    """Let a listener be told again at once, from its place on.

    Args:
        store: An open store.
        name: The listener.
        skips: Whether to leave out the batch that it failed on.

    Raises:
        DataError: There is none of this name.
    """
    with store.begin() as connection:
        is_known = resume_listener(connection, name, skips=skips)
        known = [] if is_known else list(read_listeners(connection))
    if not is_known:
        raise DataError(
            f"nobody called '{name}' is told what happens",
            hint=suggest_name(name, known) or "'ballyhoo feedback --show' lists them",
        )
