"""Opens the waves of a run: when the last one has left and was waited for, with what it taught."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from sqlalchemy import Connection

from ..assignment import choose_variant
from ..experiments.allocation import Allocation, read_allocation
from ..policy.expiry import find_expiry
from ..store.engine import Store
from ..store.ledger.expiry import EXPIRES
from ..store.ledger.outlook import Outlook
from ..store.ledger.plans import PlannedVariant, RunPlan
from ..store.ledger.propensities import find_mean_shares, keep_lesson, keep_propensities
from ..store.ledger.runs import RunRow, add_details, is_working, read_run
from ..store.ledger.waves import (
    WAVES,
    OpenedWave,
    WaitingRow,
    assign_some,
    count_people,
    find_last_sent,
    has_left,
    has_waiting,
    note_wave,
    open_wave,
    read_waves,
)
from ..store.patience import write_patiently
from ..store.wave_outcomes import count_feedback
from .crash_points import reach
from .drawing_by_traits import Drawing, open_drawing
from .engine import LOG, Engine
from .runs import Run
from .wave_learning import learn_of_waves

AT_ONCE = 1_000
"""People who are given a variant in one transaction: well under half a second on SQLite."""


def begin_waves(store: Store, plan: RunPlan, not_before: int | None) -> dict[str, Any]:
    """Return what a run keeps of its first wave, which opens with its plan; nothing without waves.

    Args:
        store: An open store, in which the run is planned.
        plan: Its plan.
        not_before: Nothing of it leaves before, in UTC milliseconds.
    """
    if not plan.waves:
        return {}
    names = [str(one.name) for one in plan.variants]
    with store.read() as connection:
        people = count_people(connection, plan.run_id, 1)
    first = {
        "wave": 1,
        "opened_at": max(plan.at, not_before or 0),
        "shares": dict.fromkeys(names, 1 / len(names)),
        "people": people,
    }
    return {WAVES: [first]}


def advance_waves(engine: Engine, run: Run) -> bool:
    """Do what is to be done for the waves of a run; safe by any number of processes at once.

    Returns:
        Whether anything was done.
    """
    with engine.store.read() as connection:
        row = read_run(connection, run.id)
    allocation = read_allocation(row.details)
    opened = read_waves(row.details)
    if allocation is None or not opened or row.state not in ("running", "waiting"):
        return False
    last = opened[-1]
    if last.people is None:
        return _assign(engine, run, last)
    if last.wave >= allocation.waves:
        return False
    if last.left_at is None:
        return _note_left(engine, run, last)
    due = engine.now >= last.left_at + allocation.wait_ms
    if not (due or has_feedback(engine, row)):
        return False
    opened_now = _open(engine, run, row, allocation, opened)
    if opened_now is None:
        return False
    _assign(engine, run, opened_now)
    return True


def has_feedback(engine: Engine, row: RunRow) -> bool:
    """Whether the last wave of a run has as much feedback as its recipe waits for."""
    allocation, opened = read_allocation(row.details), read_waves(row.details)
    if allocation is None or allocation.feedback is None or not opened:
        return False
    if opened[-1].left_at is None or opened[-1].wave >= allocation.waves:
        return False
    with engine.store.read() as connection:
        found = count_feedback(connection, row.id, opened[-1].wave, allocation.metric)
    return found >= allocation.feedback


def has_news(engine: Engine, row: RunRow, opens_at: int | None) -> bool:
    """Whether the next wave of a run may open before its time, as there is enough feedback.

    It is asked every other second for as long as a run waits, and looks only now and then.

    Args:
        engine: The engine.
        row: The run.
        opens_at: When the wave would open otherwise, in UTC milliseconds; None when not known.
    """
    allocation = read_allocation(row.details)
    if opens_at is None or allocation is None or allocation.feedback is None:
        return False
    what = f"feedback of wave {len(read_waves(row.details))}"
    return engine.looks.ask(what, row.id, engine, lambda: has_feedback(engine, row))


def foresee_wave(
    connection: Connection, row: RunRow, outlook: Outlook, *, is_idle: bool, now: int
) -> tuple[bool, int | None]:
    """Return whether there is something to do for the waves of a run, and when the next one opens.

    Args:
        connection: Within any transaction.
        row: The run.
        outlook: What it has to do otherwise.
        is_idle: Whether nothing of it is to be done just now.
        now: The moment, in UTC milliseconds.

    Returns:
        The moment is None when it is not known yet: the last wave has not left.
    """
    allocation, opened = read_allocation(row.details), read_waves(row.details)
    if allocation is None or not opened:
        return False, None
    last = opened[-1]
    if last.people is None:
        return True, None
    if not outlook.has_waiting:
        return False, None
    if last.left_at is None:
        return is_idle and has_left(connection, row.id, last), None
    opens_at = last.left_at + allocation.wait_ms
    return opens_at <= now, opens_at


def _note_left(engine: Engine, run: Run, wave: OpenedWave) -> bool:
    with engine.store.read() as connection:
        if not has_left(connection, run.id, wave):
            return False
        left_at = find_last_sent(connection, run.id, wave.wave)
    if not any((wave.people or {}).values()):
        left_at = 0  # nobody is in it, and nothing to wait for
    with engine.store.begin() as connection:
        at = engine.now if left_at is None else left_at
        return note_wave(connection, run.id, wave.wave, left_at=at)


def _open(
    engine: Engine, run: Run, row: RunRow, allocation: Allocation, opened: Sequence[OpenedWave]
) -> OpenedWave | None:
    """Learn of the waves that left, and open the next one; None when somebody else did."""
    wave = opened[-1].wave + 1
    entry, lesson = learn_of_waves(engine, run, row, allocation, opened)
    with engine.store.begin() as connection:
        if not open_wave(connection, run.id, wave, entry):
            return None
        if lesson is not None:
            keep_lesson(connection, run.id, wave, lesson)
    reach("wave_opened")
    said = ", ".join(f"{name} {share:.0%}" for name, share in entry["shares"].items())
    LOG.info("wave %d opens: %s", wave, said, extra={"run": run.id})
    return OpenedWave(wave=wave, **entry)


def _assign(engine: Engine, run: Run, wave: OpenedWave) -> bool:
    """Give everybody in an open wave her variant; it goes on where it was killed."""
    from .planning import make_plan

    made = make_plan(engine, run.campaign, people=0, run_id=run.id, starts_at=wave.opened_at)
    plan = date_plan(run, made, wave.opened_at)
    drawing = open_drawing(engine.store, run.id, wave)
    assign = partial(_assign_some, run.id, plan, wave, drawing)
    above: int | None = 0
    while above is not None:
        if drawing is not None:
            drawing.look_ahead(above, AT_ONCE)
        above = write_patiently(engine.store, partial(assign, above))
        reach("range_assigned")
    with engine.store.read() as connection:
        if has_waiting(connection, run.id, wave.wave):
            return False  # it was paused, or somebody else is at it
        facts: dict[str, Any] = {"people": count_people(connection, run.id, wave.wave)}
        mean = {} if drawing is None else find_mean_shares(connection, run.id, wave.wave)
    if mean:
        facts["shares"] = mean
    ends = [one.expires_at for one in plan.variants if one.expires_at is not None]

    def note(connection: Connection) -> bool:
        kept = read_run(connection, run.id).details.get(EXPIRES)
        if ends and (kept is None or min(ends) < int(kept)):
            add_details(connection, run.id, {EXPIRES: min(ends)})
        return note_wave(connection, run.id, wave.wave, **facts)

    return write_patiently(engine.store, note)


def date_plan(run: Run, plan: RunPlan, begins: int) -> RunPlan:
    """Return a plan by whose variants messages expire as from a moment, in UTC milliseconds."""
    return replace(
        plan,
        variants=tuple(
            replace(
                one, expires_at=find_expiry(run.campaign.variants[one.name].recipe.policy, begins)
            )
            for one in plan.variants
        ),
    )


def _assign_some(
    run_id: int,
    plan: RunPlan,
    wave: OpenedWave,
    drawing: Drawing | None,
    above: int,
    connection: Connection,
) -> int | None:
    if not is_working(connection, run_id):
        return None
    drawn: list[tuple[int, str, Mapping[str, float]]] = []
    choose = partial(_choose, plan, wave, drawing, drawn)
    reached = assign_some(connection, run_id, wave.wave, above, AT_ONCE, choose)
    keep_propensities(connection, drawn)
    return reached


def _choose(
    plan: RunPlan,
    wave: OpenedWave,
    drawing: Drawing | None,
    drawn: list[tuple[int, str, Mapping[str, float]]],
    rows: Sequence[WaitingRow],
) -> list[Sequence[Any]]:
    """Return the values of `ASSIGNED` for some people, and note the shares that are their own."""
    by_name = {str(one.name): one for one in plan.variants}
    # In the order of the recipe: the database keeps that of the names.
    of_all = {name: wave.shares[name] for name in by_name}
    own = {} if drawing is None else drawing.find_shares([row.recipient for row in rows])
    placed = []
    for row in rows:
        shares = of_all
        if row.recipient in own:
            shares = {name: own[row.recipient][name] for name in by_name}
        variant = choose_variant(shares, plan.key, plan.campaign, row.recipient)
        if row.recipient in own:
            drawn.append((row.id, variant, shares))
        placed.append(place_message(row, by_name[variant]))
    return placed


def place_message(row: WaitingRow, variant: PlannedVariant) -> Sequence[Any]:
    """Return the values of `ASSIGNED` for somebody who is given to a variant."""
    address = row.email_id if variant.address_field == "email" else row.phone_id
    state, reason = (variant.state, None) if address is not None else ("skipped", "no_address")
    due_at = variant.due_by_zone.get(row.time_zone or "", variant.due_at)
    return (
        row.id, variant.name, state, reason, variant.rules.channel, address, due_at,
        variant.expires_at,
    )  # fmt: skip
