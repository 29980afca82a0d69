"""Says where a run stands, and what it waits for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from ..errors import BallyhooError
from ..experiments.allocation import read_allocation
from ..registry import Registry
from ..store.engine import Store
from ..store.ledger.answers import AnswerCount, count_answers
from ..store.ledger.claims import find_next_due
from ..store.ledger.delays import PutOff, count_held, find_put_off, list_holders
from ..store.ledger.outlook import look_ahead
from ..store.ledger.owners import AliveOwner, list_alive
from ..store.ledger.rates import foresee_slot, foresee_warm_up
from ..store.ledger.receipts import RunReceipt, count_receipt, has_messages
from ..store.ledger.runs import RunRow, read_files, read_run
from ..store.ledger.standing import is_standing
from ..store.ledger.waves import read_waves
from .keeping import load_kept
from .pacing import name_ladder, name_rate
from .wave_opening import foresee_wave

SHORT_MS = 2_000
"""What a rate lets wait for so long only is on its way, and waits for nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Something that a run waits for.

    Attributes:
        said: What, for a person.
        until: When that is over, in UTC milliseconds; None when nobody can tell.
    """

    said: str
    until: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStatus:
    """Where a run stands.

    Attributes:
        row: The run.
        receipt: What became of everybody so far.
        waits: What it waits for; empty when it is being worked on, or through.
        next_due_at: When something is due next, in UTC milliseconds; None when nothing is.
        workers: The processes that are there to work on runs.
        holders: The ids of those that work on this one at this moment.
        answers: What people answered to its question whether they are satisfied.
    """

    row: RunRow
    receipt: RunReceipt
    waits: tuple[Wait, ...]
    next_due_at: int | None
    workers: tuple[AliveOwner, ...]
    holders: frozenset[int]
    answers: tuple[AnswerCount, ...] = ()


def read_status(
    store: Store,
    run_id: int,
    *,
    registry: Registry,
    now: int,
    has_broker: bool = False,
    but: int | None = None,
) -> RunStatus:
    """Return where a run stands.

    Args:
        store: An open store.
        run_id: The run.
        registry: The plugins of this process; without those of the run, nothing is said of rates.
        now: The moment, in UTC milliseconds.
        has_broker: Whether workers do the work, and not whoever calls `run`.
        but: An owner that does not count as a worker: this process.

    Raises:
        DataError: There is no such run.
    """
    workers = [one for one in list_alive(store) if one.id != but]
    with store.read() as connection:
        row = read_run(connection, run_id)
        opens_at: int | None = None
        receipt = count_receipt(connection, run_id)
        answers = count_answers(connection, run_id)
        holders = list_holders(connection, run_id) & {one.id for one in workers}
        variants = row.details.get("variants") or [None]
        ready_at = find_next_due(connection, run_id, variants)
        put_off = find_put_off(connection, run_id)
        waits: list[Wait] = []
        if row.state in ("planning", "running", "waiting"):
            waits = [
                *_wait_for_stages(connection, row, put_off, now),
                *_wait_for_time(connection, row, ready_at, now),
            ]
            wave, opens_at = _wait_for_wave(connection, row, variants, ready_at, now)
            waits += wave
            if ready_at is not None and ready_at <= now:
                waits += _wait_for_rates(connection, row, registry, now)
            if is_standing(row.details) and ready_at is None:
                waits = [Wait(said="mail: 'ballyhoo inbox' reads it")]
            if not waits and not holders:
                waits = _wait_for_workers(row, registry, workers, has_broker)
    put_off_at = None if put_off is None else put_off.due_at
    moments = [at for at in (ready_at, put_off_at, opens_at) if at is not None]
    is_open = row.state not in ("finished", "cancelled")
    return RunStatus(
        row=row,
        receipt=receipt,
        waits=tuple(waits),
        next_due_at=min(moments, default=None) if is_open else None,
        workers=tuple(workers),
        holders=frozenset(holders),
        answers=tuple(answers),
    )


def _wait_for_stages(
    connection: Connection, row: RunRow, put_off: PutOff | None, now: int
) -> list[Wait]:
    waits = []
    if put_off is not None and put_off.due_at > now:
        waits.append(Wait(said=put_off.said, until=put_off.due_at))
    held = count_held(connection, row.id)
    if held:
        what = "message" if held == 1 else "messages"
        said = f"somebody's approval of {held:,} {what}: 'ballyhoo approve {row.id} --show'"
        waits.append(Wait(said=said))
    return waits


def _wait_for_time(
    connection: Connection, row: RunRow, ready_at: int | None, now: int
) -> list[Wait]:
    if ready_at is None or ready_at <= now:
        return []
    if has_messages(connection, row.id, "claimed", "sending"):
        return []
    if row.not_before is not None and row.not_before > now:
        return [Wait(said="the moment that --at gave", until=ready_at)]
    return [Wait(said="the time at which the next message may leave", until=ready_at)]


def _wait_for_wave(
    connection: Connection,
    row: RunRow,
    variants: Sequence[str | None],
    ready_at: int | None,
    now: int,
) -> tuple[list[Wait], int | None]:
    """Return what the next wave of a run waits for, and when it opens as far as that is known."""
    outlook = look_ahead(connection, row.id, variants)
    if not outlook.has_waiting or (ready_at is not None and ready_at <= now):
        return [], None
    allocation, last = read_allocation(row.details), read_waves(row.details)[-1]
    if allocation is None or last.people is None or outlook.has_planned or outlook.is_in_flight:
        return [], None
    which = f"wave {last.wave} of {allocation.waves}"
    _, opens_at = foresee_wave(connection, row, outlook, is_idle=False, now=now)
    if opens_at is None:
        return [Wait(said=f"{which} to leave, before the next one opens")], None
    said = f"what {which} teaches; wave {last.wave + 1} opens then"
    if allocation.feedback is not None:
        said += f", or after {allocation.feedback:,} reactions"
    return [Wait(said=said, until=opens_at)], opens_at


def _wait_for_rates(
    connection: Connection, row: RunRow, registry: Registry, now: int
) -> list[Wait]:
    try:
        files = read_files(connection, row.id)
        campaign, folder = load_kept(row.recipe, files, registry, run_id=row.id)
    except BallyhooError:
        return []
    folder.cleanup()
    waits: dict[str, Wait] = {}
    for bound in campaign.variants.values():
        deliver, plugin = bound.recipe.deliver, bound.stages["deliver"].plugin
        if deliver is None:
            continue
        if deliver.rate is not None and deliver.rate.total is not None:
            key = name_rate(plugin, deliver.rate.total)
            at = foresee_slot(connection, key, deliver.rate.total, now=now)
            if at > now + SHORT_MS:
                waits["rate"] = Wait(said="the rate of messages", until=at)
        if deliver.warm_up is not None:
            key = name_ladder(plugin)
            at = foresee_warm_up(connection, key, deliver.warm_up, now=now, wanted=1)
            if at > now + SHORT_MS:
                waits["warm_up"] = Wait(said="the next step of the warm-up", until=at)
    return list(waits.values())


def _wait_for_workers(
    row: RunRow, registry: Registry, workers: Sequence[AliveOwner], has_broker: bool
) -> list[Wait]:
    """Return what a run waits for that something is due of, and that nobody works on."""
    kept = row.details.get("plugins", {})
    if workers:
        found = [_compare(kept, one.plugins) for one in workers]
        differing, where = (found[0] if all(found) else []), "those that the workers have"
    else:
        here = {record.name: record.version for record in registry}
        differing, where = ([] if has_broker else _compare(kept, here)), "those that are here"
    if differing:
        said = (
            f"other versions of its plugins: {', '.join(differing)}; "
            f"'ballyhoo resume {row.id} --accept-versions' goes on with {where}"
        )
        return [Wait(said=said)]
    if not workers:
        start = "ballyhoo worker" if has_broker else f"ballyhoo resume {row.id}"
        return [Wait(said=f"somebody to work on it: '{start}' does")]
    return []


def _compare(kept: Mapping[str, str], here: Mapping[str, str]) -> list[str]:
    """Return the plugins that a run was started with in another version than is there."""
    return [
        f"{name} {version} (not {here[name]})"
        for name, version in kept.items()
        if name in here and here[name] != version
    ]
