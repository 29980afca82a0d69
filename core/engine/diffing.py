"""Compares two recipes over the store as it is now: who gets what by each, and what changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..campaign import Campaign, load_campaign, require_plugins
from ..clock import StillClock
from ..errors import BallyhooError
from ..store.ledger.plan_diffs import (
    NEW,
    OLD,
    Both,
    Change,
    CountedPair,
    Fate,
    PlanComparison,
)
from ..store.ledger.runs import read_files, read_run
from .changed_settings import ChangedSetting, compare_files, compare_recipes
from .engine import Engine
from .keeping import collect_files, load_kept
from .planning import hold_segment, make_plan
from .runs import prepare_contexts
from .samples import Sample, make_samples
from .training import train_missing

NOT_IN_AUDIENCE = "not in the audience"

SHOWN = 5
"""How many customers are named for each change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What one of the recipes comes to.

    Attributes:
        campaign: The campaign's name.
        audience: How many people its segment gives.
        messages: How many get a message.
        skipped: How many get none, by reason.
        variants: How many messages each variant has; empty without an experiment.
    """

    campaign: str
    audience: int
    messages: int
    skipped: Mapping[str, int]
    variants: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """People for whom something changes.

    Attributes:
        count: How many they are.
        because: How many for each reason: why they got none before, or get none now; or the old
            and the new variant.
        sample: Our ids of some of them.
    """

    count: int
    because: Mapping[str, int]
    sample: Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedMessage:
    """A message that somebody would get by the one recipe and by the other."""

    customer: int
    old: Sample
    new: Sample

    @property
    def changes(self) -> bool:
        """Whether what she would get is another message."""
        return (self.old.text, dict(self.old.fields), self.old.reason) != (
            self.new.text,
            dict(self.new.fields),
            self.new.reason,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeDiff:
    """What is different between two recipes, now.

    Attributes:
        old: What the old one comes to.
        new: What the new one comes to.
        enters: Who gets a message by the new one only.
        leaves: Who gets one by the old one only.
        changes_variant: Who gets one by both, of another variant.
        stays: How many get one of the same variant by both.
        settings: The keys that changed.
        files: The files of the recipe (templates, segments, lists) that changed, and how.
        messages: Some of those who get one by both, with their two messages.
        problem: Why there are no messages to compare, or not all; None when nothing went wrong.
    """

    old: Side
    new: Side
    enters: Moved
    leaves: Moved
    changes_variant: Moved
    stays: int
    settings: Sequence[ChangedSetting]
    files: Mapping[str, str]
    messages: Sequence[ComparedMessage] = field(default_factory=tuple)
    problem: BallyhooError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparable:
    """A recipe that is compared: the campaign, and its files by name in base64."""

    campaign: Campaign
    files: Mapping[str, str]


def load_comparable(engine: Engine, name: str) -> Comparable:
    """Return a recipe by its file, or the one that a run keeps by the run's number.

    Raises:
        RecipeError: The recipe is wrong, or the file is not there.
        DataError: There is no such run.
        EnvironmentMissing: A plugin that it needs is not there.
    """
    path = Path(name)
    if not name.isdecimal() or path.exists():
        campaign = load_campaign(path, registry=engine.registry, workspace=engine.folder)
        return Comparable(campaign=campaign, files=collect_files(campaign, engine.folder))
    with engine.store.read() as connection:
        row = read_run(connection, int(name))
        files = read_files(connection, row.id)
    campaign, folder = load_kept(row.recipe, files, engine.registry, run_id=row.id)
    engine.closing.enter_context(folder)
    return Comparable(campaign=campaign, files=files)


def compare_campaigns(
    engine: Engine, old: Comparable, new: Comparable, *, samples: int, seed: int = 0
) -> RecipeDiff:
    """Compare two recipes over the store as it is now; nothing is written to it.

    Args:
        engine: The engine.
        old: The one recipe.
        new: The other.
        samples: How many messages are made by each, to be compared; plugins that recommend and
            write are called for these only.
        seed: Of everything random in them.

    Raises:
        DataError: A recipe has no segment.
        PluginError: A segment's plugin raised.
        EnvironmentMissing: Something that a recipe needs is not there.
    """
    engine = replace(engine, clock=StillClock(engine.clock.now()))
    sides = ((OLD, old.campaign), (NEW, new.campaign))
    for _, campaign in sides:
        require_plugins(campaign, engine.registry)
    with engine.store.engine.connect() as connection:
        comparison = PlanComparison(connection)
        for side, campaign in sides:
            with hold_segment(engine, campaign, None, connection=connection) as audience:
                plan = make_plan(engine, campaign, people=audience.people, run_id=0)
                comparison.keep(side, plan)
        pairs = comparison.count()
        found = {
            change: _move(comparison, change, pairs)
            for change in ("enters", "leaves", "changes_variant")
        }
        both = comparison.choose_both(samples)
    problem: BallyhooError | None = None
    messages: list[ComparedMessage] = []
    try:
        messages = _compare_messages(engine, old.campaign, new.campaign, both, seed)
    except BallyhooError as error:
        problem = error
    return RecipeDiff(
        old=_sum_up(old.campaign, ((one.old, one.count) for one in pairs)),
        new=_sum_up(new.campaign, ((one.new, one.count) for one in pairs)),
        enters=found["enters"],
        leaves=found["leaves"],
        changes_variant=found["changes_variant"],
        stays=sum(one.count for one in pairs if _find_change(one) == "stays"),
        settings=compare_recipes(old.campaign.text, new.campaign.text),
        files=compare_files(old.files, new.files),
        messages=messages,
        problem=problem,
    )


def _find_change(pair: CountedPair) -> Change | None:
    if pair.old.gets and pair.new.gets:
        return "stays" if pair.old.variant == pair.new.variant else "changes_variant"
    if pair.old.gets or pair.new.gets:
        return "leaves" if pair.old.gets else "enters"
    return None


def _move(comparison: PlanComparison, change: Change, pairs: Iterable[CountedPair]) -> Moved:
    because: Counter[str] = Counter()
    for pair in pairs:
        if _find_change(pair) != change:
            continue
        if change == "changes_variant":
            said = f"{pair.old.variant or 'none'} -> {pair.new.variant or 'none'}"
        else:
            other = pair.old if change == "enters" else pair.new
            said = other.reason or NOT_IN_AUDIENCE
        because[said] += pair.count
    count = because.total()
    return Moved(
        count=count,
        because=dict(because.most_common()),
        sample=comparison.choose(change, SHOWN) if count else (),
    )


def _sum_up(campaign: Campaign, fates: Iterable[tuple[Fate, int]]) -> Side:
    skipped: Counter[str] = Counter()
    variants: Counter[str] = Counter()
    audience = messages = 0
    for fate, count in fates:
        audience += count if fate.is_in else 0
        messages += count if fate.gets else 0
        if fate.reason is not None:
            skipped[fate.reason] += count
        elif fate.gets and fate.variant is not None:
            variants[fate.variant] += count
    names = [name for name in campaign.variants if name is not None]
    return Side(
        campaign=campaign.name,
        audience=audience,
        messages=messages,
        skipped=dict(sorted(skipped.items())),
        variants={name: variants[name] for name in names},
    )


def _compare_messages(
    engine: Engine, old: Campaign, new: Campaign, both: Sequence[Both], seed: int
) -> list[ComparedMessage]:
    olds = _make(engine, old, [(b.customer, b.old_address, b.old_variant) for b in both], seed)
    news = _make(engine, new, [(b.customer, b.new_address, b.new_variant) for b in both], seed)
    return [
        ComparedMessage(customer=one.customer, old=olds[one.customer], new=news[one.customer])
        for one in both
        if one.customer in olds and one.customer in news
    ]


def _make(
    engine: Engine,
    campaign: Campaign,
    recipients: Sequence[tuple[int, int, str | None]],
    seed: int,
) -> dict[int, Sample]:
    made: dict[int, Sample] = {}
    for variant, bound in campaign.variants.items():
        chosen = [(customer, address) for customer, address, own in recipients if own == variant]
        if not chosen:
            continue
        context_for = prepare_contexts(engine, bound, run_id=None, seed=seed, data_time=engine.now)
        train_missing(engine, bound, context_for, is_look=True)
        for sample in make_samples(engine, campaign, variant, chosen, seed=seed).samples:
            made[sample.customer] = sample
    return made
