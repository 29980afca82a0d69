"""Says what a simulated run really does, in closed form: what its report has to find."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp
from typing import Any

from sqlalchemy import Connection, case, exists, false, func, select, text

from ..attribution.windows import read_waves
from ..statistics.tallies import weigh_waves
from ..store.deeds import ASSIGNED
from ..store.ledger.runs import RunRow
from ..store.outcomes import HOLDOUT
from ..store.tables import events, messages
from .audience import DAY_MS, to_minor_units
from .truth import Truth


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What is to be expected of people who have everything in common but chance.

    Attributes:
        people: How many.
        bought: The share that buys within the window.
        spent: What each spends within it on average, in minor units.
        clicked: The share that clicks, sooner or later.
    """

    people: int
    bought: float
    spent: float
    clicked: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reality:
    """What a run really does.

    Attributes:
        orders: By how much more of those written to buy, wave by wave, weighed as in the report.
        revenue: By how much more each of them spends, in minor units.
        variants: What is to be expected of the people of each variant.
    """

    orders: float
    revenue: float
    variants: Mapping[str | None, Expected]


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """From when to when, and how much people buy on which day.

    Attributes:
        truth: What is true.
        starts_at: The first moment of the simulation, in UTC milliseconds.
        ends_at: The last one: later orders are not told any more.
        window_ms: The campaign's window.
    """

    truth: Truth
    starts_at: int
    ends_at: int
    window_ms: int

    @property
    def rate(self) -> float:
        """How many orders an average person makes of her own on an average day."""
        return float(self.truth.buy) * DAY_MS / self.window_ms

    def find_factor(self, at: int) -> float:
        """Return by which factor people buy at a moment."""
        days = self.truth.days
        return days[(at - self.starts_at) // DAY_MS % len(days)]

    def count_days(self, at: int) -> int:
        """Return how many whole days have passed at a moment."""
        return (at - self.starts_at) // DAY_MS

    def add_up(self, since: int, until: int) -> float:
        """Return how many orders an average person makes of her own between two moments."""
        orders, at = 0.0, since
        while at < until:
            tomorrow = self.starts_at + ((at - self.starts_at) // DAY_MS + 1) * DAY_MS
            end = min(until, tomorrow)
            orders += self.rate * self.find_factor(at) * (end - at) / DAY_MS
            at = end
        return orders

    def expect(
        self,
        people: int,
        variant: str | None,
        opened_at: int,
        sent_at: int | None,
        *,
        is_new: bool = False,
    ) -> Expected:
        """Return what is to be expected of people whose window began at a moment.

        Orders of a person are Poisson about her keenness, which is Gamma; so the share without any
        is (1 + mean / shape) ** -shape.

        Args:
            people: How many.
            variant: Theirs.
            opened_at: When their window began.
            sent_at: When their message left; None when it did not.
            is_new: Whether they are newcomers.
        """
        truth, until = self.truth, min(opened_at + self.window_ms, self.ends_at)
        shape = 1 / truth.keenness**2
        if sent_at is None or sent_at > until:
            orders, clicked = self.add_up(opened_at, until), 0.0
        else:
            effect = truth.find_effect(variant, is_new=is_new)
            extra = float(truth.buy) * max(0.0, effect.buy - 1) * self.find_factor(sent_at)
            in_time = 1 - exp(-(until - sent_at) / (truth.delay.total_seconds() * 1000))
            orders = (
                self.add_up(opened_at, sent_at)
                + self.add_up(sent_at, until) * min(1.0, effect.buy)
                + extra * in_time
            )
            share = min(1.0, float(truth.click) * effect.click)
            clicked = 1 - (1 - share) * (1 + extra / shape) ** -shape
        return Expected(
            people=people,
            bought=1 - (1 + orders / shape) ** -shape,
            spent=orders * to_minor_units(truth),
            clicked=clicked,
        )


def find_reality(connection: Connection, run: RunRow, calendar: Calendar) -> Reality:
    """Return what a run really does, by who got what and when."""
    opened = {one.wave: one.opened_at for one in read_waves(run.details)}
    treated: dict[int, list[Expected]] = {wave: [] for wave in opened}
    held_out: dict[int, list[Expected]] = {wave: [] for wave in opened}
    variants: dict[str | None, list[Expected]] = {}
    for row in _read_groups(connection, run.id, calendar):
        if row.wave not in opened:
            continue  # it was never opened
        begins = opened[row.wave] or row.created_at
        found = calendar.expect(
            row.people, row.variant, begins, row.left_at, is_new=bool(row.is_new)
        )
        if row.is_held_out:
            held_out[row.wave].append(found)
        else:
            treated[row.wave].append(found)
            variants.setdefault(row.variant, []).append(found)
    pairs = [(_join(treated[wave]), _join(held_out[wave])) for wave in opened]
    weights = weigh_waves([(one.people, other.people) for one, other in pairs])
    whole = sum(weights) or 1.0
    shares = [weight / whole for weight in weights]
    return Reality(
        orders=sum(
            share * (one.bought - other.bought)
            for share, (one, other) in zip(shares, pairs, strict=True)
        ),
        revenue=sum(
            share * (one.spent - other.spent)
            for share, (one, other) in zip(shares, pairs, strict=True)
        ),
        variants={name: _join(found) for name, found in variants.items()},
    )


def _read_groups(connection: Connection, run_id: int, calendar: Calendar) -> Sequence[Any]:
    m = messages.alias("m")
    has_ordered = exists().where(
        events.c.customer_id == m.c.recipient,
        events.c.type == "purchase",
        events.c.at < calendar.starts_at,
    )
    found = (
        select(
            m.c.wave, m.c.variant, m.c.created_at,
            case((m.c.state == "sent", m.c.sent_at)).label("left_at"),
            (func.coalesce(m.c.reason, "") == HOLDOUT).label("is_held_out"),
            (~has_ordered if calendar.truth.newcomers else false()).label("is_new"),
            func.count().label("people"),
        )
        .where(m.c.run_id == run_id, text(ASSIGNED))
        .group_by("wave", "variant", "created_at", "left_at", "is_held_out", "is_new")
    )  # fmt: skip
    return connection.execute(found).all()


def _join(found: Sequence[Expected]) -> Expected:
    """Return the mean of several groups of people."""
    people = sum(one.people for one in found)
    if not people:
        return Expected(people=0, bought=0.0, spent=0.0, clicked=0.0)
    return Expected(
        people=people,
        bought=sum(one.people * one.bought for one in found) / people,
        spent=sum(one.people * one.spent for one in found) / people,
        clicked=sum(one.people * one.clicked for one in found) / people,
    )
