"""Runs a campaign in this process: plans it, then prepares and delivers at the same time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import dataclass

from ..feedback.beside import Beside
from ..store.ledger.leases import LeaseLost
from ..store.ledger.receipts import count_receipt
from ..store.ledger.runs import RunRow, read_run
from ..store.patience import AWAY, Patience, describe_failure
from .delivering import Delivered, Delivery
from .engine import LOG, Engine
from .guarding import watch_guardrail
from .planning import needs_preparing, plan_run
from .preparing import Prepared, prepare_next
from .runs import Run, load_run
from .sweeping import Due, settle_state, sweep
from .wave_opening import advance_waves, has_news

SHORT_WAIT_SECONDS = 5.0
"""A wait for the rate, or for another process, that a run stays for without being asked to."""

WAVE = "the feedback that its next wave learns from"
"""What a run waits for between two waves, in words."""

WATCH_SECONDS = 60.0
"""How long is delivered at most before it is looked what came back."""

LOOK_SECONDS = 1.0
"""How often a run that stays looks whether it was resumed, cancelled, or something came due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEnd:
    """Where a run stands when its process leaves it.

    Attributes:
        row: The run.
        next_due_at: When something is due again, in UTC milliseconds; None when that is not known.
        waits_for: What it waits for, in words; None when it is through.
        lacks: What is not there that it needs, in words; None when nothing.
    """

    row: RunRow
    next_due_at: int | None = None
    waits_for: str | None = None
    lacks: str | None = None


class EmbeddedRunner:
    """Works on one run until it is through, waits, or is told to stop.

    Args:
        engine: The engine.
        run_id: The run.
        waits: Whether to stay when nothing is due yet.
    """

    def __init__(self, engine: Engine, run_id: int, *, waits: bool = False) -> None:
        self.engine = engine
        self.run_id = run_id
        self.waits = waits
        self._stop = threading.Event()
        self._news = threading.Event()
        self._preparing: threading.Thread | None = None
        self._is_leaving = False
        self._failure: BaseException | None = None
        self._put_off: Prepared | None = None
        self._seen: dict[str, int] | None = None
        self._patience = Patience(engine.store.patience_seconds, self._stop.wait)
        self._made = 0
        self._telling = Beside(lambda: nullcontext(engine), self._stop.is_set)

    def stop(self) -> None:
        """Let go of everything soon, in good order."""
        self._stop.set()
        self._news.set()

    def work(self) -> RunEnd:
        """Work on the run; a database that is away for a moment is waited for.

        Raises:
            BallyhooError: It cannot be worked on here; what was claimed was given back.
        """
        while True:
            try:
                return self._work()
            except AWAY as error:
                said = describe_failure(error)
                LOG.warning("the database does not answer: %s", said, extra={"run": self.run_id})
                if self._has_gone_on():
                    self._patience.begin()
                self._patience.wait(error, is_last=self._stop.is_set())

    def _has_gone_on(self) -> bool:
        """Whether the run came any further since this was asked before."""
        before = self._seen
        with suppress(*AWAY), self.engine.store.read() as connection:
            self._seen = count_receipt(connection, self.run_id).states
        return self._seen != before

    def _work(self) -> RunEnd:
        sweep(self.engine)
        self._telling.start()
        run = load_run(self.engine, self.run_id)
        if not self._plan(run):
            return RunEnd(row=self._read(), waits_for="another process, which plans it")
        delivery = Delivery(self.engine, run)
        self._is_leaving, self._failure = False, None
        try:
            end = self._loop(run, delivery)
        finally:
            self._is_leaving = True
            if self._preparing is not None:
                self._preparing.join()
        self._raise_failure()
        self._tell_rest()
        return end

    def _tell_rest(self) -> None:
        """Tell listeners what came of it; they are no reason for the run to fail."""
        self._telling.wait()
        if not self._stop.is_set():
            with suppress(*AWAY):
                self._telling.start()
            self._telling.wait()

    def _plan(self, run: Run) -> bool:
        """Plan the run, or wait until somebody else did; False when this process should leave."""
        while True:
            with suppress(LeaseLost):  # it was paused or cancelled in the middle
                plan_run(self.engine, run)
            if self._read().state != "planning":
                return True
            if self.engine.sleep is None or self._stop.wait(LOOK_SECONDS):
                return False
            sweep(self.engine)

    def _loop(self, run: Run, delivery: Delivery) -> RunEnd:
        while True:
            self._news.clear()
            self._start_preparing(run)
            made = self._made
            found = delivery.deliver_due(self._make_stop())
            self._raise_failure()
            self._watch()
            due = settle_state(self.engine.store, self.run_id, now=self.engine.now)
            if due is None or self._stop.is_set():
                return self._end(due, found)
            if due.is_standing and not due.is_due:
                return self._end(due, found)
            if self._has_wave(due) and advance_waves(self.engine, run):
                continue
            if due.is_due and found.next_at is None and found.waits_for is None:
                continue
            if self._is_preparing():
                self._news.wait(LOOK_SECONDS)
                continue
            if self._made != made:
                continue  # the last batch was made after we looked what is due
            if not self._stay(due, found):
                return self._end(due, found)

    def _make_stop(self) -> Callable[[], bool]:
        """Return what says when to look up from delivering: when told to stop, or after a while."""
        ends = time.monotonic() + WATCH_SECONDS
        return lambda: self._stop.is_set() or time.monotonic() > ends

    def _watch(self) -> None:
        """Look whether a variant drives people away, as a run may take days in one process."""
        row = self._read()
        if row.state in ("running", "waiting"):
            watch_guardrail(self.engine, row)

    def _has_wave(self, due: Due) -> bool:
        return due.has_wave or (
            due.opens_at is not None and has_news(self.engine, self._read(), due.opens_at)
        )

    def _raise_failure(self) -> None:
        if self._failure is not None:
            raise self._failure

    def _start_preparing(self, run: Run) -> None:
        """Prepare in a thread of its own, so that a model and a channel work at the same time."""
        prepares = any(needs_preparing(bound) for bound in run.campaign.variants.values())
        if run.is_standing or not prepares or self._is_preparing():
            return
        self._preparing = threading.Thread(
            target=self._prepare, args=(run,), name="preparing", daemon=True
        )
        self._preparing.start()

    def _is_preparing(self) -> bool:
        return self._preparing is not None and self._preparing.is_alive()

    def _prepare(self, run: Run) -> None:
        try:
            while not (self._stop.is_set() or self._is_leaving):
                prepared: Prepared | None = prepare_next(self.engine, run)
                if prepared is None:
                    return
                self._put_off = prepared
                self._made += 1
                self._news.set()
        except BaseException as error:
            self._failure = error
        finally:
            self._news.set()

    def _stay(self, due: Due, found: Delivered) -> bool:
        """Wait until something may be due; False when this process should leave instead."""
        if self.engine.sleep is None:
            return False
        moments = _list_moments(due, found)
        if found.next_at is not None and due.is_due:
            moments = [found.next_at]
        seconds = (min(moments) - self.engine.now) / 1000 if moments else None
        others_work = not moments and not due.has_held and (due.is_at_work or not due.has_planned)
        is_short = others_work or (seconds is not None and seconds <= SHORT_WAIT_SECONDS)
        if not (self.waits or is_short) or (found.waits_for is not None and not self.waits):
            return False
        self._telling.start()
        wait = LOOK_SECONDS if seconds is None else min(max(seconds, 0.01), LOOK_SECONDS)
        self._stop.wait(wait)
        if others_work:
            sweep(self.engine)
        return True

    def _end(self, due: Due | None, found: Delivered) -> RunEnd:
        row = self._read()
        if due is None:
            return RunEnd(row=row)
        moments = _list_moments(due, found)
        put_off, lacks = self._put_off, found.waits_for
        if put_off is not None and put_off.is_missing:
            lacks = lacks or put_off.waits_for
        waits_for = found.waits_for or (put_off.waits_for if put_off is not None else None)
        if waits_for is None and due.has_held:
            waits_for = f"somebody's approval: 'ballyhoo approve {self.run_id}'"
        if waits_for is None and moments:
            is_wave = due.opens_at is not None and due.opens_at == min(moments)
            waits_for = WAVE if is_wave else "the time at which messages may leave"
        LOG.info("left", extra={"run": self.run_id, "state": row.state})
        if due.prepares_at is not None:
            moments.append(due.prepares_at)
        next_due_at = found.next_at if due.is_due else min(moments, default=None)
        return RunEnd(row=row, next_due_at=next_due_at, waits_for=waits_for, lacks=lacks)

    def _read(self) -> RunRow:
        with self.engine.store.read() as connection:
            return read_run(connection, self.run_id)


def _list_moments(due: Due, found: Delivered) -> list[int]:
    """Return when something comes due, in UTC milliseconds."""
    return [at for at in (due.next_due_at, found.next_at, due.opens_at) if at is not None]


def run_here(
    engine: Engine,
    run_id: int,
    *,
    waits: bool = False,
    on_runner: Callable[[EmbeddedRunner], None] = lambda runner: None,
) -> RunEnd:
    """Work on a run in this process until it is through, or waits.

    Args:
        engine: The engine.
        run_id: The run.
        waits: Whether to stay when nothing is due yet.
        on_runner: Told the runner before it works, so that a signal can stop it.
    """
    runner = EmbeddedRunner(engine, run_id, waits=waits)
    on_runner(runner)
    return runner.work()
