"""Opens a session: connect, greeting, EHLO, STARTTLS, AUTH."""

from __future__ import annotations

import base64
import os
import socket
import ssl
from dataclasses import dataclass

from ballyhoo import EnvironmentMissing

from .replies import Reply
from .server import Server
from .session import Session
from .timeouts import Timeouts
from .wire import ConnectionEnded, Wire, open_wire


class Unreachable(Exception):
    """No session could be opened; the text says why, for a person.

    Attributes:
        is_final: Whether trying again leads to the same: a password, a certificate.
    """

    def __init__(self, said: str, *, is_final: bool = False) -> None:
        super().__init__(said)
        self.is_final = is_final


@dataclass(slots=True)
class Opener:
    """Opens sessions with one server.

    Attributes:
        server: The server.
        timeouts: How long each phase may take.
    """

    server: Server
    timeouts: Timeouts
    _context: ssl.SSLContext | None = None

    async def open(self) -> Session:
        """Open a session.

        Raises:
            Unreachable: It came to nothing.
        """
        server, timeouts = self.server, self.timeouts
        wire: Wire | None = None
        try:
            wire = await open_wire(
                host=server.host,
                port=server.port,
                path=server.path,
                context=self._find_context() if server.tls == "always" else None,
                seconds=timeouts.connect,
                handshake_seconds=timeouts.handshake,
            )
            return await self._greet(wire)
        except BaseException as error:
            if wire is not None:
                wire.abort("it was given up")
            said = _explain(error)
            if said is None:
                raise
            is_final = isinstance(error, ssl.SSLCertVerificationError)
            raise Unreachable(said, is_final=is_final) from None

    async def _greet(self, wire: Wire) -> Session:
        greeting = await wire.read_reply(self.timeouts.greeting)
        if greeting.code != 220:
            raise Unreachable(_say("does not let us in", greeting))
        extensions = await self._say_hello(wire)
        if self.server.tls in ("require", "try"):
            if "STARTTLS" in extensions:
                await self._start_tls(wire)
                extensions = await self._say_hello(wire)
            elif self.server.tls == "require":
                raise Unreachable(
                    "the server does not offer STARTTLS, and nothing is sent to it in the open",
                    is_final=True,
                )
        if self.server.user is not None:
            await self._log_in(wire, extensions)
        return Session(wire, self.server, self.timeouts, extensions)

    async def _ask(self, wire: Wire, command: str) -> Reply:
        wire.write(command.encode() + b"\r\n")
        return await wire.read_reply(self.timeouts.hello)

    async def _say_hello(self, wire: Wire) -> dict[str, str]:
        """Say who we are; return what the server can."""
        is_lmtp = self.server.protocol == "lmtp"
        name = self.server.hello or _find_name(wire)
        reply = await self._ask(wire, f"{'LHLO' if is_lmtp else 'EHLO'} {name}")
        if reply.code in (500, 502, 504) and not is_lmtp:
            reply = await self._ask(wire, f"HELO {name}")
            if reply.is_yes:
                return {}
        if not reply.is_yes:
            raise Unreachable(_say("does not accept who we are", reply))
        extensions: dict[str, str] = {}
        for line in reply.lines[1:]:
            word, _, rest = line.decode("ascii", "replace").strip().partition(" ")
            extensions[word.upper()] = rest.strip()
        return extensions

    async def _start_tls(self, wire: Wire) -> None:
        reply = await self._ask(wire, "STARTTLS")
        if reply.is_yes:
            host = self.server.host
            await wire.start_tls(self._find_context(), host, self.timeouts.handshake)
        elif self.server.tls == "require":
            raise Unreachable(_say("offers STARTTLS and then refuses it", reply))

    def _find_context(self) -> ssl.SSLContext:
        if self._context is None:
            checks = self.server.tls != "try"
            try:
                context = ssl.create_default_context(cafile=self.server.ca_file)
            except (OSError, ssl.SSLError) as error:
                raise EnvironmentMissing(
                    f"the certificates that `ca` of the SMTP URL names cannot be read: "
                    f"{getattr(error, 'strerror', None) or 'they are none'}",
                    hint="name a PEM file that this user may read",
                ) from None
            if not checks:
                # Whoever offers STARTTLS and is not asked for it may have made its certificate
                # itself; encrypted to anybody is still better than readable by everybody.
                context.check_hostname = False
                context.verify_mode = ssl.CERT_NONE
            self._context = context
        return self._context

    async def _log_in(self, wire: Wire, extensions: dict[str, str]) -> None:
        user, password = self.server.user or "", self.server.password
        ways = extensions.get("AUTH", "").upper().split()
        if "PLAIN" in ways:
            reply = await self._ask(wire, "AUTH PLAIN " + _encode(f"\0{user}\0{password}"))
        elif "LOGIN" in ways:
            reply = await self._ask(wire, "AUTH LOGIN")
            for secret in (user, password):
                if reply.code != 334:
                    break
                reply = await self._ask(wire, _encode(secret))
        else:
            raise Unreachable(
                "the server offers no way to log in that we know (AUTH PLAIN or LOGIN)",
                is_final=True,
            )
        if reply.code != 235:
            # The text of the answer may repeat the user's name.
            status = " ".join(filter(None, (str(reply.code), reply.enhanced)))
            raise Unreachable(
                f"the server refuses the user name or the password ({status})",
                is_final=reply.code >= 500,
            )


def _find_name(wire: Wire) -> str:
    name = socket.gethostname()
    if "." in name and name.isascii() and name.replace("-", "").replace(".", "").isalnum():
        return name
    address = wire.own_address
    if address is None:
        return "localhost"
    return f"[IPv6:{address.partition('%')[0]}]" if ":" in address else f"[{address}]"


def _encode(secret: str) -> str:
    return base64.b64encode(secret.encode()).decode()


def _say(what: str, reply: Reply) -> str:
    said = " ".join(filter(None, (str(reply.code), reply.enhanced)))
    return f"the server {what} ({said})"


def _explain(error: BaseException) -> str | None:
    """Return in words why there is no session; None when it is no matter of the server."""
    if isinstance(error, ConnectionEnded):
        return str(error)
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return f"TLS came to nothing: {error.reason or 'no common ground'}"
    if isinstance(error, TimeoutError):
        return "it does not answer"
    if isinstance(error, socket.gaierror):
        return "there is no host of this name"
    if isinstance(error, OSError):
        return os.strerror(error.errno) if error.errno else "it cannot be reached"
    return None
