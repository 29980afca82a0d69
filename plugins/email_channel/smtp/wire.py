"""The bytes to and from a server: what is written, which answers came, and when to give up."""

from __future__ import annotations

import asyncio
import ssl
from typing import cast

from .replies import BadReply, Reply, ReplyReader

CLOSED = "the server closed the connection"


class ConnectionEnded(Exception):
    """The connection is of no use any more; the text says why, for a person."""


class Wire(asyncio.Protocol):
    """A connection as asyncio calls it; made by `open_wire` alone.

    Attributes:
        ended: Why the connection is of no use any more; None as long as it is.
    """

    def __init__(self) -> None:
        self.ended: str | None = None
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._reader = ReplyReader()
        self._waiter: asyncio.Future[None] | None = None
        self._room: asyncio.Future[None] | None = None
        self._closed = self._loop.create_future()
        self._deadline = 0.0
        self._late = ""
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the transport; its buffer counts as full as long as anything is in it."""
        self._transport = cast(asyncio.Transport, transport)
        # Under TLS a limit of 0 is passed by an empty buffer, too.
        high = 0 if transport.get_extra_info("sslcontext") is None else 1
        self._transport.set_write_buffer_limits(high=high, low=0)

    def data_received(self, data: bytes) -> None:
        """Take bytes of the server."""
        if self.ended is not None:
            return
        try:
            self._reader.feed(data)
        except BadReply as error:
            self.abort(str(error))
        if self._reader.replies:
            self._wake()

    def connection_lost(self, error: Exception | None) -> None:
        """Note that the connection is gone."""
        if self.ended is None:
            self.ended = CLOSED
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._wake()
        if not self._closed.done():
            self._closed.set_result(None)

    def pause_writing(self) -> None:
        """Note that the server does not take as much as is written."""
        self._room = self._room or self._loop.create_future()

    def resume_writing(self) -> None:
        """Note that everything was taken."""
        if self._room is not None and not self._room.done():
            self._room.set_result(None)
        self._room = None

    @property
    def is_quiet(self) -> bool:
        """Whether the connection stands, and the server said nothing that was not asked."""
        return not self._is_gone() and self._reader.is_empty

    @property
    def has_reply(self) -> bool:
        """Whether an answer is there already."""
        return bool(self._reader.replies)

    @property
    def own_address(self) -> str | None:
        """Our own address on this connection; None on a unix socket."""
        assert self._transport is not None
        name = self._transport.get_extra_info("sockname")
        return str(name[0]) if isinstance(name, tuple) else None

    def write(self, data: bytes) -> None:
        """Send bytes.

        Raises:
            ConnectionEnded: There is nobody to send them to.
        """
        if self._is_gone():
            raise ConnectionEnded(self.ended or CLOSED)
        assert self._transport is not None
        self._transport.write(data)

    async def drain(self, seconds: float) -> None:
        """Wait until everything that was written is in the hands of the system.

        Raises:
            ConnectionEnded: The connection ended, or it took too long.
        """
        if self._room is not None:
            await self._wait(self._room, seconds, "the server does not take the message")
        if self._is_gone():
            raise ConnectionEnded(self.ended or CLOSED)

    async def read_reply(self, seconds: float) -> Reply:
        """Return the next answer.

        Args:
            seconds: How long it may take in all.

        Raises:
            ConnectionEnded: The connection ended, what came was no answer, or it took too long.
        """
        replies = self._reader.replies
        if not replies:
            if self.ended is None:
                self._waiter = self._loop.create_future()
                await self._wait(self._waiter, seconds, "the server does not answer")
                self._waiter = None
            if not replies:
                raise ConnectionEnded(self.ended or CLOSED)
        return replies.popleft()

    async def start_tls(self, context: ssl.SSLContext, host: str, seconds: float) -> None:
        """Go on encrypted.

        Raises:
            ConnectionEnded: Something was said in the open after the answer to STARTTLS.
            OSError, ssl.SSLError: It came to nothing.
        """
        if not self.is_quiet:
            raise ConnectionEnded("the server spoke on in the open after STARTTLS")
        assert self._transport is not None
        upgraded = await self._loop.start_tls(
            self._transport, self, context, server_hostname=host, ssl_handshake_timeout=seconds
        )
        if upgraded is None:
            raise ConnectionEnded(CLOSED)
        self.connection_made(upgraded)

    def abort(self, reason: str) -> None:
        """End the connection at once; what the server has of a message counts for nothing."""
        if self.ended is None:
            self.ended = reason
        if self._transport is not None:
            self._transport.abort()
        self._wake()

    async def close(self, seconds: float) -> None:
        """Let what is written leave, and end the connection."""
        if self._transport is not None and self.ended is None:
            self.ended = "it was closed"
            self._transport.close()
            await asyncio.wait({self._closed}, timeout=seconds)
            self._transport.abort()
        await asyncio.wait({self._closed}, timeout=seconds)

    def _is_gone(self) -> bool:
        """Whether it ended; the transport knows that a moment before it says so."""
        if self.ended is None and self._transport is not None and self._transport.is_closing():
            self.ended = CLOSED
        return self.ended is not None

    def _wake(self) -> None:
        for future in (self._waiter, self._room if self.ended is not None else None):
            if future is not None and not future.done():
                future.set_result(None)

    async def _wait(self, future: asyncio.Future[None], seconds: float, late: str) -> None:
        self._deadline = self._loop.time() + seconds
        self._late = f"{late} within {seconds:g} s"
        # One timer for many waits: it is only set anew when it would come too late.
        if self._timer is None or self._timer.when() > self._deadline:
            if self._timer is not None:
                self._timer.cancel()
            self._timer = self._loop.call_at(self._deadline, self._look)
        await future

    def _look(self) -> None:
        self._timer = None
        waits = [one for one in (self._waiter, self._room) if one is not None and not one.done()]
        if not waits:
            return
        if self._loop.time() < self._deadline:
            self._timer = self._loop.call_at(self._deadline, self._look)
        else:
            self.abort(self._late)


async def open_wire(
    *,
    host: str,
    port: int,
    path: str | None,
    context: ssl.SSLContext | None,
    seconds: float,
    handshake_seconds: float,
) -> Wire:
    """Connect.

    Args:
        host: Of the server.
        port: Of the server.
        path: Of its unix socket, instead of host and port.
        context: For TLS from the first byte; None without.
        seconds: How long connecting may take.
        handshake_seconds: How long TLS may take.

    Raises:
        OSError, TimeoutError, ssl.SSLError: It came to nothing.
    """
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(seconds + (handshake_seconds if context else 0.0)):
        if path is not None:
            _, wire = await loop.create_unix_connection(Wire, path)
        elif context is not None:
            _, wire = await loop.create_connection(
                Wire, host, port, ssl=context, ssl_handshake_timeout=handshake_seconds
            )
        else:
            _, wire = await loop.create_connection(Wire, host, port)
    return wire
