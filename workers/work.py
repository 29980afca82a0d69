"""What a ring comes to: a minute of work on one run, and rings for what is due of it then."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

from sqlalchemy.exc import InterfaceError, OperationalError

from ballyhoo.core.engine.delivering import Delivery
from ballyhoo.core.engine.engine import Engine
from ballyhoo.core.engine.planning import plan_run
from ballyhoo.core.engine.preparing import prepare_next
from ballyhoo.core.engine.runs import Run, load_run
from ballyhoo.core.engine.sweeping import settle_state
from ballyhoo.core.engine.wave_opening import advance_waves
from ballyhoo.core.errors import BallyhooError
from ballyhoo.core.logs import find_place, label_logs
from ballyhoo.core.mailroom.answering import answer_waiting
from ballyhoo.core.store.ledger.leases import LeaseLost
from ballyhoo.core.store.ledger.turns import hold_delivery

from .bells import Bells, BrokerMissing, list_tasks
from .setbacks import Setbacks
from .station import LOG, Station

MOST_SECONDS = 60.0
"""After so long a task takes nothing more, and lets others have its place."""

SLOW_PER_SECOND = 100
"""A rate up to which one process delivers a run; more would only wait for each other."""

SHORT_SECONDS = 1.0
"""How long a delivery that came to nothing is left alone, whatever the reason was."""

PLAN, PREPARE, DELIVER = "ballyhoo.plan", "ballyhoo.prepare", "ballyhoo.deliver"
ANSWER = "ballyhoo.answer"


class Work:
    """The work of one process, whatever pool calls it.

    Nothing is raised: what is to be done stands in the ledger, and another ring follows one that
    came to nothing. A task that came to nothing rings for nobody, else two of them would ring for
    each other as fast as the broker lets them; the sweep does so in its own time.

    Args:
        station: Has the engine.
        bells: Ring for others.
        most_seconds: After so long a task takes nothing more.
    """

    def __init__(
        self, station: Station, bells: Bells, *, most_seconds: float = MOST_SECONDS
    ) -> None:
        self.station = station
        self.bells = bells
        self.setbacks = Setbacks()
        self._most_seconds = most_seconds
        self._lock = threading.Lock()
        self._active: set[tuple[str, int]] = set()
        self._preparing = threading.Lock()
        self._asked: dict[int, None] = {}

    def plan(self, run_id: int) -> None:
        """Plan a run, or its next wave, and ring for whatever else it has to do."""
        with self._enter(PLAN, run_id) as is_alone:
            if is_alone:
                self._try(PLAN, run_id, _plan)
                self._ring_next(PLAN, run_id, PREPARE, DELIVER, ANSWER)

    def deliver(self, run_id: int) -> None:
        """Deliver what is due of a run."""
        with self._enter(DELIVER, run_id) as is_alone:
            did = is_alone and self._try(DELIVER, run_id, self._deliver)
        if is_alone:  # by now other threads may enter again
            with label_logs(run=run_id):
                self._ring_next(DELIVER, run_id, *((PREPARE, DELIVER) if did else ()))

    def answer(self, run_id: int) -> None:
        """Answer the mails that wait in the standing run of an inbox."""
        with self._enter(ANSWER, run_id) as is_alone:
            did = is_alone and self._try(ANSWER, run_id, self._answer)
        if is_alone:
            with label_logs(run=run_id):
                self._ring_next(ANSWER, run_id, *((ANSWER, DELIVER) if did else ()))

    def prepare(self, run_id: int) -> None:
        """Prepare batches of a run, and of all others that this process is rung for meanwhile.

        One thread of a process prepares, as its model is there once. It takes a batch of each run
        in turn, so that none waits until another is through.
        """
        with self._lock:
            self._asked[run_id] = None
        if not self._preparing.acquire(blocking=False):
            return
        try:
            should_stop = self._make_stop()
            while not should_stop() and (asked := self._pop_asked()) is not None:
                with label_logs(run=asked):
                    if self._try(PREPARE, asked, self._prepare):
                        with self._lock:
                            self._asked[asked] = None
                    else:
                        self._ring_next(PREPARE, asked)
        finally:
            self._preparing.release()
        while (asked := self._pop_asked()) is not None:
            self._ring(PREPARE, asked)

    def _answer(self, engine: Engine, run: Run) -> bool:
        if not run.is_standing:
            return False
        tally = answer_waiting(engine, run, should_stop=self._make_stop())
        told = {"answered": tally.answered, "handed_off": tally.handed_off}
        if any(told.values()):
            LOG.info("answered", extra=told)
        return any(told.values())

    def _prepare(self, engine: Engine, run: Run) -> bool:
        prepared = prepare_next(engine, run)
        if prepared is None:
            return False
        LOG.info("prepared", extra={"batch": prepared.batch, "messages": dict(prepared.states)})
        self._ring(PREPARE, run.id)  # others may help
        if "ready" in prepared.states:
            self._ring(DELIVER, run.id)
        return True

    def _deliver(self, engine: Engine, run: Run) -> bool:
        due = settle_state(engine.store, run.id, now=engine.now)
        if due is None or not due.is_due:
            return False
        if not is_slow(run):
            self._ring(DELIVER, run.id)  # others may help
            return self._deliver_due(engine, run)
        with hold_delivery(engine.store, run.id) as is_ours:
            return is_ours and self._deliver_due(engine, run)

    def _deliver_due(self, engine: Engine, run: Run) -> bool:
        delivery = Delivery(engine, run)
        should_stop = self._make_stop()
        did = False
        while True:
            found = delivery.deliver_due(should_stop)
            if found.outcomes:
                LOG.info("delivered", extra={"messages": dict(found.outcomes)})
                did = True
            if found.waits_for is not None:
                self.setbacks.put_off(DELIVER, run.id)
                return did
            if found.next_at is not None:
                seconds = max(0.0, (found.next_at - engine.now) / 1000)
                self.setbacks.put_off(DELIVER, run.id, seconds=seconds)
                return did
            if not found.outcomes and not should_stop():
                self.setbacks.put_off(DELIVER, run.id, seconds=SHORT_SECONDS)
            if not found.outcomes or should_stop():
                return did
            due = settle_state(engine.store, run.id, now=engine.now)
            if due is None or not due.is_due:
                return did

    def _try(self, task: str, run_id: int, do: Callable[[Engine, Run], bool]) -> bool:
        """Do something to a run; False when that came to nothing, for whatever reason."""
        if self.setbacks.is_put_off(task, run_id):
            return False
        try:
            with self.station.use() as engine:
                run = self._load(task, engine, run_id)
                if run is None:
                    return False
                with suppress(LeaseLost):
                    return do(engine, run)
                return False
        except BallyhooError as error:
            LOG.error(str(error), extra={"where": find_place(error.__cause__)})
        except (OperationalError, InterfaceError) as error:
            LOG.error("the database does not answer: %s", type(error.orig).__name__)
        except Exception:
            LOG.exception("it failed in a way that nobody foresaw")
        self.setbacks.put_off(task, run_id)
        return False

    def _load(self, task: str, engine: Engine, run_id: int) -> Run | None:
        """Load a run; None when it cannot be worked on here, which others may do."""
        try:
            return load_run(engine, run_id)
        except BallyhooError as error:
            LOG.warning("left alone: %s", error)
            self.setbacks.put_off(task, run_id)
            return None

    def _ring_next(self, own: str, run_id: int, *tasks: str) -> None:
        """Bring the run's state up to date, and ring for those of some tasks that are due."""
        if self.setbacks.is_put_off(own, run_id):
            return
        try:
            with self.station.use() as engine:
                due = settle_state(engine.store, run_id, now=engine.now)
        except Exception as error:
            LOG.error("the state of the run is not known: %s", type(error).__name__)
            return
        for task in list_tasks(due) if due is not None else ():
            if task in tasks:
                self._ring(task, run_id)

    def _ring(self, task: str, run_id: int) -> None:
        """Ring for a run when no ring of this kind waits; the sweep does it when this fails."""
        with suppress(BrokerMissing):
            self.bells.ring_missing(task, [run_id])

    def _pop_asked(self) -> int | None:
        with self._lock:
            first = next(iter(self._asked), None)
            if first is not None:
                del self._asked[first]
            return first

    def _make_stop(self) -> Callable[[], bool]:
        """Return what says when this task takes nothing more."""
        ends = time.monotonic() + self._most_seconds
        return lambda: self.station.is_stopping or time.monotonic() > ends

    @contextmanager
    def _enter(self, task: str, run_id: int) -> Iterator[bool]:
        """Whether no other thread of this process does the same; it would only be in the way."""
        key = (task, run_id)
        with self._lock:
            is_alone = key not in self._active
            self._active.add(key)
        try:
            with label_logs(run=run_id):
                yield is_alone
        finally:
            if is_alone:
                with self._lock:
                    self._active.discard(key)


def _plan(engine: Engine, run: Run) -> bool:
    return plan_run(engine, run) or advance_waves(engine, run)


def is_slow(run: Run) -> bool:
    """Whether a run has a rate that one process keeps up with."""
    for bound in run.campaign.variants.values():
        deliver = bound.recipe.deliver
        if deliver is None:
            continue
        if deliver.warm_up is not None:
            return True
        rate = deliver.rate.total if deliver.rate is not None else None
        if rate is not None and rate.count / (rate.per / timedelta(seconds=1)) <= SLOW_PER_SECOND:
            return True
    return False
