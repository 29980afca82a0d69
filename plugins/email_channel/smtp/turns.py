"""Says which message is next: no domain gets too much at once, and one that refuses gets less."""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field

from ballyhoo import Dispatch, Message

from .timeouts import Pace


@dataclass(slots=True)
class _Domain:
    """How a domain is treated at the moment.

    Attributes:
        most: How many of its messages may be under way at once.
        busy: How many are.
        refusals: How often in a row it said no for now.
        next_at: Not before, by the loop's clock.
        parked: Its messages that wait.
    """

    most: float
    busy: int = 0
    refusals: int = 0
    next_at: float = 0.0
    parked: deque[Message] = field(default_factory=deque)
    timer: asyncio.TimerHandle | None = None


class Turns:
    """Takes messages from a dispatch a few ahead, and hands them to lanes in turn.

    Args:
        dispatch: Gives the messages.
        pace: How a domain that refuses is given time.
        lanes: How many take from it.
        per_domain: How many messages of one domain may be under way at once.
        put_off: Called with a message that is not tried now because its domain refuses all of
            them, and for how many seconds.
    """

    def __init__(
        self,
        dispatch: Dispatch,
        pace: Pace,
        *,
        lanes: int,
        per_domain: int,
        put_off: Callable[[Message, float], None],
    ) -> None:
        self._dispatch = dispatch
        self._pace = pace
        self._per_domain = per_domain
        self._put_off = put_off
        self._few, self._most = lanes, max(32, 4 * lanes)
        self._fresh: deque[Message] = deque()
        self._parked = 0
        self._domains: dict[str, _Domain] = {}
        self._idle: deque[asyncio.Future[None]] = deque()
        self._room: asyncio.Future[None] | None = None
        self._is_over = False
        self._loop = asyncio.get_running_loop()
        self._stopped: asyncio.Future[None] = self._loop.create_future()
        self._feeder = self._loop.create_task(self._feed())

    def take_now(self) -> Message | None:
        """Return the next message whose domain may have it; None when there is none just now."""
        while self._fresh and not self._stopped.done():
            message = self._fresh.popleft()
            self._ask_for_more()
            domain = self._find(message)
            if domain.busy < int(domain.most) and (
                not domain.refusals or self._loop.time() >= domain.next_at
            ):
                domain.busy += 1
                return message
            self._park(message, domain)
        return None

    async def take(self) -> Message | None:
        """Return the next message, when there is one; None when there will be none."""
        while (message := self.take_now()) is None:
            if self._stopped.done() or (self._is_over and not self._parked):
                self._wake_all()
                return None
            waiting = self._loop.create_future()
            self._idle.append(waiting)
            await waiting
        return message

    def release(self, message: Message, *, is_refused: bool | None) -> None:
        """Say that a message is under way no more.

        Args:
            message: One that was taken.
            is_refused: Whether its domain said no for now; None when it said nothing.
        """
        name = _name_domain(message)
        domain = self._domains[name]
        domain.busy -= 1
        now = self._loop.time()
        if is_refused:
            # What was under way together is refused together: that counts as once.
            if now >= domain.next_at:
                domain.refusals += 1
                domain.most = max(1.0, domain.most // 2)
                domain.next_at = now + self._pace.find_wait(domain.refusals, random.random())
        elif is_refused is False and domain.refusals:
            domain.refusals = max(0, min(domain.refusals, self._pace.refusals) - 1)
            domain.most = min(self._per_domain, domain.most + 0.5)
            wait = self._pace.find_wait(domain.refusals, random.random())
            domain.next_at = now + wait if domain.refusals else 0.0
        elif is_refused is False and domain.most < self._per_domain:
            domain.most = min(self._per_domain, domain.most + 0.5)
        if domain.parked:
            self._unpark(domain)
        elif not domain.busy and not domain.refusals and domain.most >= self._per_domain:
            del self._domains[name]

    async def rest(self, seconds: float) -> None:
        """Wait, unless there is nothing left to wait for."""
        if self._is_over and not self._fresh and not self._parked:
            return
        await asyncio.wait({self._stopped}, timeout=seconds)

    def put_back(self, message: Message) -> None:
        """Give back a message that was taken and not tried; another lane takes it."""
        self._fresh.appendleft(message)
        self.release(message, is_refused=None)
        self._wake()

    def stop(self) -> None:
        """Hand out nothing more; what is left goes back to the dispatch's owner."""
        if not self._stopped.done():
            self._stopped.set_result(None)
        self._feeder.cancel()
        self._wake_all()

    async def close(self) -> None:
        """End, when no lane takes any more.

        Raises:
            BaseException: What the dispatch raised.
        """
        for domain in self._domains.values():
            if domain.timer is not None:
                domain.timer.cancel()
        if self._stopped.done():
            await asyncio.wait({self._feeder})
        else:
            await self._feeder

    def _find(self, message: Message) -> _Domain:
        name = _name_domain(message)
        domain = self._domains.get(name)
        if domain is None:
            domain = self._domains[name] = _Domain(self._per_domain)
        return domain

    def _park(self, message: Message, domain: _Domain) -> None:
        wait = domain.next_at - self._loop.time()
        if domain.refusals >= self._pace.refusals and wait > 0:
            self._put_off(message, wait)
            return
        domain.parked.append(message)
        self._parked += 1
        if domain.busy < int(domain.most):
            self._set_timer(domain)

    def _unpark(self, domain: _Domain) -> None:
        """Let as many go on as may, or see to it that they will."""
        wait = domain.next_at - self._loop.time()
        if domain.refusals and wait > 0:
            if domain.refusals >= self._pace.refusals:
                while domain.parked:
                    self._parked -= 1
                    self._put_off(domain.parked.popleft(), wait)
                self._ask_for_more()
                self._wake_all()
            else:
                self._set_timer(domain)
            return
        free = int(domain.most) - domain.busy
        going = [domain.parked.popleft() for _ in range(min(free, len(domain.parked)))]
        self._parked -= len(going)
        self._fresh.extendleft(reversed(going))
        for _ in going:
            self._wake()

    def _set_timer(self, domain: _Domain) -> None:
        if domain.timer is None:
            at = max(domain.next_at, self._loop.time())
            domain.timer = self._loop.call_at(at, self._ring, domain)

    def _ring(self, domain: _Domain) -> None:
        domain.timer = None
        self._unpark(domain)

    async def _feed(self) -> None:
        source = self._dispatch.__aiter__()
        try:
            async for message in source:
                self._fresh.append(message)
                self._wake()
                if len(self._fresh) + self._parked >= self._most:
                    self._room = self._loop.create_future()
                    await self._room
        finally:
            self._is_over = True
            self._wake_all()
            if isinstance(source, AsyncGenerator):
                await source.aclose()

    def _ask_for_more(self) -> None:
        room = self._room
        if room is not None and len(self._fresh) <= self._few and self._parked < self._most:
            self._room = None
            if not room.done():
                room.set_result(None)

    def _wake(self) -> None:
        while self._idle:
            waiting = self._idle.popleft()
            if not waiting.done():
                waiting.set_result(None)
                return

    def _wake_all(self) -> None:
        while self._idle:
            self._wake()


def _name_domain(message: Message) -> str:
    return message.address.rpartition("@")[2]
