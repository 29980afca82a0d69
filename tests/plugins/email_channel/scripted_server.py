"""A mail server that does what a test tells it to, phase by phase, and keeps what it accepted."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

USUAL = {
    "CONNECT": b"220 test.example ESMTP\r\n",
    "STARTTLS": b"220 2.0.0 go ahead\r\n",
    "AUTH": b"235 2.7.0 welcome\r\n",
    "MAIL": b"250 2.1.0 ok\r\n",
    "RCPT": b"250 2.1.5 ok\r\n",
    "DATA": b"354 go ahead\r\n",
    "RSET": b"250 2.0.0 ok\r\n",
    "QUIT": b"221 2.0.0 bye\r\n",
}
EXTENSIONS = ("PIPELINING", "8BITMIME", "SIZE 10000000", "SMTPUTF8", "ENHANCEDSTATUSCODES")


class Drop(Exception):
    """Close the connection without a word."""


class Silence(Exception):
    """Say nothing any more."""


@dataclass(frozen=True)
class Accepted:
    """A message that the server answered, or would have answered, with 250."""

    sender: str
    recipient: str
    content: bytes


class ScriptedServer:
    """Listens in a thread of its own.

    `script(step, count)` is called at each step (CONNECT, EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA,
    DOT, RSET, QUIT, and BODY at the first bytes of a message) with how often it came. It returns
    the answer's bytes, None for the usual one, or raises Drop or Silence. `accept_first` lets the
    message count as accepted before DOT is asked for its answer. `receive_buffer` (bytes) keeps the
    kernel from taking in a whole message that the server has not read.
    """

    def __init__(
        self,
        script: Callable[[str, int], bytes | None] = lambda step, count: None,
        *,
        extensions: tuple[str, ...] = EXTENSIONS,
        path: str | None = None,
        starttls: ssl.SSLContext | None = None,
        tls: ssl.SSLContext | None = None,
        drip_seconds: float = 0.0,
        receive_buffer: int | None = None,
    ) -> None:
        self.script = script
        self.extensions = extensions
        self.path = path
        self.starttls, self.tls = starttls, tls
        self.drip_seconds = drip_seconds
        self.receive_buffer = receive_buffer
        self.accept_first = False
        self.wants_data_always = False
        self.accepted: list[Accepted] = []
        self.commands: list[str] = []
        self.reads: list[bytes] = []
        self.counts: Counter[str] = Counter()
        self.most_open = self._open = 0
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def __enter__(self) -> ScriptedServer:
        self._thread.start()
        self.listen()
        return self

    def __exit__(self, *ignored: object) -> None:
        self.close()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def listen(self) -> None:
        self._call(self._listen())

    def close(self) -> None:
        """Let nobody in, and end what is open."""
        self._call(self._close())

    def _call(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(10)

    async def _listen(self) -> None:
        if self.path is not None:
            self._server = await asyncio.start_unix_server(self._serve, self.path, ssl=self.tls)
        else:
            listener = socket.create_server(("127.0.0.1", self.port))
            if self.receive_buffer is not None:
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self.receive_buffer)
            self._server = await asyncio.start_server(self._serve, sock=listener, ssl=self.tls)
            self.port = listener.getsockname()[1]

    async def _close(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for task in list(self._tasks):
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)
        await asyncio.sleep(0)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._open += 1
        self.most_open = max(self.most_open, self._open)
        try:
            await self._talk(reader, writer)
        except Silence:
            await self._read_on(reader)
        except (Drop, OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._open -= 1
            self._tasks.discard(task)
            if not writer.transport.is_closing():
                writer.transport.abort() if isinstance(
                    writer.transport.get_extra_info("ssl_object"), ssl.SSLObject
                ) else writer.close()

    async def _read_on(self, reader: asyncio.StreamReader) -> None:
        try:
            while await reader.read(65536):
                pass
        except (OSError, asyncio.CancelledError):
            pass

    async def _answer(
        self, step: str, writer: asyncio.StreamWriter, wrong: bytes | None = None
    ) -> bytes:
        self.counts[step] += 1
        answer = wrong or self.script(step, self.counts[step])
        if answer is None:
            answer = self._usual(step)
        if self.drip_seconds:
            for position in range(len(answer)):
                writer.write(answer[position : position + 1])
                await writer.drain()
                await asyncio.sleep(self.drip_seconds)
        else:
            writer.write(answer)
            await writer.drain()
        return answer

    def _usual(self, step: str) -> bytes:
        if step == "BODY":
            return b""
        if step == "DOT":
            return f"250 2.0.0 Ok: queued as Q{self.counts['DOT']:04}\r\n".encode()
        if step in ("EHLO", "LHLO"):
            lines = ["test.example", *self.extensions]
            said = [f"250-{line}" for line in lines[:-1]] + [f"250 {lines[-1]}"]
            return "".join(f"{line}\r\n" for line in said).encode()
        return USUAL.get(step, b"502 5.5.1 what?\r\n")

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._answer("CONNECT", writer)
        sender = recipient = ""
        is_open = False
        while True:
            line = (await reader.readuntil(b"\r\n")).decode()
            self.commands.append(line.rstrip())
            step = line[:8].strip().upper() if line[:8].upper() == "STARTTLS" else line[:4].upper()
            wrong = None
            if step == "MAIL" and is_open:
                wrong = b"503 5.5.1 nested MAIL\r\n"
            elif (step == "RCPT" and not is_open) or (
                step == "DATA" and not recipient and not self.wants_data_always
            ):
                wrong = b"503 5.5.1 out of order\r\n"
            answer = await self._answer(step, writer, wrong)
            if step in ("MAIL", "RSET") and answer[:1] == b"2":
                is_open, recipient = step == "MAIL", ""
            if step == "MAIL":
                sender = line[line.index("<") + 1 : line.index(">")]
            elif step == "RCPT":
                recipient = (
                    line[line.index("<") + 1 : line.index(">")] if answer[:1] == b"2" else ""
                )
            elif step == "DATA" and answer.startswith(b"354"):
                await self._take(sender, recipient, reader, writer)
                is_open, recipient = False, ""
            elif step == "STARTTLS" and answer.startswith(b"220"):
                assert self.starttls is not None
                await writer.start_tls(self.starttls)
            elif step == "AUTH" and answer.startswith(b"334"):
                for answers in (b"334 UGFzc3dvcmQ6\r\n", b"235 2.7.0 welcome\r\n"):
                    self.commands.append((await reader.readuntil(b"\r\n")).decode().rstrip())
                    writer.write(answers)
            elif step == "QUIT":
                return

    async def _take(self, sender, recipient, reader, writer) -> None:
        await self._answer("BODY", writer)
        lines: list[bytes] = []
        while (line := await reader.readuntil(b"\r\n")) != b".\r\n":
            lines.append(line[1:] if line.startswith(b".") else line)
        accepted = Accepted(sender, recipient, b"".join(lines))
        if self.accept_first:
            self.accepted.append(accepted)
        answer = await self._answer("DOT", writer)
        if answer[:1] == b"2" and not self.accept_first:
            self.accepted.append(accepted)
