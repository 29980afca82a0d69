"""Speaks HTTP with an OpenAI-compatible server: one question, one answer, with patience."""

from __future__ import annotations

import email.utils
import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any

from ballyhoo import BallyhooError, EnvironmentMissing, PluginError

BUSY = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
"""Answers after which the same question may be asked again."""

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
"""Seconds between attempts, doubled each time; what the server asks for counts when it is less."""

MOST_BYTES = 4_000_000
"""Of an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Which server, and how patient one is.

    Attributes:
        url: Up to and with `/v1`.
        key: Bearer token, or None.
        timeout_seconds: For one answer.
        attempts: How often a question is asked when the server is busy.
    """

    url: str
    key: str | None = None
    timeout_seconds: float = 120
    attempts: int = 4


class Refusal(BallyhooError):
    """The server does not take a question as it is.

    Args:
        message: What is wrong, for a person.
        said: What the server said.
    """

    def __init__(self, message: str, said: str) -> None:
        super().__init__(message, hint="look at the server's own log for more")
        self.said = said


class Client:
    """Asks one server; it may be used by several threads.

    Args:
        server: Which.
        pause: Waits so many seconds.
    """

    def __init__(self, server: Server, pause: Callable[[float], None] = time.sleep) -> None:
        self._server, self._pause = server, pause
        self._opener = urllib.request.build_opener(_StayHere)
        self._stopped = threading.Event()

    @property
    def url(self) -> str:
        """The server's address."""
        return self._server.url

    def stop(self) -> None:
        """Ask nothing again: somebody else failed for good."""
        self._stopped.set()

    def ask(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Return the answer to a question of `/chat/completions`.

        Args:
            body: The question.

        Raises:
            Refusal: The server refuses the question (400, 422).
            EnvironmentMissing: It is not there, stays busy, or does not know the key or the model.
            PluginError: It answers something else than JSON.
        """
        for attempt in range(1, self._server.attempts + 1):
            try:
                return self._ask_once(body)
            except urllib.error.HTTPError as error:
                with error:
                    said, again = _read_error(error), _read_pause(error)
                    code = error.code
                if code not in BUSY:
                    raise self._explain(code, said) from None
                problem = f"answers {code}"
            except (OSError, HTTPException) as error:  # URLError and time-outs among them
                reason = getattr(error, "reason", None) or error
                problem, again = f"does not answer: {str(reason)[:200]}", None
            if attempt == self._server.attempts or self._stopped.is_set():
                break
            usual = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (attempt - 1))
            self._pause(usual if again is None else min(again, LONGEST_PAUSE))
        raise EnvironmentMissing(
            f"the server {self._server.url} {problem} ({attempt} times asked)",
            hint="is it running? look at server_url of [plugins.llm_copy]",
        )

    def _ask_once(self, body: Mapping[str, Any]) -> dict[str, Any]:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self._server.key:
            headers["Authorization"] = f"Bearer {self._server.key}"
        request = urllib.request.Request(
            f"{self._server.url.rstrip('/')}/chat/completions",
            data=json.dumps(body).encode(),
            headers=headers,
        )
        with self._opener.open(request, timeout=self._server.timeout_seconds) as response:
            text = response.read(MOST_BYTES)
        try:
            answer = json.loads(text)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise PluginError(
                f"the server {self._server.url} answers something else than JSON",
                hint="does server_url end with /v1?",
            )
        return answer

    def _explain(self, code: int, said: str) -> BallyhooError:
        where = f"the server {self._server.url}"
        if code in (400, 422):
            return Refusal(f"{where} refuses the question: {said}", said)
        if code in (401, 403):
            return EnvironmentMissing(
                f"{where} does not let us in ({code})",
                hint="look at server_key of [plugins.llm_copy]",
            )
        if code == 404:
            return EnvironmentMissing(
                f"{where} knows no such model or address: {said}",
                hint="look at `model` of the recipe; server_url usually ends with /v1",
            )
        return EnvironmentMissing(f"{where} answers {code}: {said}")


class _StayHere(urllib.request.HTTPRedirectHandler):
    """Follows no redirection: it would take the key to another server."""

    def redirect_request(self, *others: Any, **more: Any) -> None:
        return None


def _read_error(error: urllib.error.HTTPError) -> str:
    text = error.read(MOST_BYTES).decode("utf-8", "replace")
    try:
        found = json.loads(text)
        found = found.get("error", found)
        text = str(found.get("message", found)) if isinstance(found, dict) else str(found)
    except (ValueError, AttributeError):
        pass
    return " ".join(text.split())[:300]


def _read_pause(error: urllib.error.HTTPError) -> float | None:
    """Return how many seconds the server asks to wait, or None when it does not say."""
    value = error.headers.get("Retry-After")
    if value is None:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        moment = email.utils.parsedate_to_datetime(value)
        return max(0.0, moment.timestamp() - time.time())
    except ValueError:
        return None
