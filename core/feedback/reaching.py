"""Reaches an endpoint: only at an address that may be asked, and never for long."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import SplitResult

CONNECT_SECONDS = 5.0
MOST_ANSWER_BYTES = 16_384


class Unreached(Exception):
    """There was no answer; the message says why, without identity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an endpoint answered.

    Attributes:
        status: The HTTP status.
        retry_after: The header Retry-After in seconds; None when there is none, or it is a date.
    """

    status: int
    retry_after: float | None = None


def post(
    url: SplitResult,
    headers: Mapping[str, str],
    body: bytes,
    *,
    allows_private: bool,
    seconds: float,
) -> Answer:
    """Post a body, and return the answer; a redirect is one like any other, and is not followed.

    The name is looked up once, and the connection goes to the address that was looked at: a name
    that leads elsewhere a moment later gains nothing.

    Args:
        url: Where to.
        headers: Besides those that HTTP itself needs.
        body: What is sent.
        allows_private: Whether addresses may be asked that are not of the public net.
        seconds: How long it may take.

    Raises:
        Unreached: There was no answer in time, or its address may not be asked.
    """
    host, is_https = str(url.hostname), url.scheme == "https"
    port = url.port or (443 if is_https else 80)
    connection = _Connection(host, port, timeout=seconds)
    watch = threading.Timer(seconds, connection.cut)
    watch.daemon = True
    try:
        plain = _connect(host, port, allows_private)
        connection.sock = plain
        watch.start()
        plain.settimeout(seconds)
        if is_https:
            connection.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=host)
        path = f"{url.path or '/'}{f'?{url.query}' if url.query else ''}"
        default = 443 if is_https else 80
        named = f"[{host}]" if ":" in host else host
        connection.putrequest("POST", path, skip_host=True, skip_accept_encoding=True)
        connection.putheader("host", named if port == default else f"{named}:{port}")
        for name, value in {**headers, "content-length": str(len(body))}.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        response = connection.getresponse()
        response.read(MOST_ANSWER_BYTES)
        if connection.is_cut:
            raise TimeoutError  # what came until then reads like a whole answer
        return Answer(
            status=response.status,
            retry_after=_read_seconds(response.headers.get("retry-after")),
        )
    except TimeoutError:
        raise Unreached(f"no answer within {seconds:g} s") from None
    except ssl.SSLError as error:
        raise Unreached(f"no safe connection: {error.reason or type(error).__name__}") from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        if connection.is_cut:
            raise Unreached(f"no answer within {seconds:g} s") from None
        said = error.strerror if isinstance(error, OSError) and error.strerror else None
        raise Unreached(f"it cannot be reached: {said or type(error).__name__}") from None
    finally:
        watch.cancel()
        connection.close()


def is_public(address: str) -> bool:
    """Whether an address is one of the public net: no network of our own, no cloud's own data."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour
        if found in _TRANSLATED:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if found in _TRANSLATED_HERE or found.teredo is not None:
            return False
        if inner is not None:
            return is_public(str(inner))
    return found.is_global and not found.is_multicast


_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
_TRANSLATED_HERE = ipaddress.ip_network("64:ff9b:1::/48")
"""Addresses that a gateway makes IPv4 ones of (RFC 6052, RFC 8215)."""


class _Connection(http.client.HTTPConnection):
    """A connection over a socket that is there already, and can be cut."""

    is_cut = False

    def connect(self) -> None:
        """Never connect by itself: the address of the socket was looked at."""
        if self.sock is None:
            raise http.client.NotConnected

    def cut(self) -> None:
        """End it at once, from another thread."""
        self.is_cut = True
        with suppress(OSError, AttributeError):
            self.sock.shutdown(socket.SHUT_RDWR)


def look_up(host: str, port: int) -> list[str]:
    """Return the addresses of a name.

    Raises:
        OSError: It has none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def _connect(host: str, port: int, allows_private: bool) -> socket.socket:
    allowed = [one for one in look_up(host, port) if allows_private or is_public(one)]
    if not allowed:
        raise Unreached(
            "its address is one of a network of our own; allow_private = true lets it be asked"
        )
    failure: OSError = OSError("no address")
    for address in allowed:
        try:
            return socket.create_connection((address, port), timeout=CONNECT_SECONDS)
        except OSError as error:
            failure = error
    raise failure


def _read_seconds(text: str | None) -> float | None:
    if text is None or not (text.isascii() and text.isdecimal()) or len(text) > 9:
        return None
    return float(text)
