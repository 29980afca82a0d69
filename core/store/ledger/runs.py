"""The rows of runs: made, read, and moved from state to state."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from ...errors import DataError
from ..tables import runs
from .states import OPEN_RUNS, WORKING_RUNS, RunState


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """A run as the ledger has it; times are UTC milliseconds.

    Attributes:
        id: Its id.
        campaign: The campaign's name.
        state: `planning`, `running`, `waiting`, `paused`, `finished` or `cancelled`.
        seed: Of everything random in it.
        recipe: The recipe's text, as it was.
        recipe_hash: SHA-256 of the recipe's bytes, in hex.
        priority: Greater has the last place under a cap.
        reason: Why it is paused, for a person.
        details: What else it keeps: versions of plugins, brand, limit.
        audience: How many distinct people the segment gave; None while planning.
        created_at: When it was started.
        not_before: Nothing leaves before.
        finished_at: When it was through, or cancelled.
    """

    id: int
    campaign: str
    state: RunState
    seed: int
    recipe: str
    recipe_hash: str
    priority: int
    reason: str | None
    details: Mapping[str, Any]
    audience: int | None
    created_at: int
    not_before: int | None
    finished_at: int | None


FAILURES = "failures"
"""Where a run keeps how often its channel failed in a row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunHead:
    """A run in a list, without what it keeps; see `RunRow`."""

    id: int
    campaign: str
    state: RunState
    reason: str | None
    audience: int | None
    created_at: int
    not_before: int | None
    finished_at: int | None


_COLUMNS = [runs.c[name] for name in RunRow.__slots__]


def add_run(connection: Connection, **values: Any) -> int:
    """Make a run that is to be planned, and return its id; `values` are columns of it."""
    made = insert(runs).values(state="planning", **values).returning(runs.c.id)
    run_id: int = connection.execute(made).scalar_one()
    return run_id


def read_run(connection: Connection, run_id: int) -> RunRow:
    """Return a run.

    Raises:
        DataError: There is none with this id.
    """
    row = connection.execute(select(*_COLUMNS).where(runs.c.id == run_id)).first()
    if row is None:
        raise DataError(f"there is no run {run_id}", hint="'ballyhoo status' lists the runs")
    return RunRow(**row._mapping)


def read_state(connection: Connection, run_id: int) -> RunState:
    """Return the state of a run that is there."""
    state: RunState = connection.execute(
        select(runs.c.state).where(runs.c.id == run_id)
    ).scalar_one()
    return state


def read_files(connection: Connection, run_id: int) -> dict[str, str]:
    """Return the files that a run keeps, in base64 by name: up to many megabytes."""
    found = connection.execute(select(runs.c.files).where(runs.c.id == run_id))
    return dict(found.scalar_one())


def find_latest_run(connection: Connection, campaign: str) -> RunRow | None:
    """Return the run of a campaign that was started last; None when there is none."""
    newest = (
        select(*_COLUMNS).where(runs.c.campaign == campaign).order_by(runs.c.id.desc()).limit(1)
    )
    row = connection.execute(newest).first()
    return None if row is None else RunRow(**row._mapping)


def find_open_runs(connection: Connection, campaign: str) -> list[RunRow]:
    """Return the runs of a campaign that are not through, the newest first."""
    found = select(*_COLUMNS).where(runs.c.campaign == campaign, runs.c.state.in_(OPEN_RUNS))
    return [RunRow(**row._mapping) for row in connection.execute(found.order_by(runs.c.id.desc()))]


def list_runs(
    connection: Connection, *, states: Collection[str] | None = None, most: int | None = None
) -> list[RunRow]:
    """Return runs, the newest first; only those in some states when these are given."""
    found = select(*_COLUMNS).order_by(runs.c.id.desc()).limit(most)
    if states is not None:
        found = found.where(runs.c.state.in_(list(states)))
    return [RunRow(**row._mapping) for row in connection.execute(found)]


def list_heads(connection: Connection, *, most: int) -> list[RunHead]:
    """Return the newest runs, the last one first."""
    columns = [runs.c[name] for name in RunHead.__slots__]
    found = select(*columns).order_by(runs.c.id.desc()).limit(most)
    return [RunHead(**row._mapping) for row in connection.execute(found)]


def list_open_runs(connection: Connection) -> list[RunRow]:
    """Return the runs that are not through, the most urgent first."""
    found = select(*_COLUMNS).where(runs.c.state.in_(OPEN_RUNS))
    ordered = found.order_by(runs.c.priority.desc(), runs.c.id)
    return [RunRow(**row._mapping) for row in connection.execute(ordered)]


def lock_run(connection: Connection, run_id: int) -> RunState | None:
    """Return the state of a run, which nobody else moves until the transaction ends.

    Who closes a run, and who gives a closed one work again, each lock it first: else a message
    could become ready behind the back of whoever has just found that none is.

    Returns:
        None when somebody else has the lock: nobody is waited for.
    """
    found = select(runs.c.state).where(runs.c.id == run_id).with_for_update(skip_locked=True)
    state: RunState | None = connection.execute(found).scalar()
    return state


def reopen_run(connection: Connection, run_id: int) -> None:
    """Let a finished run run again, within the transaction that gives it work.

    Several that give it work do not wait for each other, only whoever closes it waits for them,
    or they for her.
    """
    found = select(runs.c.state).where(runs.c.id == run_id).with_for_update(read=True)
    if connection.execute(found).scalar() == "finished":
        move_run(connection, run_id, ["finished"], "running", finished_at=None)


def is_working(connection: Connection, run_id: int) -> bool:
    """Whether something may be done for a run now: it is not paused, nor through."""
    works = select(runs.c.id).where(runs.c.id == run_id, runs.c.state.in_(WORKING_RUNS))
    return connection.execute(works).first() is not None


def count_running(connection: Connection, plugin: str) -> int:
    """Return how many runs that need a plugin are working now."""
    needs = runs.c.details[("plugins", plugin)].as_string().is_not(None)
    counted = select(func.count()).where(runs.c.state == "running", needs)
    return connection.execute(counted).scalar_one()


def move_run(
    connection: Connection,
    run_id: int,
    before: Collection[RunState],
    after: RunState,
    **values: Any,
) -> bool:
    """Move a run to another state; False, and nothing done, when it is in none of `before`."""
    moved = connection.execute(
        update(runs)
        .where(runs.c.id == run_id, runs.c.state.in_(list(before)))
        .values(state=after, **values)
    )
    return moved.rowcount == 1


def count_failure(connection: Connection, run_id: int) -> int:
    """Count that a run's channel failed, and return how often it did in a row."""
    details = _lock_details(connection, run_id)
    failures = int(details.get(FAILURES, 0)) + 1
    note_details(connection, run_id, {**details, FAILURES: failures})
    return failures


def has_failures(connection: Connection, run_id: int) -> bool:
    """Whether failures of a run's channel are counted now."""
    counted = select(runs.c.details[FAILURES].as_integer()).where(runs.c.id == run_id)
    return connection.execute(counted).scalar() is not None


def forget_failures(connection: Connection, run_id: int) -> None:
    """Begin to count failures anew: the channel sent something, or a person let it go on."""
    details = _lock_details(connection, run_id)
    if details.pop(FAILURES, None) is not None:
        note_details(connection, run_id, details)


def note_details(connection: Connection, run_id: int, details: Mapping[str, Any]) -> None:
    """Replace what a run keeps."""
    connection.execute(update(runs).where(runs.c.id == run_id).values(details=dict(details)))


def add_details(connection: Connection, run_id: int, facts: Mapping[str, Any]) -> None:
    """Add to what a run keeps."""
    note_details(connection, run_id, {**_lock_details(connection, run_id), **facts})


def _lock_details(connection: Connection, run_id: int) -> dict[str, Any]:
    found = select(runs.c.details).where(runs.c.id == run_id).with_for_update()
    return dict(connection.execute(found).scalar_one())
