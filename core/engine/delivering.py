"""Delivers what is due of a run, variant by variant, through its channel."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from .. import stages
from ..errors import BallyhooError, EnvironmentMissing
from ..logs import find_place
from ..store.ledger.claims import find_next_due
from ..store.ledger.runs import (
    count_failure,
    forget_failures,
    has_failures,
    move_run,
    read_run,
)
from ..store.patience import find_away
from .dispatch import LedgerDispatch
from .engine import LOG, Engine
from .runs import Run, make_contexts

FAILURES_BEFORE_PAUSE = 3
"""How often in a row a channel may raise, or take nothing of what is due."""


@dataclass(kw_only=True)
class Delivered:
    """What came of delivering for a while.

    Attributes:
        outcomes: How many messages came to which outcome; `refused` counts refused marks.
        next_at: When the rate lets more leave, in UTC milliseconds; None when it stopped nothing.
        waits_for: What the channel lacks, for a person; None when nothing.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    next_at: int | None = None
    waits_for: str | None = None


class Delivery:
    """Delivers a run.

    Args:
        engine: The engine.
        run: The run.
    """

    def __init__(self, engine: Engine, run: Run) -> None:
        self.engine = engine
        self.run = run

    def deliver_due(self, should_stop: Callable[[], bool] = lambda: False) -> Delivered:
        """Let the channel take what is due, until nothing is or it should stop.

        Raises:
            DBAPIError, DatabaseAway: The ledger could not be read or written.
        """
        found = Delivered()
        for variant in self.run.variants:
            if should_stop():
                break
            if self._has_due(variant):
                self._deliver(variant, found, should_stop)
        return found

    def find_next_due(self) -> int | None:
        """Return when the next ready message is due, in UTC milliseconds; None when none is."""
        with self.engine.store.read() as connection:
            return find_next_due(connection, self.run.id, self.run.variants)

    def _has_due(self, variant: str | None) -> bool:
        with self.engine.store.read() as connection:
            due = find_next_due(connection, self.run.id, [variant])
        return due is not None and due <= self.engine.now

    def _deliver(
        self, variant: str | None, found: Delivered, should_stop: Callable[[], bool]
    ) -> None:
        engine, bound = self.engine, self.run.campaign.variants[variant]
        problem: str | None = None
        dispatch = LedgerDispatch(engine, self.run, variant, should_stop=should_stop)
        try:
            stages.deliver_messages(
                engine.registry,
                bound.stages["deliver"],
                make_contexts(engine, self.run, variant),
                dispatch,
            )
        except EnvironmentMissing as error:
            found.waits_for = error.message
            LOG.warning(error.message, extra={"run": self.run.id})
        except BallyhooError as error:
            problem = error.message
            # Not the cause itself: the text of a foreign exception may hold an address.
            where = find_place(error.__cause__)
            LOG.error(error.message, extra={"run": self.run.id, "where": where})
        finally:
            dispatch.finish()
        away = find_away(dispatch.failure)
        if away is not None:
            raise away  # no fault of the channel, whatever it made of it
        if dispatch.outcomes.get("sent"):
            self._note_success()
        elif dispatch.is_fruitless and found.waits_for is None and not should_stop():
            problem = problem or "it did nothing with what was due"
        if problem is not None:
            self._note_failure(problem)
        if dispatch.outcomes.get("refused"):
            self._look_whether_it_was_paused()
        found.outcomes.update(dispatch.outcomes)
        if dispatch.next_at is not None:
            found.next_at = min(dispatch.next_at, found.next_at or dispatch.next_at)

    def _note_failure(self, said: str) -> None:
        """Count a failure, over all workers, and pause the run after some in a row."""
        with self.engine.store.begin() as connection:
            failures = count_failure(connection, self.run.id)
            if failures >= FAILURES_BEFORE_PAUSE:
                move_run(
                    connection, self.run.id, ("running", "waiting"), "paused",
                    reason=f"the channel failed {failures} times in a row: {said}",
                )  # fmt: skip

    def _look_whether_it_was_paused(self) -> None:
        with self.engine.store.read() as connection:
            if read_run(connection, self.run.id).state == "paused":
                self.run.health.forget()

    def _note_success(self) -> None:
        # Another process may have counted them since this one loaded the run.
        with self.engine.store.read() as connection:
            if not has_failures(connection, self.run.id):
                return
        with self.engine.store.begin() as connection:
            forget_failures(connection, self.run.id)
