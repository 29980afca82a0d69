"""Asks a sender's mail server whether it encrypts."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 5.0
LOOPBACK = ("localhost", "127.0.0.1", "::1")


def find_host(url: str) -> str:
    """Return the host of a server's URL; empty when it has none, or is no URL."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def check_server(url: str, *, context: ssl.SSLContext | None = None) -> tuple[bool, str]:
    """Return whether a server is there and encrypts, and what to do; never its password."""
    try:
        parts = urlsplit(url)
        host, port, scheme = parts.hostname or "", parts.port, parts.scheme
    except ValueError:
        return False, "the URL of its server cannot be read"
    if scheme.endswith("+unix"):
        return True, "a socket of this machine: nothing to encrypt"
    if scheme not in ("smtp", "smtps", "lmtp") or not host:
        return False, "the URL of its server is none; write smtp://HOST:PORT"
    context = context or ssl.create_default_context()
    shown = f"{scheme}://{host}:{port or _PORTS[scheme]}"
    try:
        if scheme == "smtps":
            secure = smtplib.SMTP_SSL(
                host, port or _PORTS[scheme], timeout=TIMEOUT_SECONDS, context=context
            )
            with secure:
                secure.ehlo()
            return True, f"{shown}: TLS"
        server = smtplib.LMTP() if scheme == "lmtp" else smtplib.SMTP()
        server.timeout = TIMEOUT_SECONDS
        try:
            server.connect(host, port or _PORTS[scheme])
            return _start_tls(server, host, shown, context, has_password=bool(parts.username))
        finally:
            with suppress(OSError, smtplib.SMTPException):
                server.close()
    except ssl.SSLCertVerificationError as error:
        return False, f"{shown}: its certificate is not valid: {error.verify_message}"
    except (OSError, smtplib.SMTPException) as error:
        said = getattr(error, "strerror", None)
        return False, f"{shown} cannot be reached: {said or type(error).__name__}"


_PORTS = {"smtp": 25, "smtps": 465, "lmtp": 24}


def _start_tls(
    server: smtplib.SMTP, host: str, shown: str, context: ssl.SSLContext, *, has_password: bool
) -> tuple[bool, str]:
    server.ehlo()
    if server.has_extn("starttls"):
        server.starttls(context=context)
        return True, f"{shown}: STARTTLS"
    if host in LOOPBACK and not has_password:
        return True, f"{shown}: no TLS, which this machine does not need"
    return False, f"{shown} offers no STARTTLS: mail and password would be sent in the open"
