"""A lane: one connection, and the messages that go over it one after the other."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field

from ballyhoo import Message, PermanentDeliveryError, Receipt

from .house import House
from .opening import Unreachable
from .session import FINAL_DOT, Attempt, Session
from .verdicts import Verdict, judge_answer, judge_refusal
from .wire import ConnectionEnded


@dataclass(slots=True, eq=False)
class Lane:
    """One connection and its messages; the other lanes of the same call share `house`."""

    house: House
    _session: Session | None = None
    _refusals: int = 0
    _closing: set[asyncio.Task[None]] = field(default_factory=set)

    async def run(self) -> None:
        """Hand over messages until there are none, or the server cannot be reached."""
        attempt: Attempt | None = None
        try:
            while True:
                if attempt is None:
                    message = self.house.turns.take_now() or await self._wait()
                    if message is None:
                        break
                    attempt = await self._prepare(message)
                if attempt is not None:
                    attempt = await self._carry(attempt)
        except Unreachable as error:
            self.house.give_up(error)
        except BaseException:
            self._drop("something went wrong on our side")
            self.house.turns.stop()
            raise
        finally:
            await self._close()

    async def connect(self) -> None:
        """Open the connection, trying several times.

        Raises:
            Unreachable: It came to nothing.
        """
        house = self.house
        for times in range(1, house.pace.tries + 1):
            try:
                self._session = await house.opener.open()
            except Unreachable as error:
                # While others are let in, this one is one too many.
                if error.is_final or house.live or times == house.pace.tries:
                    raise
                await asyncio.sleep(house.pace.find_wait(times, random.random()))
            else:
                house.live += 1
                return

    async def _wait(self) -> Message | None:
        """Wait for a message; when it takes long, without a connection."""
        loop = asyncio.get_running_loop()
        timer = loop.call_later(self.house.timeouts.idle, self._leave)
        try:
            return await self.house.turns.take()
        finally:
            timer.cancel()

    def _leave(self) -> None:
        task = asyncio.ensure_future(self._close())
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    async def _close(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            self.house.live -= 1
            await session.quit()
        for task in list(self._closing):
            if task is not asyncio.current_task():
                await asyncio.wait({task})

    def _drop(self, reason: str) -> None:
        """End the connection without a word."""
        session, self._session = self._session, None
        if session is not None:
            self.house.live -= 1
            session.wire.abort(reason)

    async def _prepare(self, message: Message) -> Attempt | None:
        try:
            return Attempt(message, self.house.envelope_of(message))
        except PermanentDeliveryError as error:
            self.house.turns.release(message, is_refused=None)
            await self.house.dispatch.settle_async(message, Receipt.failed(error.message))
            return None

    async def _carry(self, attempt: Attempt) -> Attempt | None:
        """Hand over one message; return the one that is to follow it, if it is known already."""
        message = attempt.message
        try:
            if not attempt.is_announced and not await self._announce(attempt):
                return None
            session = self._session
            assert session is not None
            verdict = await session.hear(attempt)
            if verdict is not None:
                return await self._refuse(attempt, verdict, session)
            await session.send_body(attempt)
        except ConnectionEnded as error:
            return await self._lose(attempt, str(error))
        if session.wire.has_reply:
            await self._settle(attempt, await self._hear_early(attempt, session))
            return None
        following = await self._choose_following(session)
        if not await self.house.dispatch.mark_async(message):
            # Its body is with the server: only without the final dot is it nothing.
            self._drop("the message must not be sent")
            self.house.turns.release(message, is_refused=None)
            return following
        return await self._finish(attempt, following, session)

    async def _announce(self, attempt: Attempt) -> bool:
        """Send a message's commands, over a new connection where needed; False if it was settled.

        Raises:
            ConnectionEnded: They could not be sent.
            Unreachable: There is no connection; the message was given back.
        """
        session = self._session
        most = self.house.messages_per_connection
        if session is not None and (session.carried >= most or not session.wire.is_quiet):
            await self._close()
        if self._session is None:
            try:
                await self.connect()
            except Unreachable:
                self.house.turns.put_back(attempt.message)
                raise
        assert self._session is not None
        receipt = self._session.fit(attempt)
        if receipt is not None:
            await self._settle(attempt, Verdict(receipt))
            return False
        self._session.announce(attempt)
        return True

    async def _finish(
        self, attempt: Attempt, following: Attempt | None, session: Session
    ) -> Attempt | None:
        """Send the final dot, and read what comes of it."""
        if not session.wire.is_quiet:
            # It spoke, or went, before the end: the dot is not sent, and nothing is out.
            await self._settle(attempt, await self._hear_early(attempt, session))
            return following
        try:
            if following is None:
                session.wire.write(FINAL_DOT)
            else:
                session.announce(following, first=FINAL_DOT)
            reply = await session.wire.read_reply(session.timeouts.dot)
        except ConnectionEnded as error:
            self._drop(str(error))
            verdict = Verdict(Receipt.unknown(f"after the final dot: {error}"))
        else:
            verdict = judge_answer(reply, attempt.envelope)
            if verdict.ends:
                self._drop("the server ends its service")
        if following is not None and self._session is None:
            following.is_announced = False
        await self._settle(attempt, verdict)
        return following

    async def _hear_early(self, attempt: Attempt, session: Session) -> Verdict:
        """Return what it means that the server spoke, or went, before the final dot."""
        try:
            reply = await session.wire.read_reply(session.timeouts.quit)
        except ConnectionEnded as error:
            reply, said = None, str(error)
        self._drop("the server spoke before the end of the message")
        if reply is None:
            return Verdict(Receipt.later(f"before the final dot: {said}"), slows="server")
        return judge_refusal("the message", reply, attempt.envelope)

    async def _lose(self, attempt: Attempt, reason: str) -> Attempt | None:
        """Note that the connection ended before the mark: nothing is out."""
        if self._may_try_again(attempt):
            self._drop(reason)
            return attempt
        self._drop(reason)
        receipt = Receipt.later(f"before the final dot: {reason}")
        await self._settle(attempt, Verdict(receipt, slows="server"))
        return None

    async def _refuse(self, attempt: Attempt, verdict: Verdict, session: Session) -> Attempt | None:
        """Note that the server does not take a message."""
        if verdict.ends and self._may_try_again(attempt):
            self._drop("the server ends its service")
            return attempt
        if verdict.ends or session.wire.ended is not None:
            self._drop("the server ends its service")
        await self._settle(attempt, verdict)
        return None

    def _may_try_again(self, attempt: Attempt) -> bool:
        """Whether an end may be no matter of the message: servers limit what one connection does.

        Each message is tried over a second connection once, and at once.
        """
        used = self._session is not None and self._session.carried > 1
        if not used or attempt.is_again:
            return False
        attempt.is_again, attempt.is_announced = True, False
        return True

    async def _settle(self, attempt: Attempt, verdict: Verdict) -> None:
        house, message, receipt = self.house, attempt.message, verdict.receipt
        refused = None
        if receipt.outcome == "sent":
            refused, self._refusals = False, 0
        elif verdict.slows == "domain":
            refused = True
        house.turns.release(message, is_refused=refused)
        await house.dispatch.settle_async(message, receipt)
        if verdict.slows == "server":
            self._refusals += 1
            await house.turns.rest(house.pace.find_wait(self._refusals, random.random()))

    async def _choose_following(self, session: Session) -> Attempt | None:
        """Return a message whose commands can go together with the final dot (RFC 2920)."""
        if not session.pipelines or session.carried >= self.house.messages_per_connection:
            return None
        message = self.house.turns.take_now()
        if message is None:
            return None
        following = await self._prepare(message)
        if following is None:
            return None
        receipt = session.fit(following)
        if receipt is not None:
            await self._settle(following, Verdict(receipt))
            return None
        return following
