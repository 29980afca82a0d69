"""The client of the HTTP gateway: connects, sends one message, and says what the answer means."""

from __future__ import annotations

import json
import re
import select
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPMessage, HTTPResponse, HTTPSConnection
from types import TracebackType
from urllib.parse import urlsplit

from ballyhoo import Receipt

MOST_ANSWER_BYTES = 65_536

LATER = frozenset({401, 403, 408, 429, 503})
"""Certainly not taken, and not for anything in the message: our key, our rate, a busy gateway."""

_WORD = re.compile(r"[a-z][a-z0-9_]{0,39}")


class Gateway:
    """One connection to the gateway, kept from message to message.

    Args:
        url: Where messages are posted to.
        key: What the gateway knows us by.
        timeout_seconds: The longest wait for a connection, and for an answer.
    """

    def __init__(self, url: str, *, key: str, timeout_seconds: float) -> None:
        parts = urlsplit(url)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._connection = kind(parts.hostname or "", parts.port, timeout=timeout_seconds)
        self._path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
        self._key = key

    def __enter__(self) -> Gateway:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._connection.close()

    def connect(self) -> None:
        """Have a connection that is alive; nothing of a message is sent.

        Raises:
            OSError: The gateway cannot be reached.
        """
        if self._connection.sock is not None and not self._is_over():
            return
        self._connection.close()
        self._connection.connect()

    def send(self, content: bytes, *, key: str) -> Receipt:
        """Send one message over the connection, and return what became of it.

        Args:
            content: The body of the request.
            key: The same for every attempt at this message; the gateway takes it only once.
        """
        headers = {
            "Authorization": f"Bearer {self._key}",
            "Content-Type": "application/json",
            "Idempotency-Key": key,
        }
        try:
            self._connection.request("POST", self._path, body=content, headers=headers)
            response = self._connection.getresponse()
        except (OSError, HTTPException) as error:
            # Some of it, or all of it, has left: only the gateway knows.
            self._connection.close()
            return Receipt.unknown(f"the gateway's answer was lost ({type(error).__name__})")
        return judge_answer(response.status, response.headers, self._read(response))

    def _is_over(self) -> bool:
        # Nobody was asked anything: what can be read now is the end of the connection.
        poll = select.poll()
        poll.register(self._connection.sock, select.POLLIN)
        return bool(poll.poll(0))

    def _read(self, response: HTTPResponse) -> bytes:
        try:
            content = response.read(MOST_ANSWER_BYTES)
        except (OSError, HTTPException):
            content = b""
        if not response.isclosed():
            self._connection.close()
        return content


def judge_answer(status: int, headers: HTTPMessage, content: bytes) -> Receipt:
    """Return what an answer means for the message.

    A 2xx is sent. A few say that it was not taken, for now. Any other 4xx says that it never will
    be. Any other 5xx says nothing: the gateway may have failed before it took it, or after.
    """
    answer = _read_answer(content)
    said = f"the gateway answered {status}"
    error = answer.get("error")
    # Only a word: a sentence may repeat the number.
    if isinstance(error, str) and _WORD.fullmatch(error):
        said += f" {error}"
    if 200 <= status < 300:
        name = answer.get("id")
        return Receipt.sent(code=status, provider_id=str(name) if name is not None else None)
    if status in LATER or 300 <= status < 400:
        return Receipt.later(said, code=status, retry_after_seconds=_read_retry_after(headers))
    if 400 <= status < 500:
        return Receipt.failed(said, code=status)
    return Receipt.unknown(said)


def _read_answer(content: bytes) -> dict[str, object]:
    try:
        answer = json.loads(content)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _read_retry_after(headers: HTTPMessage) -> float | None:
    """Return the seconds of a Retry-After header, which are given as such or as a moment."""
    value = headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        # By the gateway's own clock, which may not be ours.
        wait = parsedate_to_datetime(value) - parsedate_to_datetime(headers.get("Date", ""))
    except ValueError:
        return None
    return max(0.0, wait.total_seconds())
