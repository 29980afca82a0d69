"""The dispatch of a run: gives a channel claimed messages, and takes its marks and receipts."""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from ..errors import PluginError
from ..message import Message, Receipt
from ..store.ledger.claims import ClaimedRow, leave_claims
from ..store.ledger.marks import Marking, give_up_claims
from ..store.ledger.runs import move_run
from ..store.ledger.states import RunState
from ..store.patience import write_patiently
from .ahead import Ahead
from .answers import make_composer
from .committer import Closed, Committer
from .crash_points import reach
from .drafts import Composed, Left
from .engine import LOG, Engine
from .outcomes import check_receipt, settle_receipt
from .pacing import Pacer
from .runs import Run, find_rules

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
        next_at: When the rate lets more leave, in UTC milliseconds; None when it did not stop it.
        failure: What went wrong on this side of the channel; None when nothing did.
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
        self._claimed = 0
        self._has_left = False
        self._should_stop = should_stop
        self._resends = self.bound.recipe.policy.on_unknown == "resend"
        self._chance = random.Random(self.token)
        self._composer = make_composer(engine, run, variant)
        self._pacer = Pacer(engine, run, variant)
        rules = find_rules(engine, run, variant)
        marking = Marking(engine.store.dialect, rules, engine.owner, self.token)
        self._committer = Committer(engine.store, marking, notes_sent=engine.notes_sent)
        self._health = run.health
        self._lock = threading.Lock()
        self._ahead = Ahead(self._make_more, low=AHEAD_ROWS // 2)
        self._taken: dict[int, _Taken] = {}
        self._is_first, self._is_last, self._is_over = True, False, False
        self._failure: BaseException | None = None

    @property
    def is_fruitless(self) -> bool:
        """Whether the channel left what is due as it was: nobody else had it, nor was it late."""
        has_result = bool(self.outcomes) or self._has_left
        return not has_result and (self._claimed > 0 or not self._ahead.was_asked)

    @property
    def next_at(self) -> int | None:
        """When the rate lets more leave, in UTC milliseconds; None when it stopped nothing."""
        return self._pacer.next_at

    @property
    def failure(self) -> BaseException | None:
        """What went wrong on this side of the channel, whatever the channel made of it."""
        return self._committer.failure or self._failure

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
            # Before anybody can call `finish`: after it this answer would have no place.
            self._committer.settle(settled.row, now, settled.history)
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
            DatabaseAway: The ledger could not be written to; what was marked becomes unknown when
                its lease runs out.
        """
        with self._lock:
            if self._is_over:
                return
            self._is_over = True
        self._ahead.close()
        self._committer.close()
        with self._lock:
            left = len(self._taken)
            untold = [id for id, one in self._taken.items() if one.is_asked and not one.is_marked]
        try:
            # By the token, not by what is remembered here: a claim may have been committed whose
            # answer was lost, and a channel's thread may be in the middle of taking a message.
            lost = write_patiently(self.engine.store, partial(self._give_up, untold=untold))
        finally:
            self.engine.owner.drop_token(self.token)
        if lost:
            self.outcomes["unknown"] = self.outcomes.get("unknown", 0) + lost
        if left:
            LOG.warning(
                "the channel left messages",
                extra={"run": self.run.id, "left": left, "unknown": lost},
            )

    def _give_up(self, connection: Connection, *, untold: Sequence[int]) -> int:
        """Give back what is held, and its part of the rate; return how many are unknown."""
        back, lost = give_up_claims(connection, self.token, untold)
        self._pacer.give_back(connection, back + self.outcomes.get("refused", 0))
        return lost

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
        try:
            while not self._is_over and not self._should_stop():
                rows = self._claim()
                reach("claimed")
                if rows is None:
                    return None
                self._claimed += len(rows)
                kept = self._compose(rows)
                reach("composed")
                if kept:
                    return kept
        except BaseException as error:  # what is claimed by now goes back at the end
            self._failure = error
            raise
        return None

    def _claim(self) -> list[ClaimedRow] | None:
        """Claim some more; messages over which an owner died have a dispatch of their own."""
        if self._is_last:
            return None
        rows = self._pacer.claim(self.token, AHEAD_ROWS, takes_suspects=self._is_first)
        self._is_first = False
        self._is_last = rows is not None and rows[0].crashes > 0
        return rows

    def _compose(self, rows: list[ClaimedRow]) -> list[tuple[ClaimedRow, Composed]]:
        composed, left = self._composer.compose(rows)
        late = self._pacer.hold_back(composed)
        if left or late:
            self._has_left = True
            write_patiently(
                self.engine.store, partial(self._leave, left=left, late=late, at=self.engine.now)
            )
        gone = {one[0] for one in (*left, *late)}
        by_id = {row.id: row for row in rows}
        return [(by_id[one.message.id], one) for one in composed if one.message.id not in gone]

    def _leave(
        self, connection: Connection, *, left: list[Left], late: list[Left], at: int
    ) -> None:
        leave_claims(connection, self.token, [*left, *late])
        self._pacer.give_back(connection, len(left), taken_at=at)

    def _ask_mark(self, message: Message) -> Future[bool] | None:
        with self._lock:
            taken = self._taken.get(message.id)
            if taken is None or taken.is_asked or self._is_over:
                return None
            taken.is_asked = True
            facts = taken.composed.facts
            body_hash = taken.composed.body_hash
        try:
            return self._committer.mark((message.id, facts, body_hash), self.engine.now)
        except Closed:
            return None

    def _note_mark(self, message: Message, is_granted: bool) -> bool:
        with self._lock:
            taken = self._taken.get(message.id)
            if taken is None or self._is_over:
                return False  # it was settled, or given back, while it was being marked
            if is_granted:
                taken.is_marked = True
            else:
                del self._taken[message.id]
                self.outcomes["refused"] = self.outcomes.get("refused", 0) + 1
        return is_granted

    def _pause(self, problem: str) -> None:
        self._should_stop = lambda: True
        states: tuple[RunState, ...] = ("running", "waiting")
        if write_patiently(
            self.engine.store,
            lambda connection: move_run(connection, self.run.id, states, "paused", reason=problem),
        ):
            LOG.error("paused: %s", problem, extra={"run": self.run.id})
        self._health.forget()
        self._ahead.close()  # what nobody took goes back at the end
