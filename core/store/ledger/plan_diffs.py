"""Compares two plans inside the database: who enters, who leaves, who changes variant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    MetaData,
    Select,
    Table,
    Text,
    and_,
    case,
    cast,
    func,
    insert,
    literal,
    not_,
    or_,
    select,
)

from ..planning import MOST_ID, open_transaction
from ..tables.columns import Id
from .plans import RunPlan, fill_zones, select_planned

Change = Literal["enters", "leaves", "changes_variant", "stays"]

OLD, NEW = 0, 1

kept_plans = Table(
    "kept_plans",
    MetaData(),
    Column("side", Integer, primary_key=True, autoincrement=False),
    Column("customer_id", Id, primary_key=True, autoincrement=False),
    Column("address_id", Id),
    Column("variant", Text),
    Column("drawn", Text),  # the variant, also where the wave is not open: by equal shares
    Column("reason", Text),
    prefixes=["TEMPORARY"],
)
"""What two plans come to for each person of their audiences, OLD and NEW."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What a plan comes to for somebody.

    Attributes:
        is_in: Whether the segment selects her.
        reason: Why she gets no message; None when she gets one, or is not in the audience.
        variant: Her variant; None without an experiment, and `wave 2` where it is drawn later.
    """

    is_in: bool
    reason: str | None = None
    variant: str | None = None

    @property
    def gets(self) -> bool:
        """Whether she gets a message."""
        return self.is_in and self.reason is None


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedPair:
    """How many people the two plans come to the same two things for."""

    old: Fate
    new: Fate
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Both:
    """Somebody who gets a message by both plans: her id, and address and variant by each."""

    customer: int
    old_address: int
    old_variant: str | None
    new_address: int
    new_variant: str | None


class PlanComparison:
    """Two plans in temporary tables of one connection.

    Args:
        connection: Which holds them, outside of a transaction.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        with open_transaction(connection, readonly=True):
            kept_plans.drop(connection, checkfirst=True)
            kept_plans.create(connection)

    def keep(self, side: int, plan: RunPlan) -> None:
        """Keep what a plan comes to for each person whom the connection holds.

        Args:
            side: `OLD` or `NEW`.
            plan: The plan; its limit is not looked at.
        """
        fill_zones(self.connection, plan)
        bounds = {"above": 0, "upto": MOST_ID, "is_full": 0}
        names = ["side", "customer_id", "address_id", "variant", "drawn", "reason"]
        for place in range(len(plan.variants)):
            rows = select_planned(self.connection.dialect.name, plan, place).subquery()
            found = select(
                literal(side, Integer),
                rows.c.recipient,
                rows.c.address_id,
                case(
                    (rows.c.wave > 1, literal("wave ") + cast(rows.c.wave, Text)),
                    else_=rows.c.variant,
                ),
                literal(plan.variants[place].name, Text),
                rows.c.reason,
            )
            with open_transaction(self.connection, readonly=True):
                self.connection.execute(insert(kept_plans).from_select(names, found), bounds)

    def count(self) -> list[CountedPair]:
        """Return how many people each pair of fates has, by the plans' own words."""
        pairs = _pair().subquery()
        columns = [
            column for name, column in pairs.c.items() if name.endswith(("in", "reason", "variant"))
        ]
        counted = select(*columns, func.count().label("people")).group_by(*columns)
        with open_transaction(self.connection, readonly=True):
            rows = self.connection.execute(counted).all()
        return [
            CountedPair(
                old=Fate(
                    is_in=bool(row.old_in), reason=row.old_reason, variant=row.old_variant
                ),
                new=Fate(
                    is_in=bool(row.new_in), reason=row.new_reason, variant=row.new_variant
                ),
                count=row.people,
            )
            for row in rows
        ]  # fmt: skip

    def choose(self, change: Change, count: int) -> list[int]:
        """Return the ids of some for whom something changes, spread over all of them."""
        return [row.customer_id for row in self._choose(change, count)]

    def choose_both(self, count: int) -> list[Both]:
        """Return some who get a message by both plans, spread over all of them."""
        half = count // 2
        rows = [*self._choose("changes_variant", half)]
        rows += self._choose("stays", count - len(rows))
        return [
            Both(
                customer=row.customer_id,
                old_address=row.old_address,
                old_variant=row.old_drawn,
                new_address=row.new_address,
                new_variant=row.new_drawn,
            )
            for row in sorted(rows, key=lambda row: row.customer_id)
        ]

    def _choose(self, change: Change, count: int) -> Sequence[Any]:
        if count < 1:
            return []
        pairs = _pair().subquery()
        place = func.row_number().over(order_by=pairs.c.customer_id).label("place")
        all_of_them = func.count().over().label("people")
        fitting = select(pairs, place, all_of_them).where(_has(change, pairs)).subquery()
        step = case((fitting.c.people > count, fitting.c.people // count), else_=1)
        spread = (
            select(fitting)
            .where((fitting.c.place - 1) % step == 0)
            .order_by(fitting.c.place)
            .limit(count)
        )
        with open_transaction(self.connection, readonly=True):
            return self.connection.execute(spread).all()


def _pair() -> Select[Any]:
    """Return a row for each person: what the old plan comes to for her, and the new one."""
    columns: list[ColumnElement[Any]] = [kept_plans.c.customer_id]
    for side, name in ((OLD, "old"), (NEW, "new")):
        is_side = kept_plans.c.side == side
        columns += [
            func.max(case((is_side, 1), else_=0)).label(f"{name}_in"),
            *(
                func.max(case((is_side, kept_plans.c[column]))).label(f"{name}_{label}")
                for column, label in (
                    ("reason", "reason"), ("variant", "variant"), ("drawn", "drawn"),
                    ("address_id", "address"),
                )
            ),
        ]  # fmt: skip
    return select(*columns).group_by(kept_plans.c.customer_id)


def _has(change: Change, pairs: Any) -> ColumnElement[bool]:
    gets_old = and_(pairs.c.old_in == 1, pairs.c.old_reason.is_(None))
    gets_new = and_(pairs.c.new_in == 1, pairs.c.new_reason.is_(None))
    is_same = or_(
        pairs.c.old_variant == pairs.c.new_variant,
        and_(pairs.c.old_variant.is_(None), pairs.c.new_variant.is_(None)),
    )
    if change == "enters":
        return and_(gets_new, not_(gets_old))
    if change == "leaves":
        return and_(gets_old, not_(gets_new))
    both = and_(gets_old, gets_new)
    if change == "stays":
        return and_(both, is_same)
    return and_(both, not_(func.coalesce(is_same, False)))
