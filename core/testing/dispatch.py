"""A ledger in memory for one call of `deliver`, which writes down every breach of the protocol."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Literal, get_args

from ..errors import EnvironmentMissing
from ..message import Message, Outcome, Receipt

State = Literal["ready", "claimed", "sending", "sent", "failed", "unknown", "skipped"]

_AFTER: dict[str, State] = {
    "sent": "sent",
    "later": "ready",
    "failed": "failed",
    "unknown": "unknown",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """One move of one message."""

    key: str
    before: State
    after: State


class MemoryDispatch:
    """A `Dispatch` over messages in memory, blocking and awaitable.

    It moves messages as the ledger does and believes nobody: what a channel may not do is
    refused, changes nothing, and stands in `breaches`. After a refused mark the message is
    `skipped` and no longer the channel's: settling or marking it then is a breach too.

    Leaving it as a context manager, or `finish()`, does what the core does when `deliver` returns
    or raises: what is still claimed goes back to ready, what was marked becomes unknown.
    It may be used from several threads.

    Args:
        messages: What is due, in this order.
        refuse: Keys of messages whose mark is refused.
        on_claim: Called with each message right after it was claimed.
        on_mark: Called with each message at its mark, before it is answered: what the world has
            then, it got without a mark. What it raises comes out of `mark`, and nothing moved.
        on_settle: Called with each message and its receipt after it was settled.

    Attributes:
        states: The state of each message by key; first all are ready.
        receipts: The receipt of each settled message by key.
        transitions: Every move, in order.
        breaches: What the channel may not do and did, in words, without addresses.
        marked: Keys whose mark was granted, in order.
        most_marked: The most messages that were marked and not settled at one moment.
        left_claimed: Keys that were still claimed at the end.
        left_marked: Keys that were marked and not settled at the end.
        missing: What the channel said is not there, so that the run waits for it; or None.
    """

    def __init__(
        self,
        messages: Iterable[Message],
        *,
        refuse: Collection[str] = (),
        on_claim: Callable[[Message], None] | None = None,
        on_mark: Callable[[Message], None] | None = None,
        on_settle: Callable[[Message, Receipt], None] | None = None,
    ) -> None:
        self._due = deque(messages)
        self._refused = frozenset(refuse)
        self._on_claim, self._on_mark, self._on_settle = on_claim, on_mark, on_settle
        self._lock = threading.RLock()
        self._finished = False
        self._open = 0
        self.states: dict[str, State] = {message.key: "ready" for message in self._due}
        if len(self.states) < len(self._due):
            raise ValueError("two messages have the same key")
        self.receipts: dict[str, Receipt] = {}
        self.transitions: list[Transition] = []
        self.breaches: list[str] = []
        self.marked: list[str] = []
        self.most_marked = 0
        self.left_claimed: list[str] = []
        self.left_marked: list[str] = []
        self.missing: EnvironmentMissing | None = None

    def __iter__(self) -> Iterator[Message]:
        """Claim messages, one after the other; several iterators share what is due."""
        while (message := self._claim()) is not None:
            yield message

    def mark(self, message: Message) -> bool:
        """Grant the mark of a claimed message, unless it is one to refuse.

        Returns:
            False for a refused mark, and for every mark that breaks the protocol.
        """
        with self._lock:
            if not self._may("marked", message, needs=("claimed",)):
                return False
            if self._on_mark is not None:
                self._on_mark(message)
            if message.key in self._refused:
                self._move(message.key, "skipped")
                return False
            self._move(message.key, "sending")
            self.marked.append(message.key)
            self.most_marked = max(self.most_marked, self._open)
            return True

    def settle(self, message: Message, receipt: Receipt) -> None:
        """Keep the receipt of a message that is claimed (`later`, `failed`) or marked."""
        with self._lock:
            if not self._may("settled", message, needs=("claimed", "sending")):
                return
            problem = _find_fault(message, receipt)
            unmarked = problem is None and self.states[message.key] == "claimed"
            if unmarked and receipt.outcome in ("sent", "unknown"):
                problem = f"settled as {receipt.outcome} without a mark"
            if problem is not None:
                self.breaches.append(f"{message.key}: {problem}")
                return
            self.receipts[message.key] = receipt
            self._move(message.key, _AFTER[receipt.outcome])
            if self._on_settle is not None:
                self._on_settle(message, receipt)

    async def __aiter__(self) -> AsyncIterator[Message]:
        """Claim messages, letting others run before each."""
        await asyncio.sleep(0)
        while (message := self._claim()) is not None:
            yield message
            await asyncio.sleep(0)

    async def mark_async(self, message: Message) -> bool:
        """Do the same as `mark`, letting others run before and after, as a group commit does."""
        await asyncio.sleep(0)
        granted = self.mark(message)
        await asyncio.sleep(0)
        return granted

    async def settle_async(self, message: Message, receipt: Receipt) -> None:
        """Do the same as `settle`, letting others run before and after."""
        await asyncio.sleep(0)
        self.settle(message, receipt)
        await asyncio.sleep(0)

    def finish(self) -> None:
        """Do what the core does when `deliver` has returned or raised; twice does no harm."""
        with self._lock:
            self._finished = True
            for key, state in self.states.items():
                if state == "claimed":
                    self.left_claimed.append(key)
                    self._move(key, "ready")
                elif state == "sending":
                    self.left_marked.append(key)
                    self._move(key, "unknown")

    def __enter__(self) -> MemoryDispatch:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.finish()

    def _claim(self) -> Message | None:
        with self._lock:
            if not self._due or self._finished:
                return None
            message = self._due.popleft()
            self._move(message.key, "claimed")
            if self._on_claim is not None:
                self._on_claim(message)
            return message

    def _may(self, done: str, message: Any, *, needs: tuple[State, ...]) -> bool:
        """Say whether a message may be marked or settled now; write down why not."""
        key = getattr(message, "key", None)
        state = self.states.get(key) if isinstance(key, str) else None
        if not isinstance(message, Message) or state is None:
            self.breaches.append(f"{done} something that is no message of this dispatch")
        elif self._finished:
            self.breaches.append(f"{key}: {done} after deliver had ended")
        elif state in needs:
            return True
        else:
            self.breaches.append(f"{key}: {_explain(done, key in self.receipts, state)}")
        return False

    def _move(self, key: str, after: State) -> None:
        before = self.states[key]
        self._open += (after == "sending") - (before == "sending")
        self.transitions.append(Transition(key=key, before=before, after=after))
        self.states[key] = after


def _explain(done: str, is_settled: bool, state: State) -> str:
    if state == "skipped":
        return f"{done} after its mark was refused; leave it alone then"
    if is_settled:
        return f"{done} twice" if done == "settled" else "marked after it was settled"
    if state == "ready":
        return f"{done} without having been claimed"
    return f"{done} twice"


def _find_fault(message: Message, receipt: Any) -> str | None:
    if not isinstance(receipt, Receipt):
        return f"settled with a {type(receipt).__name__}, which is not a Receipt"
    if receipt.outcome not in get_args(Outcome):
        return f"settled with the outcome '{receipt.outcome}', which there is not"
    if message.address and message.address in receipt.detail:
        return "settled with a detail that holds the address"
    return None
