"""What a plugin's pages and webhooks see: a request, a response and the inbox."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from ..event import Event
from ..message import Receipt
from .returning import Noted, Returned, SoftLimit, Trace


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One HTTP request.

    Attributes:
        method: In upper case.
        path: Without the query.
        headers: By name in lower case.
        query: By name; the last value of a repeated one.
        body: As it came, so that signatures can be checked.
    """

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """The answer to a request."""

    status: int = 200
    body: bytes = b""
    content_type: str = "text/plain; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


class Inbox(Protocol):
    """What came from outside and must be kept; each call is durable when it returns."""

    def record_event(self, event: Event) -> bool:
        """Keep an event; False when one with this id is there already."""
        ...

    def resolve_message(self, key: str, receipt: Receipt) -> bool:
        """Say what became of the message with this key; False when there is no such message."""
        ...

    def suppress_address(self, channel: str, address: str, *, reason: str) -> None:
        """Never write to this address on this channel again; holds before the next mark."""
        ...

    def note_return(
        self, trace: Trace, returned: Returned, *, limit: SoftLimit | None = None
    ) -> Noted:
        """Keep what came back for a message, with all that follows from it.

        A bounce for good suppresses the address; one for a time does when it was the last that
        `limit` allows, counted from the last message that was opened or clicked. A complaint
        suppresses it, an unsubscribe takes its consent back. A message of which nobody knew
        whether it is out is known to be out. The same return again changes nothing.

        Args:
            trace: What may lead to the message. An address alone proves nothing: a bounce that
                names no more counts as one for a time.
            returned: What came back.
            limit: How often an address may fail for a time; None is the default limit.
        """
        ...

    def find_customer(self, address_field: str, address: str) -> int | None:
        """Return the id of the customer with this normalised address, or None."""
        ...


Endpoint = Callable[[Request, Inbox], Response | Awaitable[Response]]


class WebApp(Protocol):
    """The web app, as far as a plugin may add to it."""

    @property
    def settings(self) -> Any:
        """The plugin's own settings, an instance of its settings model; None without one."""
        ...

    def add_route(
        self,
        path: str,
        endpoint: Endpoint,
        *,
        methods: tuple[str, ...],
        operation: Mapping[str, Any] | None = None,
    ) -> None:
        """Answer `methods` on `/plugins/NAME` + `path` by `endpoint`.

        Args:
            path: Begins with a slash.
            endpoint: A function or a coroutine function.
            methods: In upper case.
            operation: What it takes and answers, an Operation Object of OpenAPI 3.1: it stands in
                the document at `/openapi.json` then.

        Raises:
            PluginError: The path is taken, or is not one.
        """
        ...
