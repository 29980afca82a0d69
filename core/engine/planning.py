"""Plans a run: the segment's audience becomes rows of the ledger, inside the database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.exc import DBAPIError

from .. import stages
from ..campaign import Campaign
from ..errors import DataError
from ..experiments.allocation import find_allocation
from ..policy.expiry import find_expiry, find_last_expiry
from ..policy.hours import find_due
from ..policy.rules import read_rules
from ..recipe.binding import BoundRecipe
from ..setting_tables import Experiments
from ..store.drawing import find_threshold
from ..store.ledger.expiry import EXPIRES, WAITS_UNTIL
from ..store.ledger.leases import hold_plan, take_plan
from ..store.ledger.plans import PlannedVariant, RunInsertion, RunPlan
from ..store.ledger.runs import add_details, move_run
from ..store.reading import from_moment, to_moment
from ..store.segments import HeldAudience, hold_audience
from ..store.tables import customers, messages, runs
from .crash_points import reach
from .engine import LOG, Engine
from .leaving_out import LEFT_OUT, find_left_out, read_experiments
from .reputation import ABOVE
from .runs import PINS, Run, ask_channel, make_contexts, prepare_contexts
from .training import train_for_run
from .wave_opening import begin_waves

CHUNK_ROWS = 5_000


def plan_run(engine: Engine, run: Run) -> bool:
    """Plan a run that is to be planned.

    A plan that was begun and left behind is thrown away first: nothing was told to the world yet,
    and the segment may give other people by now.

    Returns:
        False when it is planned already, or somebody else is at it.

    Raises:
        LeaseLost: It was cancelled, or taken over, in the middle.
        PluginError: The segment's plugin raised.
        EnvironmentMissing: Something that it needs is not there.
    """
    token = take_plan(engine.store, run.id, engine.owner)
    if token is None:
        return False
    reach("planning_begun")
    try:
        pins = train_for_run(engine, run)
        _throw_away(engine, run, token)
        above = _find_last_message(engine)
        with hold_segment(engine, run.campaign, run) as audience:
            plan = make_plan(
                engine,
                run.campaign,
                people=audience.people,
                run_id=run.id,
                limit=run.row.details.get("limit"),
                starts_at=run.row.not_before,
                experiments=read_experiments(run.row.details),
            )
            insertion = RunInsertion(audience.connection, plan, token, engine.owner.claim_seconds)
            audience.insert_ranges(insertion, lambda done, total: _tell(engine, done, total))
            kept = {ABOVE: above, PINS: pins, **begin_waves(engine.store, plan, run.row.not_before)}
            _finish(engine, run, token, audience, plan, kept)
    except BaseException:
        # This process may live on, and would hold the lease for ever.
        with suppress(DBAPIError):
            _give_back(engine, run, token)
        raise
    finally:
        engine.owner.drop_token(token)
    LOG.info("planned", extra={"run": run.id, "audience": audience.people})
    return True


def _tell(engine: Engine, done: int, total: int | None) -> None:
    engine.progress("plan", done, total)
    reach("range_planned")


@contextmanager
def hold_segment(
    engine: Engine, campaign: Campaign, run: Run | None, *, connection: Connection | None = None
) -> Iterator[HeldAudience]:
    """Find the audience of a campaign, and hold it until the block is left.

    Args:
        engine: The engine.
        campaign: The campaign.
        run: Its run; None when there is none yet.
        connection: Which holds it; one of its own when None.

    Raises:
        DataError: The recipe has no segment.
    """
    first = next(iter(campaign.variants.values()))
    binding = first.stages.get("segment")
    if binding is None:
        raise DataError(
            f"{campaign.file} has no segment", hint="a campaign's audience is its segment"
        )
    context_for = (
        make_contexts(engine, run, next(iter(campaign.variants)))
        if run is not None
        else prepare_contexts(engine, first, run_id=None, seed=0, data_time=engine.now)
    )
    answer = stages.select_audience(engine.registry, binding, context_for)
    with hold_audience(engine.store, answer, connection=connection) as audience:
        yield audience


def make_plan(
    engine: Engine,
    campaign: Campaign,
    *,
    people: int,
    run_id: int,
    limit: int | None = None,
    starts_at: int | None = None,
    experiments: Experiments | None = None,
) -> RunPlan:
    """Return how a campaign's audience becomes messages, by the clock's moment.

    Args:
        engine: The engine.
        campaign: The campaign.
        people: How many the segment gave.
        run_id: The run; 0 when nothing will be written.
        limit: At most so many messages.
        starts_at: Nothing leaves before, in UTC milliseconds.
        experiments: As the run keeps them; the settings of now when None.
    """
    now = engine.now
    begins = max(now, starts_at or 0)
    shares = find_shares(campaign)
    zones = _list_zones(engine)
    reached, places = 0.0, list(campaign.variants)
    variants = []
    for name in places:
        bound = campaign.variants[name]
        low = find_threshold(reached)
        reached += shares[name]
        high = find_threshold(1.0) if name == places[-1] else find_threshold(reached)
        variants.append(
            _plan_variant(engine, campaign, name, bound, run_id, (low, high), begins, zones)
        )
    allocation = find_allocation(campaign.recipe)
    return RunPlan(
        run_id=run_id,
        campaign=campaign.name,
        at=now,
        key=engine.settings.assignment_key.get_secret_value().encode(),
        left_out=find_left_out(campaign, experiments or engine.settings.experiments, people),
        variants=tuple(variants),
        limit=limit,
        waves=0 if allocation is None else allocation.waves,
        waits_until=find_last_expiry(bound.recipe.policy for bound in campaign.variants.values()),
    )


def find_shares(campaign: Campaign) -> dict[str | None, float]:
    """Return the share of each variant; together they are 1."""
    experiment = campaign.recipe.experiment
    given: Mapping[str, Any] | None = experiment.shares if experiment is not None else None
    names = list(campaign.variants)
    return {
        name: float(given[name]) if given and name is not None else 1 / len(names) for name in names
    }


def needs_preparing(bound: BoundRecipe) -> bool:
    """Whether a variant's messages need copy or products before they are ready."""
    return "generate" in bound.stages or "recommend" in bound.stages


def _plan_variant(
    engine: Engine,
    campaign: Campaign,
    name: str | None,
    bound: BoundRecipe,
    run_id: int,
    drawn: tuple[int, int],
    begins: int,
    zones: list[str],
) -> PlannedVariant:
    channel = ask_channel(engine, bound)
    policy = bound.recipe.policy
    rules = read_rules(
        policy,
        channel,
        run_id=run_id,
        campaign=campaign.name,
        only_to=engine.settings.safety.only_to,
    )
    if channel.address_field not in ("email", "phone"):
        raise DataError(
            f"the channel '{channel.name}' writes to the field '{channel.address_field}'",
            hint="the store has addresses in the fields email and phone",
        )
    due = {
        zone: to_moment(
            find_due(
                from_moment(begins),
                zone or None,
                policy.quiet_hours,
                policy.window,
                default_zone=engine.settings.time_zone,
            )
        )
        for zone in ("", *zones)
    }
    return PlannedVariant(
        name=name,
        begins=drawn[0],
        ends=drawn[1],
        rules=rules,
        address_field=channel.address_field,
        state="planned" if needs_preparing(bound) else "ready",
        due_at=begins,
        due_by_zone={zone: moment for zone, moment in due.items() if moment != begins},
        expires_at=find_expiry(policy, begins),
    )


def _list_zones(engine: Engine) -> list[str]:
    found = select(customers.c.time_zone).where(customers.c.time_zone.is_not(None)).distinct()
    with engine.store.read() as connection:
        return list(connection.execute(found).scalars())


def _throw_away(engine: Engine, run: Run, token: str) -> None:
    some = select(messages.c.id).where(messages.c.run_id == run.id).limit(CHUNK_ROWS)
    while True:
        with engine.store.begin() as connection:
            hold_plan(connection, run.id, token, engine.owner.claim_seconds)
            gone = connection.execute(delete(messages).where(messages.c.id.in_(some)))
            if gone.rowcount < CHUNK_ROWS:
                return


def _find_last_message(engine: Engine) -> int:
    with engine.store.read() as connection:
        return connection.execute(select(func.max(messages.c.id))).scalar() or 0


def _finish(
    engine: Engine,
    run: Run,
    token: str,
    audience: HeldAudience,
    plan: RunPlan,
    kept: Mapping[str, Any],
) -> None:
    ends = [one.expires_at for one in plan.variants if one.expires_at is not None]
    facts = {
        "unknown": audience.unknown,
        "repeats": audience.repeats,
        EXPIRES: min(ends, default=None),
        WAITS_UNTIL: plan.waits_until,
        LEFT_OUT: [asdict(one) for one in plan.left_out],
        **kept,
    }
    with engine.store.begin() as connection:
        hold_plan(connection, run.id, token, engine.owner.claim_seconds)
        add_details(connection, run.id, facts)
        move_run(
            connection,
            run.id,
            ["planning"],
            "running",
            audience=audience.people,
            lease_owner=None,
            lease_token=None,
            lease_until=None,
        )
        reach("plan_stored")
    reach("plan_finished")


def _give_back(engine: Engine, run: Run, token: str) -> None:
    with engine.store.begin() as connection:
        connection.execute(
            update(runs)
            .where(runs.c.id == run.id, runs.c.lease_token == token)
            .values(lease_owner=None, lease_token=None, lease_until=None)
        )
