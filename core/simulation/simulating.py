"""Simulates a campaign, once or many times, and lays what its report says beside what is true."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from ..attribution.rules import read_rule
from ..campaign import Campaign
from ..recipe_tests.trial import Trial
from ..reporting.gathering import gather_report
from ..reporting.looking import look_at_run
from ..reporting.report import Report
from ..statistics.intervals import Interval
from ..statistics.rates import find_rate
from ..statistics.tallies import Tally
from ..store.ledger.runs import read_run
from ..store.reading import to_moment
from ..workspace import Workspace
from .playing import Play
from .reality import Calendar, Reality, find_reality
from .stand_in import make_stand_in
from .truth import Truth
from .world import keep_template, open_world

PEOPLE = 1_000
DAYS = 30
SEED = 1
MOST_PEOPLE = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """What the report of a simulated run says, and what is true.

    Attributes:
        seed: Of chance.
        report: The report at the end.
        reality: What is true.
        missed_days: At the end of which days, counted from 1, the interval of the lift in shares
            did not hold what was true until then; None when nobody looked.
    """

    seed: int
    report: Report
    reality: Reality
    missed_days: tuple[int, ...] | None = None

    @property
    def orders(self) -> Interval | None:
        """The report's interval of the lift in shares; None when nobody was held out."""
        return None if self.report.lift is None else self.report.lift.orders

    @property
    def revenue(self) -> Interval | None:
        """The same in minor units of money for each person."""
        return None if self.report.lift is None else self.report.lift.revenue


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """Some simulated runs of a campaign.

    Attributes:
        campaign: The campaign's name.
        truth: What is true.
        people: How many of them there are in each.
        days: How many days each goes on.
        runs: The runs.
    """

    campaign: str
    truth: Truth
    people: int
    days: int
    runs: Sequence[Simulated]

    @property
    def covered(self) -> Interval | None:
        """In which share of the runs the report's lift holds what is true; None without any."""
        return _count([(one.orders, one.reality.orders) for one in self.runs])

    @property
    def revenue_covered(self) -> Interval | None:
        """The same of the lift in money."""
        return _count([(one.revenue, one.reality.revenue) for one in self.runs])

    @property
    def never_missed(self) -> Interval | None:
        """In which share of the runs the intervals of all days held what was true until then."""
        looked = [one.missed_days for one in self.runs if one.missed_days is not None]
        held = sum(not missed for missed in looked)
        return find_rate(Tally(people=len(looked), successes=held)) if looked else None

    @property
    def best(self) -> str | None:
        """The variant that is truly the best by the recipe's metric; None when several are."""
        new = float(self.truth.newcomers)
        others, newcomers = self._find_factors(is_new=False), self._find_factors(is_new=True)
        return _find_top(
            {name: (1 - new) * others[name] + new * newcomers[name] for name in others}
        )

    @property
    def best_of_newcomers(self) -> str | None:
        """The variant that is the best for newcomers; None also when there are none."""
        return _find_top(self._find_factors(is_new=True)) if self.truth.newcomers else None

    @property
    def best_of_others(self) -> str | None:
        """The variant that is the best for all others."""
        return _find_top(self._find_factors(is_new=False))

    def _find_factors(self, *, is_new: bool) -> dict[str, float]:
        """Return by which factor each variant that the truth names changes the recipe's metric."""
        metric = self.runs[0].report.comparison.metric
        names = [*self.truth.effects, *self.truth.effects_on_newcomers]
        effects = {name: self.truth.find_effect(name, is_new=is_new) for name in names}
        return {
            name: (effect.click if metric == "click" else effect.buy)
            for name, effect in effects.items()
        }


def simulate(
    workspace: Workspace,
    campaign: Campaign,
    truth: Truth,
    *,
    people: int = PEOPLE,
    days: int = DAYS,
    seed: int = SEED,
    runs: int = 1,
    starts_at: datetime | None = None,
    looks_daily: bool = False,
    tell: Callable[[int, int], None] = lambda done, total: None,
) -> Simulation:
    """Play a campaign against people of whom everything is known; nothing leaves the house.

    Each run has a store of its own, which is gone afterwards. The engine, the ledger, the waves and
    the report are the real ones; see `make_stand_in` for what is not.

    Args:
        workspace: Where the recipe is.
        campaign: The recipe.
        truth: What is true.
        people: How many there are.
        days: For how many days.
        seed: Of the first run; each further one has the next.
        runs: How many.
        starts_at: The first moment; nine o'clock (UTC) of today when None.
        looks_daily: Whether the lift is looked at every day, and held against what is true.
        tell: Told how many of how many runs are done.

    Raises:
        BallyhooError: The recipe cannot be simulated.
    """
    stand_in = make_stand_in(campaign, registry=workspace.registry, workspace=workspace.folder)
    window_ms = read_rule(stand_in.text).window_ms
    begin = starts_at or datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0)
    calendar = Calendar(
        truth=truth,
        starts_at=to_moment(begin),
        ends_at=to_moment(begin + timedelta(days=days)),
        window_ms=window_ms,
    )
    found = []
    with keep_template() as template:
        for number in range(runs):
            with open_world(
                workspace, stand_in, starts_at=begin, seed=seed + number, template=template
            ) as trial:
                found.append(
                    _simulate_once(
                        trial, calendar, people=people, days=days, looks_daily=looks_daily
                    )
                )
            tell(number + 1, runs)
    return Simulation(
        campaign=campaign.name, truth=truth, people=people, days=days, runs=tuple(found)
    )


def _simulate_once(
    trial: Trial, calendar: Calendar, *, people: int, days: int, looks_daily: bool
) -> Simulated:
    import numpy as np

    seed = trial.test.seed
    play = Play(
        trial,
        calendar.truth,
        people=people,
        days=days,
        window_ms=calendar.window_ms,
        generator=np.random.default_rng(seed),
    )
    missed: list[int] = []

    def look(run_id: int) -> None:
        now = trial.engine.now
        with trial.store.read() as connection:
            run = read_run(connection, run_id)
            lift = look_at_run(connection, run, now=now).find_lift(now)
            reality = find_reality(connection, run, replace(calendar, ends_at=now))
        if lift is not None and not lift.orders.covers(reality.orders):
            missed.append(calendar.count_days(now))

    run_id = play.play(look if looks_daily else None)
    report = gather_report(trial.store, run_id, now=trial.engine.now)
    with trial.store.read() as connection:
        reality = find_reality(connection, read_run(connection, run_id), calendar)
    return Simulated(
        seed=seed,
        report=report,
        reality=reality,
        missed_days=tuple(missed) if looks_daily else None,
    )


def _find_top(factors: Mapping[str, float]) -> str | None:
    top = [name for name, factor in factors.items() if factor == max(factors.values())]
    return top[0] if len(top) == 1 and len(factors) > 1 else None


def _count(found: Sequence[tuple[Interval | None, float]]) -> Interval | None:
    known = [(interval, truth) for interval, truth in found if interval is not None]
    if not known:
        return None
    held = sum(interval.covers(truth) for interval, truth in known)
    return find_rate(Tally(people=len(known), successes=held))
