"""Hands what requests want stored to a process of its own, which is started anew when it ends.

A thread of the server that stores would take its turns of Python's one lock from all the answers.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from .committing import Outcome
from .frames import READY, Frames, pack
from .waiting import Line, Overloaded, Request, resolve

PATIENCE_SECONDS = 20.0
"""How long requests wait for a writer that is started anew."""

FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 5.0
MOST_TRIES = 3
"""So many writers may end over the same requests."""

END_SECONDS = 30.0
"""How long the writer may take to store what it was given last."""

LOG = logging.getLogger("ballyhoo.web")


class Relay:
    """Takes requests of one kind; one group at a time is with the writer.

    Args:
        kind: What they are, as the writer calls it.
        most_rows: Of one group.
        writer: Who stores them.
    """

    def __init__(self, kind: str, most_rows: int, writer: WriterProcess) -> None:
        self._kind = kind
        self._line: Line[Any, Any] = Line(most_rows)
        self._writer = writer
        self._sent: Sequence[Request[Any, Any]] = ()
        self._number = self._tries = 0
        self._is_due = False

    async def ask(self, asked: Any, *, size: int = 1) -> Any:
        """Store something of so many rows; it is durable when the answer is there.

        Raises:
            Overloaded: Too much waits already, the writer is away, or all was closed.
        """
        if self._writer.is_away:
            raise _say_away()
        future = self._line.add(asked, size)
        if not self._sent and not self._is_due:
            self._is_due = True
            asyncio.get_running_loop().call_soon(self._send_next)
        return await future

    def close(self) -> None:
        """Take no more."""
        self._line.is_closed = True

    async def finish(self) -> None:
        """Wait until all that was taken is answered."""
        while self._sent or self._line:
            await asyncio.sleep(0.01)

    def receive(self, number: int, outcomes: Sequence[Outcome[Any]]) -> None:
        """Hand the answers to the group that was sent, and send the next one.

        Args:
            number: Of the group; one that was refused meanwhile is answered no more.
            outcomes: One for each of its requests.
        """
        if number != self._number or not self._sent:
            return
        sent, self._sent, self._tries = self._sent, (), 0
        self._send_next()  # first: the writer works while the answers are sent
        resolve(list(zip(sent, outcomes, strict=True)))

    def send_again(self) -> None:
        """Send what a writer that has ended may not have stored: twice does no harm.

        A group over which one after the other ends is refused: the next ones are to be stored.
        """
        if self._tries >= MOST_TRIES:
            LOG.error(f"{self._kind} were refused: the process that stores ended over them")
            sent, self._sent, self._tries = self._sent, (), 0
            self._send_next()
            _refuse(sent)
        elif self._sent:
            group = [one.asked for one in self._sent]
            self._tries += self._writer.send(self._kind, self._number, group)

    def refuse(self) -> None:
        """Refuse all that waits."""
        sent, self._sent, self._tries = self._sent, (), 0
        while sent:
            _refuse(sent)
            sent = self._line.take()

    def _send_next(self) -> None:
        self._is_due = False
        if not self._sent and self._line:
            self._sent = self._line.take()
            self._number += 1
            self.send_again()


class WriterProcess(asyncio.Protocol):
    """Starts the process that stores, hands groups to it, and starts it anew when it ends.

    All of it happens in the event loop in which it was opened.

    Args:
        folder: Of the workspace.
        most_rows: Of one group, by kind.
        patience_seconds: For how long requests wait while there is none.
    """

    def __init__(
        self,
        folder: Path,
        most_rows: Mapping[str, int],
        *,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self.relays = {kind: Relay(kind, most, self) for kind, most in most_rows.items()}
        self.is_ready = self.is_away = False
        self.process: subprocess.Popen[bytes] | None = None
        self._folder = folder
        self._patience_seconds = patience_seconds
        self._transport: asyncio.Transport | None = None
        self._frames = Frames()
        self._pause = FIRST_PAUSE_SECONDS
        self._is_closing = False
        self._ended = asyncio.Event()
        self._giving_up: asyncio.TimerHandle | None = None
        self._starting: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start the process; what is asked for while it starts waits for it."""
        self._count_down()
        ours, theirs = socket.socketpair()
        module = f"{__package__}.writer_process"
        command = [sys.executable, "-P", "-m", module, str(self._folder), str(theirs.fileno())]
        try:
            self.process = await asyncio.to_thread(
                subprocess.Popen, command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL
            )
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        ours.setblocking(False)
        self._frames = Frames()
        self._ended.clear()
        try:
            await asyncio.get_running_loop().create_connection(lambda: self, sock=ours)
        except BaseException:
            ours.close()
            raise

    async def close(self) -> None:
        """Wait until all that was taken is stored, and end the process."""
        for relay in self.relays.values():
            relay.close()
        for relay in self.relays.values():
            await relay.finish()
        self._is_closing = True
        if self._starting is not None:
            self._starting.cancel()
        if self._giving_up is not None:
            self._giving_up.cancel()
        if self._transport is not None:
            self._transport.close()
            await self._ended.wait()
        if self.process is not None:
            await asyncio.to_thread(_end, self.process)

    def send(self, kind: str, number: int, group: list[Any]) -> bool:
        """Hand a group to the process; False when it is not ready: it asks for it when it is."""
        if not self.is_ready or self._transport is None:
            return False
        self._transport.write(pack((kind, number, group)))
        return True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Note the way to the process."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Hand on the answers that came."""
        for kind, number, outcomes in self._frames.feed(data):
            if kind == READY:
                self._come_back()
            else:
                self.relays[kind].receive(number, outcomes)

    def connection_lost(self, exc: Exception | None) -> None:
        """Start another process, unless this one was told to end."""
        self._transport = None
        self.is_ready = False
        self._ended.set()
        if not self._is_closing:
            LOG.error("the process that stores has ended; another one is started")
            self._count_down()
            self._starting = asyncio.ensure_future(self._start_again())

    async def _start_again(self) -> None:
        if self.process is not None:
            await asyncio.to_thread(_end, self.process)
        while True:
            await asyncio.sleep(self._pause)
            self._pause = min(LONGEST_PAUSE_SECONDS, self._pause * 2)
            try:
                return await self.start()
            except OSError as error:
                LOG.error(f"the process that stores could not be started: {error.strerror}")

    def _count_down(self) -> None:
        """Give up after a while, unless a writer is ready before."""
        if self._giving_up is None:
            loop = asyncio.get_running_loop()
            self._giving_up = loop.call_later(self._patience_seconds, self._give_up)

    def _come_back(self) -> None:
        """It is ready: whatever was before is over."""
        self.is_ready = True
        self._pause = FIRST_PAUSE_SECONDS
        self.is_away = False
        if self._giving_up is not None:
            self._giving_up.cancel()
            self._giving_up = None
        for relay in self.relays.values():
            relay.send_again()

    def _give_up(self) -> None:
        """Refuse what waits, and what comes until there is an answer again."""
        self.is_away = True
        for relay in self.relays.values():
            relay.refuse()


@asynccontextmanager
async def open_writer(folder: Path, most_rows: Mapping[str, int]) -> AsyncIterator[WriterProcess]:
    """Run the process that stores until the block is left.

    Args:
        folder: Of the workspace.
        most_rows: Of one group, by kind.
    """
    writer = WriterProcess(folder, most_rows)
    await writer.start()
    try:
        yield writer
    finally:
        await writer.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _refuse(sent: Sequence[Request[Any, Any]]) -> None:
    outcome: Outcome[Any] = Outcome(error=_say_away())
    resolve([(one, outcome) for one in sent])


def _say_away() -> Overloaded:
    return Overloaded("the process that stores is away", hint="the log says why; ask again later")
