"""Counts what a plan would come to, and finds people to show it by, without writing a row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Connection, case, func, null, select, true, union_all

from ..planning import MOST_ID, open_transaction
from .plans import RunPlan, fill_zones, select_planned


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How many people of a plan have something in common.

    Attributes:
        variant: The variant they were drawn for; None without an experiment. Of a wave after the
            first it is the one that equal shares would give them.
        wave: Their wave; 0 without waves.
        reason: Why they are skipped; None when they get a message.
        due_at: When their message may leave, in UTC milliseconds; None when they get none.
        count: How many they are.
    """

    variant: str | None
    wave: int
    reason: str | None
    due_at: int | None
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What a plan has for one person: the address she is written to, or why she is skipped."""

    address_id: int | None
    reason: str | None


class DryPlan:
    """A plan that is only looked at.

    Args:
        connection: The one that holds the audience.
        plan: The plan.

    Attributes:
        last_id: The last one whom the plan's limit lets have a message.
    """

    def __init__(self, connection: Connection, plan: RunPlan) -> None:
        self.connection = connection
        self.plan = plan
        self._dialect = connection.dialect.name
        fill_zones(connection, plan)
        self.last_id = MOST_ID if plan.limit is None else self._find_last(plan.limit)

    def count(self) -> Iterator[Counted]:
        """Yield how many get a message and how many are skipped for which reason."""
        parts = [(0, self.last_id, 0), (self.last_id, MOST_ID, 1)]
        for place, variant in enumerate(self.plan.variants):
            rows = select_planned(self._dialect, self.plan, place).subquery()
            moment = case((rows.c.reason.is_(None), rows.c.due_at), else_=null()).label("moment")
            kinds = (rows.c.wave, rows.c.reason, moment)
            counted = select(*kinds, func.count()).group_by(*kinds)
            for above, upto, is_full in parts if self.last_id < MOST_ID else parts[:1]:
                bounds = {"above": above, "upto": upto, "is_full": is_full}
                with open_transaction(self.connection, readonly=True):
                    found = self.connection.execute(counted, bounds).all()
                for wave, reason, due_at, count in found:
                    yield Counted(
                        variant=variant.name, wave=wave, reason=reason, due_at=due_at, count=count
                    )

    def count_holding(self, place: int, conditions: Sequence[Any]) -> list[int]:
        """Return for how many of those who get a message each condition is the first that holds.

        Args:
            place: Which of the plan's variants.
            conditions: Statements of customers' ids; None holds for everybody.
        """
        rows = select_planned(self._dialect, self.plan, place).subquery()
        first = case(
            *(
                (true() if one is None else rows.c.recipient.in_(one), index)
                for index, one in enumerate(conditions)
            ),
            else_=len(conditions),
        ).label("first")
        wanted = select(first, func.count().label("people"))
        counted = wanted.where(rows.c.reason.is_(None)).group_by(first)
        bounds = {"above": 0, "upto": self.last_id, "is_full": 0}
        with open_transaction(self.connection, readonly=True):
            answered = self.connection.execute(counted, bounds).all()
        found = {one.first: one.people for one in answered}
        return [found.get(index, 0) for index in range(len(conditions))]

    def judge(self, place: int, candidates: Iterable[int]) -> dict[int, Judged]:
        """Return what the plan has for people, whom it looks at one by one.

        Args:
            place: Which of the plan's variants.
            candidates: Their ids; who is not of the audience, or of another variant, is left out.
        """
        rows = select_planned(self._dialect, self.plan, place).subquery()
        wanted = select(rows.c.address_id, rows.c.reason)
        found: dict[int, Judged] = {}
        with open_transaction(self.connection, readonly=True):
            for one in candidates:
                bounds = {"above": one - 1, "upto": one, "is_full": int(one > self.last_id)}
                for address_id, reason in self.connection.execute(wanted, bounds):
                    found[one] = Judged(address_id=address_id, reason=reason)
        return found

    def choose(self, place: int, candidates: Sequence[int], count: int) -> list[tuple[int, int]]:
        """Return some who get a message of a variant, by the ids of customer and address.

        Args:
            place: Which of the plan's variants.
            candidates: Whom to look at first, one by one.
            count: How many are wanted.
        """
        rows = select_planned(self._dialect, self.plan, place).subquery()
        wanted = select(rows.c.recipient, rows.c.address_id).where(rows.c.reason.is_(None))
        found: dict[int, int] = {}
        with open_transaction(self.connection, readonly=True):
            for one in candidates:
                if len(found) < count and one <= self.last_id:
                    bounds = {"above": one - 1, "upto": one, "is_full": 0}
                    for recipient, address_id in self.connection.execute(wanted, bounds):
                        found[recipient] = address_id
            if len(found) < count:
                first = wanted.order_by(rows.c.recipient).limit(count)
                bounds = {"above": 0, "upto": self.last_id, "is_full": 0}
                for recipient, address_id in self.connection.execute(first, bounds):
                    if len(found) < count:
                        found[recipient] = address_id
        return sorted(found.items())

    def _find_last(self, limit: int) -> int:
        """Return the id of the last one under a limit; the greatest one when all are."""
        if limit <= 0:
            return 0
        planned = [
            select(rows.c.recipient).where(rows.c.reason.is_(None))
            for place in range(len(self.plan.variants))
            for rows in [select_planned(self._dialect, self.plan, place).subquery()]
        ]
        together = union_all(*planned).subquery()
        recipient = together.c.recipient.cast(BigInteger)
        last = select(recipient).order_by(recipient).offset(limit - 1).limit(1)
        with open_transaction(self.connection, readonly=True):
            bounds = {"above": 0, "upto": MOST_ID, "is_full": 0}
            found = self.connection.execute(last, bounds).scalar()
        return MOST_ID if found is None else found
