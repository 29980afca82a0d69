"""Reads returned mail from a mailbox by IMAP: only what is unseen, marked seen when it is kept."""

from __future__ import annotations

import imaplib
import os
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from ballyhoo import DataError, EnvironmentMissing

from .parts import MOST_BYTES

PASSWORD = "BALLYHOO_IMAP_PASSWORD"
"""The variable that holds the password, when the URL has none."""

TIMEOUT_SECONDS = 60.0

_LINE_BREAKS = re.compile(r"[\x00-\x1f\x7f]")
_FAILURES = (imaplib.IMAP4.error, OSError, EOFError, ValueError)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where returned mail lies.

    Attributes:
        host: The server.
        port: Its port.
        is_secure: Whether TLS comes first; else STARTTLS is asked for where it is offered.
        user: Who logs in.
        password: Never shown.
        folder: The mailbox's name.
    """

    host: str
    port: int
    is_secure: bool
    user: str
    password: str = field(repr=False)
    folder: str


def read_url(url: str) -> Mailbox:
    """Read `imaps://USER:PASSWORD@HOST[:PORT]/FOLDER`; the error never shows the URL.

    Raises:
        DataError: It is no such URL.
        EnvironmentMissing: It has no password, and there is none in the environment.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in ("imap", "imaps") or not parts.hostname or not parts.username:
        raise DataError(
            "the source is no mailbox", hint="imaps://USER:PASSWORD@HOST/FOLDER, or a folder"
        )
    password = unquote(parts.password or "") or os.environ.get(PASSWORD, "")
    if not password:
        raise EnvironmentMissing(
            f"there is no password for the mailbox at {parts.hostname}",
            hint=f"set {PASSWORD}, or write it into the URL, percent-encoded",
        )
    is_secure = parts.scheme == "imaps"
    folder = unquote(parts.path.strip("/")) or "INBOX"
    user = unquote(parts.username)
    if any(_LINE_BREAKS.search(one) for one in (user, password, folder)):
        raise DataError("the URL of the mailbox has a control character in it")
    return Mailbox(
        parts.hostname, port or (993 if is_secure else 143), is_secure, user, password, folder
    )


class OpenMailbox:
    """An open mailbox."""

    def __init__(self, server: imaplib.IMAP4) -> None:
        self._server = server

    def list_unseen(self) -> list[str]:
        """Return the ids of the unseen mails, the oldest first."""
        found = self._require("search", self._server.uid("SEARCH", "UNSEEN"))
        return [one.decode() for one in b" ".join(found).split() if one.isdigit()]

    def read(self, uid: str) -> bytes | None:
        """Return the beginning of a mail, which stays unseen; None when it is gone."""
        asked = f"(BODY.PEEK[]<0.{MOST_BYTES + 1}>)"
        answer = self._server.uid("FETCH", uid, asked)
        for one in answer[1] if answer[0] == "OK" else ():
            if isinstance(one, tuple) and len(one) > 1:
                return bytes(one[1])
        return None

    def mark_seen(self, uid: str) -> None:
        """Mark a mail as seen."""
        answer = self._server.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)")
        self._require("mark what was read", answer)

    @staticmethod
    def _require(what: str, answer: tuple[str, list[Any]]) -> list[bytes]:
        if answer[0] != "OK":
            raise EnvironmentMissing(f"the mail server refuses to {what}")
        return [one for one in answer[1] if isinstance(one, bytes)]


@contextmanager
def open_mailbox(
    mailbox: Mailbox, *, context: ssl.SSLContext | None = None
) -> Iterator[OpenMailbox]:
    """Log in to a mailbox, and out.

    Args:
        mailbox: Which.
        context: How certificates are checked; the system's way when None.

    Raises:
        EnvironmentMissing: The server cannot be reached, or lets nobody in; without the password.
    """
    where = f"the mailbox at {mailbox.host}:{mailbox.port}"
    try:
        server = _connect(mailbox, context or ssl.create_default_context())
    except _FAILURES as error:
        said = error.strerror if isinstance(error, OSError) and error.strerror else ""
        raise EnvironmentMissing(
            f"{where} cannot be reached: {said or type(error).__name__}"
        ) from None
    try:
        try:
            server.login(f'"{_escape(mailbox.user)}"', mailbox.password)
            status, _ = server.select(f'"{_escape(mailbox.folder)}"')
        except _FAILURES:
            status = "NO"
        if status != "OK":
            raise EnvironmentMissing(
                f"{where} lets nobody in",
                hint="look at the user, the password and the name of the folder",
            )
        try:
            yield OpenMailbox(server)
        except (imaplib.IMAP4.error, OSError, EOFError) as error:
            raise EnvironmentMissing(
                f"{where} broke off: {type(error).__name__}",
                hint="run it again: what was kept is not kept twice",
            ) from None
    finally:
        _close(server)


def _connect(mailbox: Mailbox, context: ssl.SSLContext) -> imaplib.IMAP4:
    if mailbox.is_secure:
        return imaplib.IMAP4_SSL(
            mailbox.host, mailbox.port, ssl_context=context, timeout=TIMEOUT_SECONDS
        )
    server = imaplib.IMAP4(mailbox.host, mailbox.port, timeout=TIMEOUT_SECONDS)
    if "STARTTLS" in server.capabilities:
        server.starttls(ssl_context=context)
    elif mailbox.host not in ("localhost", "127.0.0.1", "::1"):
        _close(server)
        raise OSError(0, "it offers no TLS, and the password would be sent in the open")
    return server


def _close(server: imaplib.IMAP4) -> None:
    with suppress(*_FAILURES):
        server.logout()
    with suppress(*_FAILURES):
        server.shutdown()  # what logout leaves open when the server is gone


def _escape(text: str) -> str:
    """Return text for between quotes: imaplib quotes the password, and nothing else."""
    return text.replace("\\", "\\\\").replace('"', '\\"')
