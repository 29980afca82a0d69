"""The dispatch of a run: gives a channel claimed messages, and takes its marks and receipts."""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass

from ..errors import PluginError
from ..message import Message, Receipt
from ..store.ledger.claims import ClaimedRow, leave_claims, release_claims
from ..store.ledger.marks import Marking, give_up_claims
from ..store.ledger.runs import move_run
from .ahead import Ahead
from .committer import Committer
from .composing import Composed, Composer
from .crash_points import reach
from .engine import LOG, Engine
from .health import Health
from .outcomes import check_receipt, settle_receipt
from .pacing import Pacer
from .runs import Run, find_rules, make_contexts

AHEAD_ROWS = 100
"""How many messages are claimed at once: what a dead owner leaves to be found."""


@dataclass(slots=True)
class _Taken:
    """A message that the channel has."""

    composed: Composed
    row: ClaimedRow
    is_asked: bool = False
    is_marked: bool = False


class LedgerDispatch:
    """A `Dispatch` over the ledger, for one variant of a run.

    Args:
        engine: The engine.
        run: The run.
        variant: The variant's name.
        should_stop: Asked before each claim; True ends the iteration.

    Attributes:
        outcomes: How many messages came to which outcome.
        untaken: How many claimed messages the channel did not even ask for.
        next_at: When the rate lets more leave, in UTC milliseconds; None when it did not stop it.
    """

    def __init__(
        self,
        engine: Engine,
        run: Run,
        variant: str | None,
        *,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> None:
        self.engine = engine
        self.run = run
        self.bound = run.campaign.variants[variant]
        self.plugin = self.bound.stages["deliver"].plugin
        self.token = engine.owner.make_token()
        self.outcomes: dict[str, int] = {}
        self.untaken = 0
        self._should_stop = should_stop
        self._resends = self.bound.recipe.policy.on_unknown == "resend"
        self._chance = random.Random(self.token)
        self._composer = Composer(engine, self.bound, make_contexts(engine, run, variant), run.id)
        self._pacer = Pacer(engine, run, variant)
        rules = find_rules(engine, run, variant)
        marking = Marking(engine.store.dialect, rules, engine.owner, self.token)
        self._committer = Committer(engine.store, marking)
        self._health = Health()
        self._lock = threading.Lock()
        self._ahead = Ahead(self._make_more, low=AHEAD_ROWS // 2)
        self._taken: dict[int, _Taken] = {}
        self._pending: set[Future[bool]] = set()
        self._is_over = False

    @property
    def next_at(self) -> int | None:
        """When the rate lets more leave, in UTC milliseconds; None when it stopped nothing."""
        return self._pacer.next_at

    def __iter__(self) -> Iterator[Message]:
        """Claim messages, one after the other; several iterators share what is due."""
        while (message := self._take()) is not None:
            yield message

    async def __aiter__(self) -> AsyncIterator[Message]:
        """Claim messages, letting others run while the ledger is asked."""
        while True:
            message = self._note_taken(self._ahead.take_now())
            if message is None:
                # Noted by the thread: whoever waits for it may be cancelled.
                message = await asyncio.to_thread(self._take)
            if message is None:
                return
            yield message

    def mark(self, message: Message) -> bool:
        """Say durably that the message is about to leave; False when it must not."""
        answer = self._ask_mark(message)
        return answer is not None and self._note_mark(message, answer.result())

    async def mark_async(self, message: Message) -> bool:
        """Do the same as `mark`; marks of several connections are committed together."""
        answer = self._ask_mark(message)
        return answer is not None and self._note_mark(message, await asyncio.wrap_future(answer))

    def settle(self, message: Message, receipt: Receipt) -> None:
        """Store the receipt of a message; it is durable when `deliver` returns."""
        reach("answered")
        with self._lock:
            taken = self._taken.get(message.id)
            if taken is None or self._is_over:
                when = " after it was done" if self._is_over else ""
                raise PluginError(
                    f"the plugin '{self.plugin}' settled a message that it does not have{when}",
                    hint="settle each message once, before `deliver` returns, and none whose mark "
                    "was refused",
                )
            outcome = check_receipt(self.plugin, receipt, is_marked=taken.is_marked)
            now = self.engine.now
            settled = settle_receipt(
                taken.composed.message,
                receipt,
                attempts=taken.row.attempts,
                unknowns=taken.row.unknowns,
                now=now,
                resends=self._resends,
                chance=self._chance,
            )
            del self._taken[message.id]
            self.outcomes[outcome] = self.outcomes.get(outcome, 0) + 1
            self._health.record(outcome)
            answer = self._committer.settle(settled.row, now, settled.history)
            self._pending = {one for one in self._pending if not one.done() or one.exception()}
            self._pending.add(answer)
        problem = self._health.problem()
        if problem is not None:
            self._pause(problem)

    async def settle_async(self, message: Message, receipt: Receipt) -> None:
        """Do the same as `settle`; receipts of several connections are committed together."""
        self.settle(message, receipt)
        await asyncio.sleep(0)

    def finish(self) -> None:
        """Store what is waiting, and give back what the channel did not settle.

        Raises:
            EnvironmentMissing: The ledger could not be written to; what was marked becomes
                unknown when its lease runs out.
        """
        with self._lock:
            if self._is_over:
                return
            self._is_over = True
        self.untaken = len(self._ahead.close())
        self._committer.close()
        self.engine.owner.drop_token(self.token)
        with self.engine.store.begin() as connection:
            back, lost = give_up_claims(connection, self.token)
        if lost:
            self.outcomes["unknown"] = self.outcomes.get("unknown", 0) + lost
        if back > self.untaken or lost:
            LOG.warning("the channel left messages", extra={"run": self.run.id, "back": back})
        for answer in self._pending:
            answer.result()

    def _take(self) -> Message | None:
        return self._note_taken(self._ahead.take())

    def _note_taken(self, made: tuple[ClaimedRow, Composed] | None) -> Message | None:
        if made is None:
            return None
        row, composed = made
        with self._lock:
            self._taken[row.id] = _Taken(composed, row)
        return composed.message

    def _make_more(self) -> list[tuple[ClaimedRow, Composed]] | None:
        """Claim and compose messages; None when nothing more is to be had."""
        while not self._is_over and not self._should_stop():
            rows = self._pacer.claim(self.token, AHEAD_ROWS)
            reach("claimed")
            if rows is None:
                return None
            try:
                kept = self._compose(rows)
            except BaseException:
                with self.engine.store.begin() as connection:
                    release_claims(connection, self.token, [row.id for row in rows])
                raise
            reach("composed")
            if kept:
                return kept
        return None

    def _compose(self, rows: list[ClaimedRow]) -> list[tuple[ClaimedRow, Composed]]:
        composed, left = self._composer.compose(rows)
        left += self._pacer.hold_back(composed)
        if left:
            with self.engine.store.begin() as connection:
                leave_claims(connection, self.token, left)
        gone = {one[0] for one in left}
        by_id = {row.id: row for row in rows}
        return [(by_id[one.message.id], one) for one in composed if one.message.id not in gone]

    def _ask_mark(self, message: Message) -> Future[bool] | None:
        with self._lock:
            taken = self._taken.get(message.id)
            if taken is None or taken.is_asked or self._is_over:
                return None
            taken.is_asked = True  # in one group of the committer both would be granted
            made = taken.composed
            return self._committer.mark((message.id, made.facts, made.body_hash), self.engine.now)

    def _note_mark(self, message: Message, is_granted: bool) -> bool:
        with self._lock:
            taken = self._taken.get(message.id)
            if is_granted and taken is not None:
                taken.is_marked = True
            elif not is_granted:
                self._taken.pop(message.id, None)
                self.outcomes["refused"] = self.outcomes.get("refused", 0) + 1
        return is_granted

    def _pause(self, problem: str) -> None:
        with self.engine.store.begin() as connection:
            if move_run(connection, self.run.id, ("running", "waiting"), "paused", reason=problem):
                LOG.error("paused: %s", problem, extra={"run": self.run.id})
        self._should_stop = lambda: True
        waiting = [row.id for row, _ in self._ahead.close()]
        with self.engine.store.begin() as connection:
            release_claims(connection, self.token, waiting)
