"""Plans a campaign without writing or sending anything: who would get what, who not, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..campaign import Campaign, require_plugins
from ..errors import BallyhooError
from ..experiments.allocation import Allocation, find_allocation
from ..store.ledger.dry_plans import Counted, DryPlan
from ..store.ledger.plans import RunPlan
from ..store.segments import HeldAudience
from .engine import Engine
from .estimating import Estimate, Spent, estimate_run
from .fallback_languages import list_lacking
from .fallbacks import FallbackEstimate, estimate_fallback
from .leaving_out import HOLDOUT
from .offers import count_offers
from .planning import hold_segment, make_plan
from .runs import prepare_contexts
from .samples import Samples, make_samples
from .seeing import VisibleLift, find_visible_lift
from .training import train_missing

CANDIDATES = 40
"""How many people, spread over the audience, samples are taken of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedCampaign:
    """What a run of a campaign would come to, if it were started now.

    `audience` is always `holdout` and `messages` and all of `skipped` together.

    Attributes:
        campaign: The campaign's name.
        audience: How many distinct people the segment gives.
        unknown: How many of its answers named nobody known.
        repeats: How many named somebody again.
        holdout: How many are held out.
        messages: How many get a message.
        variants: How many of each variant; empty without an experiment. With waves it is those of
            the first one: of the others nobody knows yet.
        waves: How many messages each wave has, the first one first; empty without waves.
        allocation: How people are given to variants wave by wave; None when shares are fixed.
        skipped: How many get none, by reason; those held out are not among them.
        visible: The lift that so many can show; None when nobody is held out.
        offers: How many messages make each offer, by its name; empty without offers.
        lacking: How many people have each language that the recipe's fallback lacks.
        estimate: How long it would take, and what for.
        fallback: How many get only products chosen without knowing them, from a sample; None when
            nothing is recommended, or nobody could be asked for.
        samples: By variant, some of its messages; empty when none were wanted.
        problem: Why there are no samples, or not all; None when nothing went wrong.
    """

    campaign: str
    audience: int
    unknown: int
    repeats: int
    holdout: int
    messages: int
    variants: Mapping[str, int]
    waves: Sequence[int]
    allocation: Allocation | None
    skipped: Mapping[str, int]
    visible: VisibleLift | None
    offers: Mapping[str, int]
    lacking: Mapping[str, int]
    estimate: Estimate
    fallback: FallbackEstimate | None
    samples: Mapping[str | None, Samples]
    problem: BallyhooError | None


def plan_dry(
    engine: Engine,
    campaign: Campaign,
    *,
    limit: int | None = None,
    seed: int = 0,
    samples: int = 0,
    not_before: int | None = None,
) -> PlannedCampaign:
    """Plan a campaign without writing or sending anything.

    Args:
        engine: The engine.
        campaign: Loaded from the workspace.
        limit: At most so many messages.
        seed: Of everything random in the samples.
        samples: How many messages of each variant are made, to look at.
        not_before: Nothing would leave before, in UTC milliseconds.

    Raises:
        DataError: The recipe has no segment.
        PluginError: The segment's plugin raised.
        EnvironmentMissing: Something that it needs is not there.
    """
    require_plugins(campaign, engine.registry)
    for bound in campaign.variants.values():
        context_for = prepare_contexts(engine, bound, run_id=None, seed=seed, data_time=engine.now)
        train_missing(engine, bound, context_for)
    problem: BallyhooError | None = None
    made: dict[str | None, Samples] = {}
    fallback: FallbackEstimate | None = None
    with hold_segment(engine, campaign, None) as audience:
        plan = make_plan(
            engine,
            campaign,
            people=audience.people,
            run_id=0,
            limit=limit,
            starts_at=not_before,
        )
        dry = DryPlan(audience.connection, plan)
        counted = list(dry.count())
        to_prepare = {name: _count(counted, name) for name in campaign.variants}
        lacking = list_lacking(campaign, audience)
        offers = _sum(
            pair
            for place, variant in enumerate(plan.variants)
            for pair in count_offers(engine, campaign.variants[variant.name], dry, place).items()
        )
        try:
            if samples:
                for name, found in _choose(dry, plan, audience, samples):
                    made[name] = make_samples(engine, campaign, name, found, seed=seed)
            fallback = estimate_fallback(
                engine, campaign, dry, plan, audience, to_prepare, seed=seed
            )
        except BallyhooError as error:
            problem = error
        people, unknown, repeats = audience.people, audience.unknown, audience.repeats
        skipped = _sum((one.reason or "", one.count) for one in counted if one.reason is not None)
        messages = sum(one.count for one in counted if one.reason is None)
        holdout = skipped.pop(HOLDOUT, 0)
        visible = find_visible_lift(
            campaign, audience, messages=messages, holdout=holdout, now=engine.now
        )
    spent = {
        name: Spent.of(one.seconds, [sample.content.copy for sample in one.samples])
        for name, one in made.items()
    }
    return PlannedCampaign(
        campaign=campaign.name,
        audience=people,
        unknown=unknown,
        repeats=repeats,
        holdout=holdout,
        messages=messages,
        variants={
            name: _count([one for one in counted if one.wave <= 1], name)
            for name in campaign.variants
            if name is not None
        },
        waves=[
            sum(one.count for one in counted if one.reason is None and one.wave == wave)
            for wave in range(1, plan.waves + 1)
        ],
        allocation=find_allocation(campaign.recipe),
        skipped=skipped,
        visible=visible,
        offers=offers,
        lacking=lacking,
        estimate=estimate_run(engine, campaign, counted, spent),
        fallback=fallback,
        samples=made,
        problem=problem,
    )


def _choose(
    dry: DryPlan, plan: RunPlan, audience: HeldAudience, count: int
) -> Iterable[tuple[str | None, list[tuple[int, int]]]]:
    candidates = audience.choose(CANDIDATES)
    for place, variant in enumerate(plan.variants):
        found = dry.choose(place, candidates, count)
        if found:
            yield variant.name, found


def _count(counted: Iterable[Counted], variant: str | None) -> int:
    return sum(one.count for one in counted if one.reason is None and one.variant == variant)


def _sum(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for name, count in pairs:
        total[name] += count
    return dict(sorted(total.items()))
