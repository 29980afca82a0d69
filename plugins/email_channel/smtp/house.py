"""What the lanes of one call share: the server, the messages, and whether it goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from ballyhoo import Dispatch, Message, Receipt

from .envelope import Envelope
from .opening import Opener, Unreachable
from .timeouts import Pace, Timeouts
from .turns import Turns


@dataclass(slots=True, eq=False)
class House:
    """What the lanes of one call share.

    Attributes:
        dispatch: Gives the messages and takes their receipts.
        envelope_of: Says what the server is told about a message.
        opener: Opens sessions.
        pace: How the server is given time.
        timeouts: How long each phase may take.
        messages_per_connection: After so many a connection is made anew.
        live: How many connections are open.
        missing: Why the server cannot be reached; None as long as it can.
    """

    dispatch: Dispatch
    envelope_of: Callable[[Message], Envelope]
    opener: Opener
    pace: Pace
    timeouts: Timeouts
    messages_per_connection: int
    live: int = 0
    missing: Unreachable | None = None
    turns: Turns = field(init=False)
    _settling: set[asyncio.Task[None]] = field(default_factory=set)

    def begin(self, *, lanes: int, per_domain: int) -> None:
        """Begin to take messages."""
        self.turns = Turns(
            self.dispatch, self.pace, lanes=lanes, per_domain=per_domain, put_off=self._put_off
        )

    def give_up(self, error: Unreachable) -> None:
        """Say that a lane cannot connect; the others go on when they can."""
        if self.live == 0:
            self.missing = error
            self.turns.stop()

    async def end(self) -> None:
        """Wait for what is under way apart from the lanes.

        Raises:
            BaseException: What the dispatch raised.
        """
        await self.turns.close()
        if self._settling:
            await asyncio.gather(*self._settling)

    def _put_off(self, message: Message, seconds: float) -> None:
        receipt = Receipt.later(
            "not tried: its domain takes nothing for now", retry_after_seconds=seconds
        )
        task = asyncio.ensure_future(self.dispatch.settle_async(message, receipt))
        self._settling.add(task)
        task.add_done_callback(self._settling.discard)
