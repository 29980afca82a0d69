"""Shares the rates of deliveries out, over all workers.

A rate is kept by the generic cell rate algorithm, in its form of virtual scheduling (ITU-T I.371,
annex A): `free_at` is the moment at which the next message would be due if all came evenly, and
a message may be early by as much as a burst makes it. A burst is what the rate gives in a second,
at least one message. So any stretch of time as long as the rate's own holds at most its count and
one burst. Moments are kept in whole milliseconds and rounded up: what is taken at once costs up
to a millisecond more than its share, never less.

Each call locks the row of its key until the transaction ends. A transaction that needs several
keys takes them in the order of their names, else two of them could wait for each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, select, update
from sqlalchemy.dialects import postgresql, sqlite

from ...recipe.models import WarmUp
from ...recipe.values import MOST_COUNTED, Rate
from ..tables import rates

MOST_AHEAD_MS = 600_000
"""What the clocks of two workers may differ by; beyond it a clock was set back."""

_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Granted:
    """How many messages may leave now.

    Attributes:
        count: So many, at most as many as were wanted.
        next_at: When the next one may be asked for, in UTC milliseconds; None when all that were
            wanted are granted.
    """

    count: int
    next_at: int | None


def take_slots(connection: Connection, key: str, rate: Rate, *, now: int, wanted: int) -> Granted:
    """Take what a rate has left at this moment.

    Args:
        connection: Within a transaction that writes.
        key: Whose rate it is, the same for all who share it.
        rate: At most so many; it may be another one than before.
        now: UTC milliseconds.
        wanted: How many messages could leave.
    """
    if wanted <= 0:
        return Granted(0, None)
    row = _lock(connection, key)
    per = _measure(rate.per)
    burst = find_burst(rate)
    # Not beyond what the rate itself can lead to: it was a slower one, or a clock was set back.
    latest = now + _scale(burst, per, rate.count) + MOST_AHEAD_MS
    free_at = max(now, row.free_at) if row.free_at <= latest else now
    early = free_at - now
    # The largest n with free_at + (n - 1) * interval <= now + (burst - 1) * interval.
    count = min(wanted, max(0, burst - _scale(early, rate.count, per)))
    if count:
        free_at += _scale(count, per, rate.count)
        _store(connection, key, free_at=free_at)
    if count == wanted:
        return Granted(count, None)
    return Granted(count, free_at - (burst - 1) * per // rate.count)


def foresee_slot(connection: Connection, key: str, rate: Rate, *, now: int) -> int:
    """Return when a rate lets the next message leave, in UTC milliseconds; `now` when it does.

    Args:
        connection: Within any transaction.
        key: Whose rate it is.
        rate: At most so many.
        now: UTC milliseconds.
    """
    row = connection.execute(select(rates).where(rates.c.key == key)).one_or_none()
    if row is None:
        return now
    free_at: int = row.free_at
    return max(now, free_at - (find_burst(rate) - 1) * _measure(rate.per) // rate.count)


def give_back_slots(connection: Connection, key: str, rate: Rate, count: int) -> None:
    """Give back what was taken and not used, in the transaction that took it or soon after.

    Later on time itself has given it back: what comes back then may leave on top.
    """
    if count > 0:
        row = _lock(connection, key)
        freed = count * _measure(rate.per) // rate.count
        _store(connection, key, free_at=max(0, row.free_at - freed))


def reserve_after(
    connection: Connection, key: str, rate: Rate, *, now: int, count: int
) -> list[int]:
    """Return a moment to come for each message that is over a rate.

    The moments are spread at the rate, after those that were given out before, so that a message
    is looked at about once until it may leave. A moment is no slot: that is taken when it comes.

    Args:
        connection: Within a transaction that writes.
        key: Another one than the rate's own.
        rate: What they are over.
        now: UTC milliseconds.
        count: How many messages.

    Returns:
        UTC milliseconds, ascending, all after now.
    """
    if count <= 0:
        return []
    row = _lock(connection, key)
    per = _measure(rate.per)
    first = max(now + _scale(1, per, rate.count), row.free_at)
    moments = [first + _scale(number, per, rate.count) for number in range(count + 1)]
    _store(connection, key, free_at=moments.pop())
    return moments


def take_warm_up(
    connection: Connection, key: str, warm_up: WarmUp, *, now: int, wanted: int
) -> Granted:
    """Take what the ladder of a sender that nobody knows yet has left in this window.

    A window is as long as the rate of the start says (a day), and the first one begins with the
    first call. Its limit is that of the start, doubled as often as `double_every` has passed
    until it began, halved for each step down; at least one message.

    Args:
        connection: Within a transaction that writes.
        key: Whose ladder it is.
        warm_up: The ladder.
        now: UTC milliseconds.
        wanted: How many messages could leave.
    """
    if wanted <= 0:
        return Granted(0, None)
    row = _lock(connection, key)
    per = _measure(warm_up.start.per)
    latest = now + max(per, MOST_AHEAD_MS)
    started_at = now if row.started_at is None or row.started_at > latest else row.started_at
    window_at = started_at + max(0, now - started_at) // per * per
    used = 0
    if window_at <= row.window_at <= latest:  # later than ours by another clock
        window_at, used = row.window_at, row.used
    doublings = (window_at - started_at) // _measure(warm_up.double_every)
    limit = _climb(warm_up.start.count, doublings - row.steps_down)
    count = min(wanted, max(0, limit - used))
    _store(connection, key, started_at=started_at, window_at=window_at, used=used + count)
    return Granted(count, None if count == wanted else window_at + per)


def foresee_warm_up(
    connection: Connection, key: str, warm_up: WarmUp, *, now: int, wanted: int
) -> int:
    """Return when a ladder lets the last of so many messages leave, if nobody else sends.

    Args:
        connection: Within any transaction.
        key: Whose ladder it is.
        warm_up: The ladder.
        now: UTC milliseconds.
        wanted: How many messages.

    Returns:
        UTC milliseconds; `now` when all of them may leave now.
    """
    row = connection.execute(select(rates).where(rates.c.key == key)).one_or_none()
    per, double_every = _measure(warm_up.start.per), _measure(warm_up.double_every)
    started_at, steps_down = now, 0
    if row is not None and row.started_at is not None:
        started_at, steps_down = min(now, row.started_at), row.steps_down
    window_at = started_at + (now - started_at) // per * per
    used = row.used if row is not None and row.window_at == window_at else 0
    left = wanted
    while True:
        steps = (window_at - started_at) // double_every - steps_down
        left -= max(0, _climb(warm_up.start.count, steps) - used)
        if left <= 0:
            return max(now, window_at)
        window_at, used = window_at + per, 0


def give_back_warm_up(connection: Connection, key: str, count: int, *, taken_at: int) -> None:
    """Give back what was taken of a ladder and not used.

    Args:
        connection: Within a transaction that writes.
        key: Whose ladder it is.
        count: How many messages.
        taken_at: When they were taken, in UTC milliseconds; of a window that is over nothing
            comes back.
    """
    if count > 0:
        row = _lock(connection, key)
        if row.window_at <= taken_at:
            _store(connection, key, used=max(0, row.used - count))


def step_down(connection: Connection, key: str) -> None:
    """Go one step down a ladder, for good: every limit from now on is half of what it was.

    Two calls are two steps: whoever finds the same problem as another worker must not call.
    """
    row = _lock(connection, key)
    _store(connection, key, steps_down=row.steps_down + 1)


def _climb(count: int, steps: int) -> int:
    if steps >= MOST_COUNTED.bit_length():
        return MOST_COUNTED
    return min(MOST_COUNTED, max(1, count << steps if steps >= 0 else count >> -steps))


def find_burst(rate: Rate) -> int:
    """Return how many messages of a rate may leave at the same moment."""
    return max(1, rate.count * 1_000 // _measure(rate.per))


def _measure(duration: timedelta) -> int:
    """Return a duration in whole milliseconds."""
    return duration // _MILLISECOND


def _lock(connection: Connection, key: str) -> Row[Any]:
    """Return the row of a key, made when it is not there; nobody else has it until the commit."""
    # SQLite locks the whole database at the beginning of the transaction.
    find = select(rates).where(rates.c.key == key).with_for_update()
    row = connection.execute(find).one_or_none()
    if row is None:
        dialects: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
        into = dialects[connection.dialect.name](rates)
        connection.execute(into.values(key=key).on_conflict_do_nothing())
        row = connection.execute(find).one()
    return row


def _store(connection: Connection, key: str, **values: int) -> None:
    connection.execute(update(rates).where(rates.c.key == key).values(values))


def _scale(number: int, by: int, to: int) -> int:
    """Return number * by / to, rounded up; in whole numbers, however great they are."""
    return -(-number * by // to)
