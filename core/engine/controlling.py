"""What a person does to a run as a whole: pause it, let it go on, cancel it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, exists, literal, select

from ..errors import BallyhooError
from ..registry import Registry
from ..store.audit import name_user, record_audit
from ..store.engine import Store
from ..store.ledger.bulk_moves import move_messages
from ..store.ledger.doubts import end_untold
from ..store.ledger.receipts import has_messages
from ..store.ledger.runs import (
    RunRow,
    add_details,
    forget_failures,
    move_run,
    read_files,
    read_run,
)
from ..store.ledger.states import OPEN_RUNS, RunState, is_state
from ..store.tables import messages, runs
from .keeping import load_kept
from .reputation import forgive_reputation
from .runs import VersionsDiffer, find_other_versions

NO_LEASE = {"lease_owner": None, "lease_token": None, "lease_until": None}

UNTOLD = is_state("planned") | is_state("ready") | is_state("held")

CANCELLED = {**end_untold("cancelled"), "reason": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled:
    """What became of a cancellation.

    Attributes:
        messages: How many messages were cancelled.
        is_in_flight: Whether some were claimed or being sent: each of those is refused at its
            mark, or is out already.
    """

    messages: int
    is_in_flight: bool


def pause_run(store: Store, run_id: int, *, reason: str | None = None) -> RunRow:
    """Pause a run: nothing is marked any more; what is being sent is sent.

    Returns:
        The run as it is now.

    Raises:
        DataError: There is no such run.
        BallyhooError: It is paused already, or through.
    """
    said = reason or f"{name_user()} paused it"
    with store.begin() as connection:
        row = read_run(connection, run_id)
        if not move_run(
            connection, run_id, ("planning", "running", "waiting"), "paused",
            reason=said, **NO_LEASE,
        ):  # fmt: skip
            raise refuse(row, "paused")
        record_audit(connection, "run.pause", str(run_id), details={"reason": said})
        return read_run(connection, run_id)


def resume_run(
    store: Store, registry: Registry, run_id: int, *, accepts_versions: bool = False
) -> RunRow:
    """Let a run go on that was paused, or left alone because of other versions of its plugins.

    One that was paused before its plan was made is planned anew.

    Args:
        store: An open store.
        registry: The plugins of this process.
        run_id: The run.
        accepts_versions: Whether it may go on with the versions that are here.

    Returns:
        The run as it is now.

    Raises:
        DataError: There is no such run.
        BallyhooError: It is through.
        VersionsDiffer: Its plugins have other versions here, and that was not accepted.
        EnvironmentMissing: Its recipe cannot be read with the plugins that are here.
    """
    with store.read() as connection:
        row, files = read_run(connection, run_id), read_files(connection, run_id)
    if row.state not in OPEN_RUNS:
        raise refuse(row, "resumed")
    kept = row.details.get("plugins", {})
    differing = find_other_versions(kept, registry)
    if differing and not accepts_versions:
        raise VersionsDiffer(
            f"run {run_id} was started with other versions of its plugins: {', '.join(differing)}",
            hint=f"install those, or go on: 'ballyhoo resume {run_id} --accept-versions'",
        )
    if differing:
        load_kept(row.recipe, files, registry, run_id=run_id)[1].cleanup()
    with store.begin() as connection:
        if differing:
            _accept_versions(connection, row, registry)
        after: RunState = "planning" if row.audience is None else "running"
        is_moved = move_run(connection, run_id, ["paused"], after, reason=None)
        if is_moved:
            forget_failures(connection, run_id)
            forgive_reputation(connection, run_id)
        if is_moved or differing:
            details = {"versions": differing} if differing else None
            record_audit(connection, "run.resume", str(run_id), details=details)
        return read_run(connection, run_id)


def cancel_run(store: Store, run_id: int, *, now: int) -> Cancelled:
    """Cancel a run: what nobody was told of yet never leaves.

    Args:
        store: An open store.
        run_id: The run.
        now: The moment, in UTC milliseconds.

    Raises:
        DataError: There is no such run.
        BallyhooError: It is through.
    """
    with store.begin() as connection:
        row = read_run(connection, run_id)
        if not move_run(
            connection, run_id, OPEN_RUNS, "cancelled", finished_at=now, reason=None, **NO_LEASE
        ):
            raise refuse(row, "cancelled")
        record_audit(connection, "run.cancel", str(run_id), details={"was": row.state})
    moved = move_messages(store, run_id, UNTOLD, CANCELLED)
    with store.read() as connection:
        is_in_flight = has_messages(connection, run_id, "claimed", "sending")
    return Cancelled(messages=moved, is_in_flight=is_in_flight)


def cancel_leftovers(store: Store) -> int:
    """Cancel what came back to a run after it was cancelled; return how many messages.

    That is what a worker gave back, or died over, while the run was cancelled, and what a
    cancellation did not come to because it was killed.
    """
    left = [
        exists(select(literal(1)).where(messages.c.run_id == runs.c.id, is_state(state)))
        for state in ("planned", "ready", "held")
    ]
    found = select(runs.c.id).where(runs.c.state == "cancelled", left[0] | left[1] | left[2])
    with store.read() as connection:
        run_ids = connection.execute(found).scalars().all()
    return sum(move_messages(store, run_id, UNTOLD, CANCELLED) for run_id in run_ids)


def refuse(row: RunRow, wanted: str) -> BallyhooError:
    """Return the error that says why a run cannot be `wanted`, and what to do instead."""
    hints = {
        ("paused", "paused"): f"'ballyhoo resume {row.id}' lets it go on",
        ("finished", "resumed"): f"'ballyhoo retry {row.id}' tries failed messages again",
    }
    if row.state in ("finished", "cancelled"):
        hints.setdefault((row.state, wanted), f"'ballyhoo status {row.id}' shows what became of it")
    already = " already" if row.state == wanted else f"; it cannot be {wanted}"
    return BallyhooError(
        f"run {row.id} of '{row.campaign}' is {row.state}{already}",
        hint=hints.get((row.state, wanted)),
    )


def _accept_versions(connection: Connection, row: RunRow, registry: Registry) -> None:
    kept = row.details["plugins"]
    found = {name: registry.find(name) for name in kept}
    here = {
        name: version if (record := found[name]) is None else record.version
        for name, version in kept.items()
    }
    add_details(connection, row.id, {"plugins": here})
