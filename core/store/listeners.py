"""How far each listener was told: places, whose turn it is, and what went wrong."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, update

from .bulk import insert_rows
from .ledger.moments import DatabaseNow, lease_until
from .tables import listeners


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in what happened: the greatest ids of both tables that lie before it."""

    event_id: int
    message_event_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenerRow:
    """A listener as the store has it; times are UTC milliseconds.

    Attributes:
        name: `plugin:NAME` or `webhook:NAME`.
        place: Up to where it was told.
        end: Where the batch ends that it is being told, or failed on; None when there is none.
        failures: How often in a row it failed.
        failing_since: Since when; None when it does not.
        due_at: Before which it is not tried again; None when it may be at any time.
        paused_at: Since when it is paused; None when it is not.
        last_error: What went wrong last, for a person; None when nothing did since.
        told_at: When it was told something last.
        is_held: Whether somebody has the turn to tell it at this moment.
    """

    name: str
    place: Place
    end: Place | None
    failures: int
    failing_since: int | None
    due_at: int | None
    paused_at: int | None
    last_error: str | None
    told_at: int | None
    is_held: bool


def add_listeners(connection: Connection, names: Collection[str], place: Place) -> None:
    """Make listeners known who are told from a place on; one that is known keeps its own.

    Args:
        connection: Within a transaction that writes.
        names: Of the listeners.
        place: Where news begin for them.
    """
    rows = [(name, place.event_id, place.message_event_id) for name in sorted(names)]
    insert_rows(connection, listeners, ("name", "event_id", "message_event_id"), rows)


def read_listeners(connection: Connection) -> dict[str, ListenerRow]:
    """Return all listeners by name, also those that this process does not have."""
    is_held = and_(listeners.c.lease_token.is_not(None), listeners.c.lease_until >= DatabaseNow())
    found = connection.execute(
        select(listeners, is_held.label("is_held")).order_by(listeners.c.name)
    )
    return {row.name: _make_row(row._mapping) for row in found}


def take_turn(
    connection: Connection, row: ListenerRow, end: Place, token: str, seconds: float
) -> bool:
    """Take the turn to tell a listener a batch; False when somebody else has it, or had it.

    Args:
        connection: Within a transaction that writes.
        row: The listener as it was read; one that was moved meanwhile is somebody else's.
        end: Where the batch ends.
        token: What fences the turn.
        seconds: How long the turn holds.
    """
    free = or_(listeners.c.lease_token.is_(None), listeners.c.lease_until < DatabaseNow())
    taken = connection.execute(
        update(listeners)
        .where(_is_at(row.name, row.place), free)
        .values(
            lease_token=token,
            lease_until=lease_until(seconds),
            end_event_id=end.event_id,
            end_message_event_id=end.message_event_id,
        )
    )
    return taken.rowcount == 1


def move_listener(
    connection: Connection, name: str, token: str, end: Place, *, told_at: int | None
) -> bool:
    """Move a listener behind a batch that it was told; False when the turn was lost.

    Args:
        connection: Within a transaction that writes.
        name: The listener.
        token: That of its turn.
        end: Where the batch ended.
        told_at: When; None when there was nothing in the batch for it.
    """
    values = {"told_at": told_at} if told_at is not None else {}
    moved = connection.execute(
        update(listeners)
        .where(listeners.c.name == name, listeners.c.lease_token == token)
        .values(
            event_id=end.event_id,
            message_event_id=end.message_event_id,
            **_AT_EASE,
            **values,
        )
    )
    return moved.rowcount == 1


def note_failure(
    connection: Connection,
    name: str,
    token: str,
    said: str,
    *,
    now: int,
    due_at: int,
    is_paused: bool,
) -> bool:
    """Note that a listener could not be told, and when to try again; its place stays.

    Args:
        connection: Within a transaction that writes.
        name: The listener.
        token: That of its turn.
        said: What went wrong, without identity.
        now: The moment, in UTC milliseconds.
        due_at: When it is tried again.
        is_paused: Whether it is given up until somebody resumes it.

    Returns:
        False when the turn was lost.
    """
    noted = connection.execute(
        update(listeners)
        .where(listeners.c.name == name, listeners.c.lease_token == token)
        .values(
            failures=listeners.c.failures + 1,
            failing_since=func.coalesce(listeners.c.failing_since, now),
            due_at=due_at,
            paused_at=now if is_paused else None,
            last_error=said,
            lease_token=None,
            lease_until=None,
        )
    )
    return noted.rowcount == 1


def resume_listener(connection: Connection, name: str, *, skips: bool) -> bool:
    """Let a listener be told again at once; False when there is none of this name.

    Args:
        connection: Within a transaction that writes.
        name: The listener.
        skips: Whether to leave out the batch that it failed on.
    """
    row = read_listeners(connection).get(name)
    if row is None:
        return False
    end = row.end if skips and row.end is not None else row.place
    connection.execute(
        update(listeners)
        .where(_is_at(name, row.place))
        .values(event_id=end.event_id, message_event_id=end.message_event_id, **_AT_EASE)
    )
    return True


def keep_places(connection: Connection) -> None:
    """Keep places true after events were deleted: SQLite gives their ids to the next ones.

    Args:
        connection: The transaction that deleted them, before it adds any.
    """
    if connection.dialect.name != "sqlite":
        return
    last = "(SELECT coalesce(max(id), 0) FROM events)"
    # Who is being told what was deleted would be moved behind what takes its ids.
    connection.exec_driver_sql(
        f"UPDATE {listeners.name} SET event_id = min(event_id, {last}), lease_token = NULL, "
        "end_event_id = NULL, end_message_event_id = NULL "
        f"WHERE max(event_id, coalesce(end_event_id, 0)) > {last}"
    )


_AT_EASE: dict[str, int | None] = {
    "end_event_id": None, "end_message_event_id": None, "failures": 0, "failing_since": None,
    "due_at": None, "paused_at": None, "last_error": None, "lease_token": None,
    "lease_until": None,
}  # fmt: skip


def _is_at(name: str, place: Place) -> ColumnElement[bool]:
    return and_(
        listeners.c.name == name,
        listeners.c.event_id == place.event_id,
        listeners.c.message_event_id == place.message_event_id,
    )


def _make_row(row: Mapping[Any, Any]) -> ListenerRow:
    ends = row["end_event_id"], row["end_message_event_id"]
    same = (
        "name", "failures", "failing_since", "due_at", "paused_at", "last_error", "told_at",
    )  # fmt: skip
    return ListenerRow(
        place=Place(row["event_id"], row["message_event_id"]),
        end=None if None in ends else Place(*ends),
        is_held=bool(row["is_held"]),
        **{name: row[name] for name in same},
    )
