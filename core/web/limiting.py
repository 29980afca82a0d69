"""Limits how often one address may change something, or come with a wrong key, in this process."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..assets import ASSET
from ..links import PREFERENCES, UNSUBSCRIBE
from ..satisfaction import SATISFACTION
from ..tracking import CLICK, OPEN
from .addresses import find_address
from .collecting import COLLECT
from .questions import ASK

MOST_ADDRESSES = 50_000
"""So many are remembered, those that came last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """How often something may happen.

    Attributes:
        at_once: So many times in a row.
        per_second: So many come back in a second.
    """

    at_once: int
    per_second: float


CHANGES = Limit(at_once=60, per_second=1.0)
"""Forms that somebody sends."""
UNSUBSCRIBES = Limit(at_once=1_000, per_second=20.0)
"""Mail services send them for all of their users, from a few addresses (RFC 8058)."""
COLLECTS = Limit(at_once=240, per_second=4.0)
"""What visitors of the shop's pages do; a whole office may be behind one address."""
ASKS = Limit(at_once=20, per_second=0.5)
"""Questions: each costs a processor some milliseconds, or a language model a second."""
WRONG = Limit(at_once=10, per_second=1 / 6)
"""Requests that were answered by 401: a wrong key, or none."""

LIMITS = {
    f"/{UNSUBSCRIBE}/": UNSUBSCRIBES,
    f"/{PREFERENCES}/": CHANGES,
    f"/{SATISFACTION}/": CHANGES,
    COLLECT: COLLECTS,
    ASK: ASKS,
}
"""By how their paths begin, for requests that may change something."""
KEYLESS = (
    f"/{CLICK}/",
    f"/{OPEN}/",
    f"/{ASSET}/",
    "/site.js",
    "/chat",
    "/healthz",
    "/openapi.json",
)
"""What nobody needs a key for."""
_LIMITED = tuple(LIMITS)
READING = frozenset({"GET", "HEAD", "OPTIONS"})


class Buckets:
    """How much each address has left of one limit.

    Args:
        limit: The limit.
        most: How many addresses are remembered.
    """

    def __init__(self, limit: Limit, *, most: int = MOST_ADDRESSES) -> None:
        self._limit = limit
        self._most = most
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, address: str, now: float) -> float:
        """Return for how many seconds an address has to wait; 0 when it has something left."""
        left = self._count(address, now)
        return 0.0 if left >= 1 else (1 - left) / self._limit.per_second

    def take(self, address: str, now: float) -> None:
        """Count one for an address."""
        left = self._count(address, now)
        self._left[address] = (max(0.0, left - 1), now)
        self._left.move_to_end(address)
        if len(self._left) > self._most:
            self._left.popitem(last=False)

    def _count(self, address: str, now: float) -> float:
        left, at = self._left.get(address, (float(self._limit.at_once), now))
        return min(self._limit.at_once, left + (now - at) * self._limit.per_second)


class Limits:
    """What each address has left of every limit, in this process."""

    def __init__(self) -> None:
        self.changes = {path: Buckets(limit) for path, limit in LIMITS.items()}
        self.wrong = Buckets(WRONG)


class Limiter:
    """Answers 429 to addresses that come too often.

    Args:
        app: What answers.
        limits: Are shared by all that answer for one app.
        proxies: How many proxies in a row are ours; see `find_address`.
        timer: Tells seconds that only go forward.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        limits: Limits | None = None,
        proxies: int = 0,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = app
        self._limits = limits or Limits()
        self._proxies = proxies
        self._timer = timer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or self._is_free(scope):
            await self._app(scope, receive, send)
            return
        address = find_address(scope, self._proxies)
        wait = self._ask(scope, address)
        if wait:
            seconds = max(1, math.ceil(wait))
            refusal = PlainTextResponse(
                f"too many requests; ask again in {seconds} s\n",
                status_code=429, headers={"retry-after": str(seconds)},
            )  # fmt: skip
            await refusal(scope, receive, send)
            return

        async def watch(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 401:
                self._limits.wrong.take(address, self._timer())
            await send(message)

        await self._app(scope, receive, watch)

    def _ask(self, scope: Scope, address: str) -> float:
        """Return for how many seconds an address has to wait; count it when it need not."""
        path, now = _find_path(scope), self._timer()
        for prefix, buckets in self._limits.changes.items():
            if path.startswith(prefix):
                wait = buckets.wait(address, now)
                if not wait:
                    buckets.take(address, now)
                return wait
        # Asked before the key is looked at: else the right one could be found by trying.
        return self._limits.wrong.wait(address, now)

    @staticmethod
    def _is_free(scope: Scope) -> bool:
        """Whether anybody may ask for it as often as she likes."""
        path = _find_path(scope)
        if path.startswith(KEYLESS):
            return True
        return scope["method"] in READING and path.startswith(_LIMITED)


def _find_path(scope: Scope) -> str:
    path: str = scope["path"]
    root = scope.get("root_path", "")
    return path.removeprefix(root) if root else path
