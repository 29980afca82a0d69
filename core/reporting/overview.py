"""Compares the campaigns of a shop over time, and says what all of them together brought."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from ..statistics.intervals import Interval
from ..statistics.means import compare_means
from ..statistics.rates import compare_rates
from ..statistics.tallies import Moments, Tally
from ..statistics.totals import add_up
from ..store.engine import Store
from ..store.everybody import (
    GLOBAL_HOLDOUT,
    EverybodyRow,
    compare_everybody,
    list_recent_runs,
)
from ..store.ledger.runs import RunRow, read_run
from ..store.people import find_latest_purchases
from .effect import Group, Lift
from .looking import Look, look_at_run
from .overview_words import say_overview, warn_of_overview

DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLine:
    """A run in an overview.

    Attributes:
        run: Its id.
        campaign: The campaign's name.
        state: Where it stands.
        started_at: When it was started, in UTC milliseconds.
        is_final: Whether nothing is added any more.
        sent: To how many the message left.
        clicked: Which people clicked; None when not measured.
        unsubscribed: Who wants no more.
        converted: Who ordered, by the rule of attribution.
        revenue: What these orders come to in the overview's currency.
        lift: What it changed; None when nobody was held out.
        is_off: Whether its sample ratio is wrong: it is no part of the sum then.
    """

    run: int
    campaign: str
    state: str
    started_at: int
    is_final: bool
    sent: int
    clicked: int | None
    unsubscribed: int
    converted: int
    revenue: int
    lift: Lift | None
    is_off: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Everybody:
    """Those whom no campaign writes to beside all others.

    Attributes:
        others: Who was, or could have been, written to.
        held_out: Who never is.
        orders: The share of people who bought since, others less held out.
        revenue: What a person spent since, others less held out, in minor units.
        extra: The same for all others together.
    """

    others: Group
    held_out: Group
    orders: Interval
    revenue: Interval
    extra: Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Campaigns over time.

    Attributes:
        at: When it was made, in UTC milliseconds.
        days: Of how many days.
        currency: Of all money; None when nobody has ever ordered.
        known_until: Of when the latest order is that is known.
        lines: The runs, the first one first.
        extra: What all campaigns with a holdout brought together that would not have come without
            them, in minor units; None without any.
        everybody: What the global holdout says; None without one.
        words: The overview in sentences.
        warnings: What must be known before any number is believed.
    """

    at: int
    days: int
    currency: str | None
    known_until: int | None
    lines: tuple[RunLine, ...]
    extra: Interval | None
    everybody: Everybody | None
    words: tuple[str, ...]
    warnings: tuple[str, ...]


def gather_overview(
    store: Store,
    *,
    now: int,
    days: int,
    tell: Callable[[int, int], None] = lambda done, total: None,
) -> Overview:
    """Return the campaigns of the last days beside each other.

    Args:
        store: An open store.
        now: The moment, in UTC milliseconds.
        days: Of how many days: runs that were started within them.
        tell: Called with how many runs were looked at, and how many there are.
    """
    with store.read() as connection:
        currency, known_until = find_latest_purchases(connection)
        ids = list_recent_runs(connection, since=now - days * DAY_MS)
        lines: list[RunLine] = []
        held_in: list[int] = []
        for place, id in enumerate(ids):
            tell(place, len(ids))
            run = read_run(connection, id)
            if run.audience is None:
                continue
            if _has_global_holdout(run):
                held_in.append(id)
            lines.append(_sum_up(look_at_run(connection, run, now=now, currency=currency), now))
        everybody = None
        if held_in and currency is not None:
            everybody = _compare_everybody(connection, held_in, currency, now)
    found = [
        one.lift.extra
        for one in lines
        if one.lift is not None and one.lift.extra is not None and not one.is_off
        and one.lift.extra.is_known
    ]  # fmt: skip
    extra = add_up(found) if found else None
    return Overview(
        at=now,
        days=days,
        currency=currency,
        known_until=known_until,
        lines=tuple(lines),
        extra=extra,
        everybody=everybody,
        words=tuple(say_overview(lines, extra, everybody, currency, summed=len(found))),
        warnings=tuple(warn_of_overview(lines)),
    )


def _sum_up(look: Look, now: int) -> RunLine:
    everything = look.evidence.outcome.all
    rule = look.evidence.outcome.rule
    sample = look.sample
    is_measured = rule.counts_clicks or everything.clicked or everything.clicked_by_machines
    return RunLine(
        run=look.run.id,
        campaign=look.run.campaign,
        state=look.run.state,
        started_at=look.run.created_at,
        is_final=look.heading.is_final,
        sent=everything.sent,
        clicked=everything.clicked if is_measured else None,
        unsubscribed=everything.unsubscribed,
        converted=everything.converted,
        revenue=everything.revenue.get(look.heading.currency or "", 0),
        lift=look.find_lift(now),
        is_off=sample is not None and sample.is_off,
    )


def _has_global_holdout(run: RunRow) -> bool:
    drawn = run.details.get("left_out") or ()
    return any(one.get("reason") == GLOBAL_HOLDOUT for one in drawn)


def _compare_everybody(
    connection: Connection, run_ids: Sequence[int], currency: str, now: int
) -> Everybody | None:
    rows = compare_everybody(connection, run_ids, currency=currency, until=now)
    others = next((row for row in rows if not row.is_held_out), None)
    held = next((row for row in rows if row.is_held_out), None)
    if others is None or held is None:
        return None
    revenue = compare_means(_take_moments(others), _take_moments(held))
    return Everybody(
        others=_take_group(others),
        held_out=_take_group(held),
        orders=compare_rates(
            Tally(people=others.people, successes=others.bought),
            Tally(people=held.people, successes=held.bought),
        ),
        revenue=revenue,
        extra=revenue.times(others.people),
    )


def _take_group(row: EverybodyRow) -> Group:
    return Group(people=row.people, bought=row.bought, spent=row.spent)


def _take_moments(row: EverybodyRow) -> Moments:
    return Moments(people=row.people, total=row.spent, squares=row.squares)
