"""The waves of a run: which are open, since when and with which shares, and who waits for hers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, exists, func, literal, select, update

from ..tables import customers, messages, runs
from .parameters import dump_rows, list_rows
from .runs import note_details
from .states import is_state, list_prepared, waits_for_variant

WAVES = "waves"
"""Where a run keeps its opened waves among its details, each as `OpenedWave`."""

BULK = 0.9
"""A wave has left when so much of it is no longer on its way: one that is put off again and again
keeps nobody waiting."""

ASSIGNED = (
    ("id", "integer"), ("variant", "text"), ("state", "text"), ("reason", "text"),
    ("channel", "text"), ("address_id", "integer"), ("due_at", "integer"),
    ("expires_at", "integer"),
)  # fmt: skip
"""What `assign_some` stores for each message, in this order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedWave:
    """A wave that is open; times are UTC milliseconds.

    Attributes:
        wave: Which, from 1 on.
        opened_at: When it was opened; orders of its people, held out or not, count from then on.
        shares: The share of each variant, by which its people were drawn; in whatever order, which
            is that of the recipe when they are drawn. Where each person has shares of her own it
            is their mean, and while they are still drawn, those that all would have.
        learned: What the shares rest on, for people.
        people: How many messages each variant has in it; None while they are still drawn.
        left_at: When most of them had left; None before.
        stopped: Why variants were stopped when it opened, or since.
    """

    wave: int
    opened_at: int
    shares: Mapping[str, float]
    learned: Mapping[str, Any] = field(default_factory=dict)
    people: Mapping[str, int] | None = None
    left_at: int | None = None
    stopped: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingRow:
    """A planned message that has no variant yet, and what is known of her."""

    id: int
    recipient: int
    email_id: int | None
    phone_id: int | None
    time_zone: str | None


def read_waves(details: Mapping[str, Any]) -> list[OpenedWave]:
    """Return the opened waves of a run, in order; none of a run without waves."""
    return [OpenedWave(**entry) for entry in details.get(WAVES, ())]


def open_wave(connection: Connection, run_id: int, wave: int, entry: Mapping[str, Any]) -> bool:
    """Open the next wave of a run; False when somebody else did, or the run is not working.

    Args:
        connection: Within a transaction that writes.
        run_id: The run.
        wave: Which; all before it are open.
        entry: The other attributes of an `OpenedWave`.
    """
    details = lock_working(connection, run_id)
    if details is None or len(details.get(WAVES, ())) != wave - 1:
        return False
    opened = [*details.get(WAVES, ()), {"wave": wave, **entry}]
    note_details(connection, run_id, {**details, WAVES: opened})
    return True


def note_wave(connection: Connection, run_id: int, wave: int, **facts: Any) -> bool:
    """Add to what a run keeps of an open wave; False when the run is not working."""
    details = lock_working(connection, run_id)
    if details is None:
        return False
    entries = [
        {**entry, **facts} if entry["wave"] == wave else entry for entry in details.get(WAVES, ())
    ]
    note_details(connection, run_id, {**details, WAVES: entries})
    return True


def has_waiting(connection: Connection, run_id: int, wave: int | None = None) -> bool:
    """Whether messages of a run have no variant yet; only those of one wave when it is given."""
    found = select(literal(1)).where(*is_waiting(run_id))
    if wave is not None:
        found = found.where(messages.c.wave == wave)
    return bool(connection.execute(select(exists(found))).scalar_one())


def assign_some(
    connection: Connection,
    run_id: int,
    wave: int,
    above: int,
    most: int,
    assign: Callable[[Sequence[WaitingRow]], Sequence[Sequence[Any]]],
) -> int | None:
    """Give some messages of an open wave their variant, in the order of their ids.

    It may be killed after any number of calls: who has a variant is no longer found.

    Args:
        connection: Within a transaction that writes.
        run_id: The run.
        wave: Which.
        above: The id after which to look.
        most: How many at most.
        assign: Returns for each of them the values of `ASSIGNED`.

    Returns:
        The id up to which they have one; None when there are no more.
    """
    found = (
        select(
            messages.c.id, messages.c.recipient,
            customers.c.email_id, customers.c.phone_id, customers.c.time_zone,
        )
        .select_from(messages.join(customers, customers.c.id == messages.c.recipient))
        .where(*is_waiting(run_id), messages.c.wave == wave, messages.c.id > above)
        .order_by(messages.c.id)
        .limit(most)
        .with_for_update(of=messages, skip_locked=True)
    )  # fmt: skip
    rows = [WaitingRow(**row._mapping) for row in connection.execute(found)]
    if not rows:
        return None
    given = list_rows(connection.dialect.name, ASSIGNED)
    connection.execute(
        update(messages)
        .where(messages.c.id == given.c.id, is_state("planned"), messages.c.variant.is_(None))
        .values({name: given.c[name] for name, _ in ASSIGNED[1:]}),
        {"rows": dump_rows(assign(rows))},
    )
    return rows[-1].id if len(rows) == most else None


def count_people(connection: Connection, run_id: int, wave: int) -> dict[str, int]:
    """Return how many messages each variant has in a wave, those left out that are skipped."""
    counted = (
        select(messages.c.variant, func.count())
        .where(
            messages.c.run_id == run_id,
            messages.c.wave == wave,
            messages.c.variant.is_not(None),
            messages.c.state != "skipped",
        )
        .group_by(messages.c.variant)
        .order_by(messages.c.variant)
    )
    return {str(name): int(count) for name, count in connection.execute(counted)}


def has_left(connection: Connection, run_id: int, wave: OpenedWave) -> bool:
    """Whether most messages of an open wave are no longer on their way."""
    if wave.people is None:
        return False
    own = (messages.c.run_id == run_id, messages.c.wave == wave.wave)
    # Those that somebody has at this moment are few, and no index finds them by their run.
    ways = (*list_prepared(()), is_state("ready"), is_state("held"))
    left = sum(
        connection.execute(select(func.count()).where(way, *own)).scalar_one() for way in ways
    )
    return left <= (1 - BULK) * sum(wave.people.values())


def find_last_sent(connection: Connection, run_id: int, wave: int) -> int | None:
    """Return when the last message of a wave left so far; None when none did."""
    last = select(func.max(messages.c.sent_at)).where(
        messages.c.run_id == run_id, messages.c.wave == wave
    )
    return connection.execute(last).scalar()


def is_waiting(run_id: int) -> tuple[Any, ...]:
    """Return the conditions on messages of a run that have no variant yet."""
    return (messages.c.run_id == run_id, is_state("planned"), waits_for_variant(()))


def lock_working(connection: Connection, run_id: int) -> dict[str, Any] | None:
    """Lock a run and return what it keeps; None when it is paused, or through."""
    found = select(runs.c.details).where(
        runs.c.id == run_id, runs.c.state.in_(("running", "waiting"))
    )
    details = connection.execute(found.with_for_update()).scalar()
    return None if details is None else dict(details)
