"""Answers visitors' questions beside the event loop: few at once, in turn, with an end."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING

from ..clock import Clock
from ..errors import BallyhooError, EnvironmentMissing
from ..store.engine import Store

if TYPE_CHECKING:
    from ..answering.answerer import Answerer
    from ..answering.asked import Answered, Asked
    from ..workspace import Workspace

WORKERS = 2
MOST_WAITING = 32
"""Who comes when so many wait is told to come back."""
SECONDS = 30.0
"""How long a visitor waits at most. A question whose turn did not come by then is dropped; one that
is being answered is kept with its reply."""

LOG = logging.getLogger("ballyhoo.web")


class TooBusy(Exception):
    """More questions wait than can be answered soon."""


class AnswerDesk:
    """The responder of a workspace, for questions that come by HTTP.

    It is opened when the first question comes, or by `warm`; an error of the installation is
    looked at again with the next question.

    Args:
        workspace: Whose recipe answers.
        store: An open store.
        clock: Tells the time.
    """

    def __init__(self, workspace: Workspace, store: Store, clock: Clock) -> None:
        self._workspace, self._store, self._clock = workspace, store, clock
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="answers")
        self._opening = threading.Lock()
        self._closing = ExitStack()
        self._answerer: Answerer | None = None
        self._waiting = 0

    def warm(self) -> None:
        """Open the responder beside whatever else begins; what is wrong is said in the log."""
        self._pool.submit(self._warm)

    async def ask(self, asked: Asked) -> Answered:
        """Return what became of a question.

        Raises:
            TooBusy: Too many wait, or it took too long.
            BallyhooError: It cannot be answered now.
        """
        return await self._run(partial(self._answer, asked))

    async def judge(self, enquiry_id: int, *, helped: bool) -> bool:
        """Keep whether a reply helped; False when there is none."""
        from ..answering.keeping import judge_reply
        from ..store.reading import to_moment

        def keep() -> bool:
            with self._store.begin() as connection:
                now = to_moment(self._clock.now())
                return judge_reply(connection, enquiry_id, is_helpful=helped, now=now)

        return await asyncio.to_thread(keep)

    def close(self) -> None:
        """Let those who wait be answered, and end."""
        self._pool.shutdown(wait=True)
        self._closing.close()

    async def _run(self, do: Callable[[], Answered]) -> Answered:
        if self._waiting >= MOST_WAITING:
            raise TooBusy
        self._waiting += 1
        try:
            async with asyncio.timeout(SECONDS):
                return await asyncio.get_running_loop().run_in_executor(self._pool, do)
        except TimeoutError:
            raise TooBusy from None
        finally:
            self._waiting -= 1

    def _answer(self, asked: Asked) -> Answered:
        (answered,) = self._open().answer([asked])
        return answered

    def _open(self) -> Answerer:
        from ..answering.answerer import Answerer
        from ..answering.recipe import load_answers
        from ..engine.engine import open_engine

        with self._opening:
            if self._answerer is None:
                campaign = load_answers(self._workspace)
                engine = self._closing.enter_context(
                    open_engine(self._workspace, store=self._store, clock=self._clock, works=False)
                )
                self._answerer = Answerer(engine, campaign)
            return self._answerer

    def _warm(self) -> None:
        try:
            self._open().try_out([])
        except EnvironmentMissing as error:
            LOG.warning(f"nobody answers at /ask: {error.message}")
        except BallyhooError as error:
            LOG.error(f"nobody answers at /ask: {error.message}")
