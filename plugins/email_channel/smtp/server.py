"""Reads the URL of a mail server: where it is, how it is spoken to, and who we are to it."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from typing import Literal, cast
from urllib.parse import parse_qsl, unquote, urlsplit

from ballyhoo import DataError

Tls = Literal["always", "require", "try", "no"]

SCHEMES = ("smtp", "smtps", "lmtp", "smtp+unix", "lmtp+unix")
PORTS = {"smtp": 25, "smtps": 465, "lmtp": 24}
OPTIONS = ("starttls", "hello", "ca", "pipelining")

HINT = (
    "write smtp_url as smtp://USER:PASSWORD@HOST:PORT, smtps://..., lmtp://... or "
    "smtp+unix:///PATH; what is special in a URL (/ ? # @ : %) is percent-encoded in USER and "
    "PASSWORD"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A mail server.

    Attributes:
        protocol: `smtp` or `lmtp`.
        host: Its name or address; of no meaning with a path.
        port: Its port.
        path: The unix socket it listens on, or None.
        tls: `always`: from the first byte, certificate checked. `require`: STARTTLS, certificate
            checked. `try`: STARTTLS when it is offered, whatever the certificate. `no`: never.
        user: Who logs in; None when nobody does.
        password: With what.
        hello: What we call ourselves; None leaves it to the machine's name or address.
        ca_file: File of certificates to trust instead of the system's, or None.
        pipelines: Whether commands go together where the server offers it.
    """

    protocol: Literal["smtp", "lmtp"] = "smtp"
    host: str = "localhost"
    port: int = 25
    path: str | None = None
    tls: Tls = "try"
    user: str | None = None
    password: str = field(default="", repr=False)
    hello: str | None = None
    ca_file: str | None = None
    pipelines: bool = True

    @property
    def name(self) -> str:
        """Where it is, for a person; without the user."""
        if self.path is not None:
            return self.path
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def is_local(self) -> bool:
        """Whether nobody between us and it can listen."""
        return self.path is not None or is_loopback(self.host)


def read_server(url: str) -> Server:
    """Read the URL of a server.

    Args:
        url: `smtp://`, `smtps://`, `lmtp://`, `smtp+unix:///PATH` or `lmtp+unix:///PATH`, with
            user and password where needed, and the options `starttls` (require, try, no),
            `hello`, `ca` and `pipelining` (yes, no).

    Raises:
        DataError: It is none; the message holds nothing of it that could be a password.
    """
    if "#" in url:
        raise _refuse("holds a '#', which is %23 in a password")
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        raise _refuse("is not a URL") from None
    if parts.scheme not in SCHEMES:
        raise _refuse(f"must begin with one of {', '.join(f'{one}://' for one in SCHEMES)}")
    is_unix = parts.scheme.endswith("+unix")
    path = unquote(parts.path) if is_unix else None
    if is_unix and (parts.hostname or not path or path == "/"):
        raise _refuse("names no socket: three slashes and its path follow '+unix:'")
    if not is_unix and not parts.hostname:
        raise _refuse("names no host")
    if not is_unix and parts.path not in ("", "/"):
        raise _refuse("holds a path after the host; a '/' is %2F in a password")
    host = parts.hostname or "localhost"
    if not re.fullmatch(r"[\w.:%-]+", host):
        raise _refuse("names a host with characters that no host has")
    user = _read_user(parts.username)
    options = _read_options(parts.query)
    is_near = is_unix or is_loopback(host)
    return Server(
        protocol="lmtp" if parts.scheme.startswith("lmtp") else "smtp",
        host=host,
        port=port or PORTS.get(parts.scheme, 0),
        path=path,
        tls=_choose_tls(parts.scheme, options.get("starttls"), user is not None, is_near),
        user=user,
        password=_read_user(parts.password) or "",
        hello=_read_hello(options.get("hello")),
        ca_file=options.get("ca"),
        pipelines=_choose(options, "pipelining", ("yes", "no"), "yes") == "yes",
    )


def is_loopback(host: str) -> bool:
    """Say whether a host is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _refuse(said: str) -> DataError:
    return DataError(f"the SMTP URL {said}", hint=HINT)


def _read_user(quoted: str | None) -> str | None:
    if quoted is None:
        return None
    plain = unquote(quoted)
    if "\0" in plain or "\ufffd" in plain:
        raise _refuse("holds a user or password that is not UTF-8 text")
    return plain


def _read_options(query: str) -> dict[str, str]:
    options = dict(parse_qsl(query, keep_blank_values=True))
    for name in options:
        if name not in OPTIONS:
            # Not by its name: it may be the rest of a password with a '?' in it.
            raise _refuse(f"has an option that there is not; there are {', '.join(OPTIONS)}")
    return options


def _choose(options: dict[str, str], name: str, values: tuple[str, ...], usual: str) -> str:
    value = options.get(name, usual)
    if value not in values:
        raise _refuse(f"has a wrong value of '{name}'; it is one of {', '.join(values)}")
    return value


def _choose_tls(scheme: str, asked: str | None, has_user: bool, is_near: bool) -> Tls:
    if scheme == "smtps":
        if asked is not None:
            raise _refuse("has 'starttls' beside smtps, which is TLS from the first byte")
        return "always"
    usual = "require" if has_user and not is_near else "try"
    chosen = _choose({"starttls": asked or usual}, "starttls", ("require", "try", "no"), usual)
    if has_user and not is_near and chosen != "require":
        raise _refuse(
            f"says starttls={chosen}, which would show the password to anybody on the way"
        )
    return cast(Tls, chosen)


def _read_hello(name: str | None) -> str | None:
    if name is not None and not re.fullmatch(r"[A-Za-z0-9.:\[\]-]{1,255}", name):
        raise _refuse("has a 'hello' that is no host name")
    return name
