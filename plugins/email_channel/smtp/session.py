"""A session with a server: how it is opened, and how one message after the other goes over it."""

from __future__ import annotations

from dataclasses import dataclass, field

from ballyhoo import Message, Receipt

from .envelope import Envelope, is_address, stuff_dots
from .replies import Reply
from .server import Server
from .timeouts import Timeouts
from .verdicts import Verdict, judge_refusal
from .wire import ConnectionEnded, Wire

BLOCK_BYTES = 256 * 1024
FINAL_DOT = b".\r\n"
RESET = b"RSET\r\n"


@dataclass(slots=True, eq=False)
class Attempt:
    """One try to hand over a message.

    Attributes:
        message: The message.
        envelope: What the server is told about it.
        is_announced: Whether its commands are sent.
        is_again: Whether a connection broke under it before.
        commands: MAIL, RCPT and DATA, once it fits a session.
    """

    message: Message
    envelope: Envelope
    is_announced: bool = False
    is_again: bool = False
    commands: tuple[bytes, ...] = ()


@dataclass(slots=True, eq=False)
class Session:
    """An open session, between two messages.

    Attributes:
        wire: Its connection.
        server: The server.
        timeouts: How long each phase may take.
        extensions: What the server can, by the name it announces, in capitals.
        carried: How many messages were begun.
    """

    wire: Wire
    server: Server
    timeouts: Timeouts
    extensions: dict[str, str]
    carried: int = 0
    pipelines: bool = field(init=False)
    _needs_reset: bool = False

    def __post_init__(self) -> None:
        self.pipelines = "PIPELINING" in self.extensions and self.server.pipelines

    def fit(self, attempt: Attempt) -> Receipt | None:
        """Write the commands for a message; the receipt when the server cannot take it at all."""
        envelope = attempt.envelope
        content, extensions = envelope.content, self.extensions
        if not is_address(envelope.recipient):
            return Receipt.failed("its address is none that can be written to")
        if envelope.sender and not is_address(envelope.sender):
            return Receipt.failed("its return path is no address")
        mail = ""
        if "SIZE" in extensions:
            most = extensions["SIZE"]
            if most.isdigit() and 0 < int(most) < len(content):
                said = f"it has {len(content):,} bytes; the server takes {int(most):,}"
                return Receipt.failed(said, code=552)
            mail = f" SIZE={len(content)}"
        if not content.isascii():
            if "8BITMIME" not in extensions:
                return Receipt.failed("it has 8-bit text, and the server takes 7-bit text only")
            mail += " BODY=8BITMIME"
        if envelope.needs_smtputf8:
            if "SMTPUTF8" not in extensions:
                return Receipt.failed("an address needs SMTPUTF8, which the server does not have")
            mail += " SMTPUTF8"
        elif not (envelope.sender.isascii() and envelope.recipient.isascii()):
            return Receipt.failed("an address holds characters that need SMTPUTF8")
        attempt.commands = (
            f"MAIL FROM:<{envelope.sender}>{mail}\r\n".encode(),
            f"RCPT TO:<{envelope.recipient}>\r\n".encode(),
            b"DATA\r\n",
        )
        return None

    def announce(self, attempt: Attempt, first: bytes = b"") -> None:
        """Send the commands of a message together; one by one they go in `hear`.

        Args:
            attempt: The message, which fits.
            first: What goes before them, in the same write.

        Raises:
            ConnectionEnded: There is nobody to send them to.
        """
        if self.pipelines:
            begin = RESET if self._needs_reset else b""
            self.wire.write(b"".join((first, begin, *attempt.commands)))
        self.carried += 1
        attempt.is_announced = True

    async def hear(self, attempt: Attempt) -> Verdict | None:
        """Read the answers to the commands; None when the server waits for the message.

        Raises:
            ConnectionEnded: There was none.
        """
        timeouts, wire = self.timeouts, self.wire
        if self._needs_reset:
            if not self.pipelines:
                wire.write(RESET)
            if not (await wire.read_reply(timeouts.mail)).is_yes:
                raise ConnectionEnded("the server does not let us begin anew")
            self._needs_reset = False
        if not self.pipelines:
            return await self._ask_one_by_one(attempt)
        mail = await wire.read_reply(timeouts.mail)
        if mail.code == 421:
            return self._refuse("MAIL", mail, attempt)
        recipient = await wire.read_reply(timeouts.recipient)
        if recipient.code == 421 and mail.is_yes:
            return self._refuse("RCPT", recipient, attempt)
        data = await wire.read_reply(timeouts.data)
        for step, reply in (("MAIL", mail), ("RCPT", recipient)):
            if not reply.is_yes:
                if data.code == 354:
                    # It waits for a message without a recipient: nothing but leaving is safe.
                    wire.abort("the server wants a message that it refused")
                return self._refuse(step, reply, attempt)
        return None if data.code == 354 else self._refuse("DATA", data, attempt)

    async def _ask_one_by_one(self, attempt: Attempt) -> Verdict | None:
        timeouts = self.timeouts
        for step, command, seconds in zip(
            ("MAIL", "RCPT", "DATA"),
            attempt.commands,
            (timeouts.mail, timeouts.recipient, timeouts.data),
            strict=True,
        ):
            self.wire.write(command)
            reply = await self.wire.read_reply(seconds)
            if not (reply.code == 354 if step == "DATA" else reply.is_yes):
                return self._refuse(step, reply, attempt)
        return None

    def _refuse(self, step: str, reply: Reply, attempt: Attempt) -> Verdict:
        self._needs_reset = True
        return judge_refusal(step, reply, attempt.envelope)

    async def send_body(self, attempt: Attempt) -> None:
        """Send the message, all but its final dot.

        Raises:
            ConnectionEnded: It could not be sent, or the server spoke before the end.
        """
        body = stuff_dots(attempt.envelope.content)
        for begin in range(0, len(body), BLOCK_BYTES):
            if self.wire.has_reply:
                break
            whole = len(body) <= BLOCK_BYTES
            self.wire.write(body if whole else body[begin : begin + BLOCK_BYTES])
            await self.wire.drain(self.timeouts.block)

    async def quit(self) -> None:
        """Say good-bye, and close; nothing depends on the answer."""
        try:
            self.wire.write(b"QUIT\r\n")
            await self.wire.read_reply(self.timeouts.quit)
        except ConnectionEnded:
            pass
        await self.wire.close(self.timeouts.quit)
