"""Stops a variant that drives people away, and gives its messages to the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import Connection

from ..assignment import choose_other
from ..errors import BallyhooError
from ..experiments.allocation import Limits, read_limits
from ..store.ledger.plans import RunPlan
from ..store.ledger.runs import RunRow, add_details, move_run, read_run
from ..store.ledger.stops import (
    STOPPED_ALL,
    has_movable,
    move_some,
    read_stopped,
    stop_variants,
)
from ..store.ledger.waves import WaitingRow, read_waves
from ..store.patience import write_patiently
from ..store.wave_outcomes import count_harm, count_sent
from .crash_points import reach
from .engine import LOG, Engine
from .planning import find_shares, make_plan
from .runs import Run, load_run
from .wave_opening import AT_ONCE, date_plan, place_message


def watch_guardrail(engine: Engine, row: RunRow) -> None:
    """Stop those variants of a run that are beyond their limits; when all are, pause the run.

    Safe to call at any time, by several at once.
    """
    limits = read_limits(row.details)
    if limits is None:
        return
    stopped = read_stopped(row.details)
    what = f"harm of {len(stopped)} stopped"
    if engine.looks.ask(what, row.id, engine, lambda: bool(_judge(engine, row, limits))):
        _stop(engine, row, _judge(engine, row, limits))
        with engine.store.read() as connection:
            stopped = read_stopped(read_run(connection, row.id).details)
    for variant in stopped:
        _move(engine, row, variant, stopped)


def _judge(engine: Engine, row: RunRow, limits: Limits) -> dict[str, str]:
    """Return which variants are to be stopped, and why."""
    with engine.store.read() as connection:
        harm = count_harm(connection, row.id)
        if not harm:
            return {}
        sent = count_sent(connection, row.id)
    from ..experiments.harm import Harm, find_harmful  # NumPy, which few runs need

    waves: dict[int, dict[str, Harm]] = {}
    for (wave, variant), people in sent.items():
        kinds = harm.get((wave, variant), {})
        waves.setdefault(wave, {})[variant] = Harm(
            people=people,
            unsubscribed=kinds.get("unsubscribe", 0),
            complained=kinds.get("complaint", 0),
        )
    stopped = read_stopped(row.details)
    names = [name for name in row.details.get("variants", ()) if name not in stopped]
    found = find_harmful([waves[wave] for wave in sorted(waves)], names, limits)
    if len(found) == len(names) and STOPPED_ALL in row.details:
        return {}  # a person let it go on all the same
    return found


def _stop(engine: Engine, row: RunRow, reasons: Mapping[str, str]) -> None:
    stopped = read_stopped(row.details)
    names = [name for name in row.details.get("variants", ()) if name not in stopped]
    if not reasons:
        return
    if len(reasons) == len(names):
        said = "; ".join(f"{name}: {reason}" for name, reason in reasons.items())
        problem = f"all of its variants drive people away ({said})"
        with engine.store.begin() as connection:
            if not move_run(connection, row.id, ("running", "waiting"), "paused", reason=problem):
                return
            add_details(connection, row.id, {STOPPED_ALL: True})
        LOG.error("paused: %s", problem, extra={"run": row.id})
        return
    with engine.store.begin() as connection:
        new = stop_variants(connection, row.id, reasons, at=engine.now)
    for name in new:
        LOG.warning("%s was stopped: %s", name, reasons[name], extra={"run": row.id})
    reach("variant_stopped")


def _move(engine: Engine, row: RunRow, variant: str, stopped: Mapping[str, str]) -> None:
    """Give what has not left of a stopped variant to the others; it goes on where it was killed."""
    with engine.store.read() as connection:
        if not has_movable(connection, row.id, variant):
            return
    try:
        run = load_run(engine, row.id)
    except BallyhooError:
        return  # its plugins are not here; where they are it is done
    plan = make_plan(engine, run.campaign, people=0, run_id=run.id, starts_at=row.not_before)
    place = partial(_place, *_find_parts(engine, run, plan, stopped), variant)
    move = partial(_move_some, run.id, variant, place, engine.now)
    while write_patiently(engine.store, move):
        reach("range_moved")


def _move_some(run_id: int, variant: str, place: Any, at: int, connection: Connection) -> int:
    return move_some(connection, run_id, variant, AT_ONCE, place, at=at)


def _find_parts(
    engine: Engine, run: Run, plan: RunPlan, stopped: Mapping[str, str]
) -> tuple[dict[int, RunPlan], dict[int, dict[str, float]]]:
    """Return by wave the plan, and the shares of variants that go on, in the recipe's order."""
    open_ones = [str(name) for name in run.campaign.variants if name not in stopped]
    with engine.store.read() as connection:
        row = read_run(connection, run.id)
    fixed = find_shares(run.campaign)
    begins = max(row.created_at, row.not_before or 0)
    plans = {0: date_plan(run, plan, begins)}
    shares = {0: {name: fixed[name] for name in open_ones}}
    for one in read_waves(row.details):
        plans[one.wave] = date_plan(run, plan, one.opened_at)
        shares[one.wave] = {name: one.shares[name] for name in open_ones}
    return plans, shares


def _place(
    plans: Mapping[int, RunPlan],
    shares: Mapping[int, Mapping[str, float]],
    variant: str,
    wave: int,
    row: WaitingRow,
) -> Sequence[Any]:
    plan = plans[wave]
    other = choose_other(shares[wave], plan.key, plan.campaign, variant, row.recipient)
    return place_message(row, next(one for one in plan.variants if one.name == other))
