"""Tells a listener what it was not told yet: batch after batch, and again what failed."""

from __future__ import annotations

import hashlib
import random
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from ..engine.engine import LOG, Engine
from ..errors import BallyhooError
from ..logs import find_place
from ..store.happened import Batch, find_horizon, find_newest, read_batch
from ..store.listeners import (
    ListenerRow,
    Place,
    move_listener,
    note_failure,
    read_listeners,
    take_turn,
)
from ..store.patience import AWAY
from .conversions import add_conversions, find_types
from .endpoints import TellingFailed, list_endpoints
from .listening import Listener, list_plugins, register_listeners
from .names import name_listeners

FIRST_WAIT_SECONDS = 5.0
MOST_THREADS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What came of telling a listener.

    Attributes:
        name: The listener.
        events: How many events it was told.
        problem: Why it was not told all, for a person; None when it was.
    """

    name: str
    events: int = 0
    problem: str | None = None


def list_listeners(engine: Engine) -> list[Listener]:
    """Return everybody whom this process can tell."""
    plugins = list_plugins(
        engine.registry,
        engine.settings,
        store=engine.store,
        folder=engine.folder,
        clock=engine.clock,
    )
    return [*plugins, *list_endpoints(engine.settings.webhooks, engine.store)]


def register_all(engine: Engine) -> None:
    """Make everybody known whom this process can tell."""
    register_listeners(engine.store, name_listeners(engine.registry, engine.settings))


def find_waiting(engine: Engine) -> list[Listener]:
    """Return those who are due to be told something."""
    register_all(engine)
    with engine.store.read() as connection:
        rows = read_listeners(connection)
        newest = find_newest(connection)
    return [
        one
        for one in list_listeners(engine)
        if is_due(rows[one.name], engine.now)
        and not rows[one.name].is_held
        and _is_behind(rows[one.name].place, newest)
    ]


def is_due(row: ListenerRow, now: int) -> bool:
    """Whether a listener may be told something now."""
    return row.paused_at is None and (row.due_at is None or row.due_at <= now)


def tell_all(
    engine: Engine, *, should_stop: Callable[[], bool] = lambda: False, is_asked: bool = False
) -> list[Told]:
    """Tell everybody what they were not told yet, all at the same time.

    Args:
        engine: The engine.
        should_stop: Whether to leave the rest for another time.
        is_asked: Whether somebody asked for it now: also who failed a moment ago is tried.
    """
    register_all(engine)
    wanted = list_listeners(engine)
    if len(wanted) < 2:
        return [
            tell_listener(engine, one, should_stop=should_stop, is_asked=is_asked) for one in wanted
        ]
    with ThreadPoolExecutor(min(MOST_THREADS, len(wanted)), "telling") as pool:
        asked = [
            pool.submit(tell_listener, engine, one, should_stop=should_stop, is_asked=is_asked)
            for one in wanted
        ]
        return [one.result() for one in asked]


def tell_listener(
    engine: Engine,
    listener: Listener,
    *,
    should_stop: Callable[[], bool] = lambda: False,
    is_asked: bool = False,
) -> Told:
    """Tell one listener what it was not told yet.

    Its place moves after each batch that it took; a process that dies in between lets the batch be
    told once more. Whoever else tells the same listener at this moment is left alone.

    Args:
        engine: The engine.
        listener: Whom.
        should_stop: Whether to leave the rest for another time.
        is_asked: See `tell_all`.
    """
    count = 0
    try:
        horizon = find_horizon(engine.store)
        if horizon is None:
            said = "somebody began to store something and is not through; nobody is told before"
            LOG.warning(said, extra={"listener": listener.name})
        while horizon is not None and not should_stop():
            told, is_over = _tell_next(engine, listener, horizon, is_asked=is_asked)
            count += told
            if is_over:
                return Told(name=listener.name, events=count)
    except TellingFailed as error:
        return Told(name=listener.name, events=count, problem=error.message)
    except AWAY:
        LOG.warning("the database does not answer", extra={"listener": listener.name})
    return Told(name=listener.name, events=count, problem="there is more to tell")


def _tell_next(
    engine: Engine, listener: Listener, horizon: Place, *, is_asked: bool
) -> tuple[int, bool]:
    """Tell the next batch; return how many events, and whether that was all.

    Raises:
        TellingFailed: It was not taken.
    """
    store = engine.store
    with store.read() as connection:
        row = read_listeners(connection).get(listener.name)
        if row is None or row.paused_at is not None:
            return 0, True
        if not is_asked and not is_due(row, engine.now):
            return 0, True
        end = row.end or horizon
        batch = read_batch(
            connection, row.place, end, most=listener.most, types=find_types(listener.types)
        )
        batch = add_conversions(connection, batch, listener.types)
    if batch.end == row.place:
        return 0, True
    token = secrets.token_hex(8)
    with store.begin() as connection:
        if not take_turn(connection, row, batch.end, token, listener.turn_seconds):
            return 0, True
    if batch.events:
        _call(engine, listener, row, batch, token)
    told_at = engine.now if batch.events else None
    with store.begin() as connection:
        is_ours = move_listener(connection, row.name, token, batch.end, told_at=told_at)
    return len(batch.events), not is_ours


def _call(engine: Engine, listener: Listener, row: ListenerRow, batch: Batch, token: str) -> None:
    try:
        listener.tell(batch.events, _name_batch(row, batch.end))
    except Exception as error:
        said = error.message if isinstance(error, BallyhooError) else type(error).__name__
        asked = error.wait_seconds if isinstance(error, TellingFailed) else None
        now, failures = engine.now, row.failures + 1
        wait = find_wait(failures, listener.longest_wait_seconds, asked, random.random())
        is_paused = isinstance(error, TellingFailed) and error.is_final
        if listener.patience_seconds is not None and row.failing_since is not None:
            is_paused |= now - row.failing_since >= 1000 * listener.patience_seconds
        LOG.warning(
            "not told: %s", said,
            extra={
                "listener": row.name, "failures": failures,
                "where": find_place(error.__cause__ or error),
            },
        )  # fmt: skip
        with engine.store.begin() as connection:
            note_failure(
                connection, row.name, token, said,
                now=now, due_at=now + round(1000 * wait), is_paused=is_paused,
            )  # fmt: skip
        raise TellingFailed(said) from None


def find_wait(failures: int, longest: float, asked: float | None, chance: float) -> float:
    """Return how many seconds to wait after so many failures in a row.

    Exponential back-off with equal jitter: half of the interval is certain, half by chance.

    Args:
        failures: How many.
        longest: The longest interval, in seconds.
        asked: What the other side asked for; never waited for less, up to the longest.
        chance: In [0, 1).
    """
    interval = min(longest, FIRST_WAIT_SECONDS * 2.0 ** min(failures - 1, 40))
    return max(interval * (0.5 + chance / 2), min(asked or 0.0, longest))


def _name_batch(row: ListenerRow, end: Place) -> str:
    """Return the key of a batch, the same whenever and wherever it is told."""
    said = "\x1f".join(str(part) for part in (row.name, row.place, end))
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _is_behind(place: Place, newest: Place) -> bool:
    return place.event_id < newest.event_id or place.message_event_id < newest.message_event_id
