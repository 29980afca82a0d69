"""Holds an audience still: counts it, streams it in order, plans a message for each of it.

The ids are found once, in a transaction that only reads, and kept in a temporary table of the
connection. SQLite keeps that in a file of its own, so that nobody waits for the segment's query;
the messages are then inserted by ranges of ids, each in a short transaction.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol

from sqlalchemy import (
    Connection,
    Select,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.sql.expression import FromClause, SelectBase

from ..errors import DataError, PluginError
from .engine import Store
from .lookups import find_customers
from .planning import MOST_ID, Insertion, PlannedMessage, held_audience, open_transaction
from .tables import customers

SECONDS_AT_ONCE = 0.15
"""How long one transaction of planning is meant to last; never near half a second."""

FIRST_ROWS, MOST_ROWS = 2_000, 40_000
"""How many rows the first such transaction has, and any of them at most."""

PAGE_ROWS = 10_000

_id = held_audience.c.customer_id

ONLY_KNOWN = "ballyhoo_only_known"
"""The execution option of a statement that answers no id twice, and none of unknown people."""


class RangeInsertion(Protocol):
    """What inserts rows for a part of an audience, in a short transaction."""

    def insert(self, above: int, upto: int) -> int:
        """Insert for those above one id and up to another; return how many rows."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldAudience:
    """The people whom a segment gave, each once.

    Attributes:
        people: How many there are.
        unknown: How many answers named nobody known; erased customers are nobody.
        repeats: How many answers named somebody again, as far as the database was not asked for
            each one only once.
    """

    connection: Connection
    people: int
    unknown: int
    repeats: int

    def stream(self) -> Iterator[int]:
        """Yield the ids, ascending."""
        last = 0
        while True:
            page = select(_id).where(_id > last).order_by(_id).limit(PAGE_ROWS)
            with open_transaction(self.connection, readonly=True):
                ids = list(self.connection.execute(page).scalars())
            yield from ids
            if len(ids) < PAGE_ROWS:
                return
            last = ids[-1]

    def has(self, customer_id: int) -> bool:
        """Whether somebody is in it."""
        with open_transaction(self.connection, readonly=True):
            found = self.connection.execute(select(_id).where(_id == customer_id))
            return found.first() is not None

    def choose(self, count: int) -> list[int]:
        """Return some of the ids, spread over all of them, the same ones every time."""
        step = max(1, self.people // count)
        return list(islice(self.stream(), 0, step * count, step))

    def plan(
        self, message: PlannedMessage, progress: Callable[[int, int | None], None] | None = None
    ) -> int:
        """Insert a planned message for everybody who has none in this run, step and entry.

        It may be called again after a crash, or twice: nobody gets a second one.

        Returns:
            How many were inserted.
        """
        return self.insert_ranges(Insertion(self.connection, message), progress)

    def insert_ranges(
        self,
        insertion: RangeInsertion,
        progress: Callable[[int, int | None], None] | None = None,
    ) -> int:
        """Let something insert rows for everybody, a range of ids at a time.

        Returns:
            How many rows it says it inserted.
        """
        planned, last, rows = 0, 0, FIRST_ROWS
        while (upper := self._find_upper(last, rows)) is not None:
            began = time.perf_counter()
            planned += insertion.insert(last, upper)
            lasted = time.perf_counter() - began
            rows = round(rows * min(1.5, max(0.25, SECONDS_AT_ONCE / lasted)))
            rows = min(MOST_ROWS, max(100, rows))
            last = upper
            if progress is not None:
                progress(planned, self.people)
        return planned

    def _find_upper(self, last: int, rows: int) -> int | None:
        page = select(_id).where(_id > last).order_by(_id).limit(rows).subquery()
        with open_transaction(self.connection, readonly=True):
            return self.connection.execute(select(func.max(page.c.customer_id))).scalar()


@contextmanager
def hold_audience(
    store: Store,
    answer: SelectBase | FromClause | Iterable[int],
    *,
    connection: Connection | None = None,
) -> Iterator[HeldAudience]:
    """Find the people whom a segment gave, and hold them until the block is left.

    Args:
        store: An open store.
        answer: What the hook `segment` answered: a selectable of ids, or ids.
        connection: Which holds them, outside of a transaction; one of its own when None.

    Raises:
        PluginError: The database cannot run the selectable.
    """
    with store.engine.connect() if connection is None else nullcontext(connection) as connection:
        try:
            with open_transaction(connection, readonly=True):
                held_audience.create(connection)
                if isinstance(answer, SelectBase | FromClause):
                    given = _run(connection, answer)
                else:
                    given = _fill_by_ids(connection, answer)
                counted = select(func.count()).select_from(held_audience)
                people = connection.execute(counted).scalar_one()
                if connection.dialect.name == "postgresql":
                    connection.exec_driver_sql("ANALYZE held_audience")
            repeats, unknown = given
            yield HeldAudience(
                connection=connection, people=people, unknown=unknown, repeats=repeats
            )
        finally:
            connection.rollback()
            with open_transaction(connection, readonly=True):
                held_audience.drop(connection, checkfirst=True)


def count_people(connection: Connection, statement: Select[Any]) -> int:
    """Return how many ids a statement selects."""
    counted = select(func.count()).select_from(statement.order_by(None).subquery())
    return connection.execute(counted).scalar_one()


def count_customers(connection: Connection) -> int:
    """Return how many customers there are, erased ones left out."""
    return count_people(connection, select(customers.c.id).where(customers.c.erased_at.is_(None)))


def find_customer(store: Store, name: str) -> int:
    """Return the id of the customer whom the shop calls so, else of the one with this number.

    Raises:
        DataError: There is nobody.
    """
    [found] = find_customers(store, [name])
    if found is not None:
        return found
    number = int(name) if name.isascii() and name.isdigit() and len(name) < 19 else 0
    with store.read() as connection:
        known = _find_known(connection, [number])
    if not known:
        raise DataError("there is no such customer", hint="name her by the shop's own id")
    return known[0]


def read_keys(connection: Connection, ids: list[int]) -> list[tuple[int, str | None]]:
    """Return each id with what the shop calls its customer, ascending."""
    found = select(customers.c.id, customers.c.key).where(customers.c.id.in_(ids))
    return [(row.id, row.key) for row in connection.execute(found.order_by(customers.c.id))]


def _run(connection: Connection, answer: SelectBase | FromClause) -> tuple[int, int]:
    statement: Any = answer if isinstance(answer, SelectBase) else select(answer)
    try:
        return _fill_by_query(connection, statement)
    except SQLAlchemyError as error:
        if not _is_refusal(error):
            raise
        # What the database says may quote a customer's data; the error's type does not.
        raise PluginError(
            f"the database cannot run the segment ({type(error).__name__})",
            hint="a segment, or a function of a condition, of a plugin is wrong; "
            "--debug shows the statement",
        ) from error


def _is_refusal(error: SQLAlchemyError) -> bool:
    """Whether the database refuses the statement, rather than has no room or is gone."""
    if not isinstance(error, OperationalError):
        return True
    return getattr(error.orig, "sqlite_errorname", "") == "SQLITE_ERROR"


def _fill_by_query(connection: Connection, statement: Any) -> tuple[int, int]:
    if statement.get_execution_options().get(ONLY_KNOWN):
        with suppress(IntegrityError), connection.begin_nested():
            connection.execute(insert(held_audience).from_select([_id], statement))
            return 0, 0
        # A plugin joined something to it, so that ids come again: they are counted after all.
    ids = statement.subquery()
    first = next(iter(ids.c))
    known = (
        select(customers.c.id)
        .where(customers.c.erased_at.is_(None))
        .where(customers.c.id.in_(select(first)))
    )
    connection.execute(insert(held_audience).from_select([_id], known))
    strange = select(func.count(first.distinct())).where(
        ~select(literal(1)).where(_id == first).correlate(ids).exists()
    )
    repeated = select(func.count(first) - func.count(first.distinct()))
    return connection.execute(repeated).scalar_one(), connection.execute(strange).scalar_one()


def _fill_by_ids(connection: Connection, answer: Iterable[int]) -> tuple[int, int]:
    ids = iter(answer)
    repeats, unknown, seen = 0, 0, set[int]()
    while some := list(islice(ids, PAGE_ROWS)):
        fresh = dict.fromkeys(one for one in some if one not in seen)
        repeats += len(some) - len(fresh)
        seen.update(fresh)
        known = _find_known(connection, list(fresh))
        unknown += len(fresh) - len(known)
        if known:
            connection.execute(insert(held_audience), [{"customer_id": one} for one in known])
    return repeats, unknown


def _find_known(connection: Connection, ids: list[int]) -> list[int]:
    ids = [one for one in ids if 0 < one <= MOST_ID]
    found = select(customers.c.id).where(customers.c.id.in_(ids), customers.c.erased_at.is_(None))
    return sorted(connection.execute(found).scalars())
