"""A web app and an inbox in memory, for plugins that bring pages and webhooks."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from ..event import Event
from ..message import Receipt
from ..web.returning import Noted, Returned, SoftLimit, Trace
from ..web.route_checks import check_route
from ..web.routes import Endpoint, Request, Response


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """An address that is never written to again on a channel."""

    channel: str
    address: str
    reason: str


class MemoryInbox:
    """An `Inbox` that keeps everything in lists.

    Args:
        messages: The keys of messages that there are.
        customers: Our customer id by address field and normalised address.
        sent: The address of each message that left, by its id, the oldest first.
        tokens: The id of a message by the token of its return path.

    Attributes:
        events: What was recorded, each id once, in order.
        resolutions: What became of messages, as (key, receipt), in order.
        suppressions: Suppressed addresses, each once for a channel, in order.
        returns: What came back, as (message id, return), each once, in order.
    """

    def __init__(
        self,
        *,
        messages: Collection[str] = (),
        customers: Mapping[tuple[str, str], int] | None = None,
        sent: Mapping[int, str] | None = None,
        tokens: Mapping[str, int] | None = None,
    ) -> None:
        self._messages = frozenset(messages)
        self._customers = dict(customers or {})
        self._sent = dict(sent or {})
        self._tokens = dict(tokens or {})
        self.events: list[Event] = []
        self.resolutions: list[tuple[str, Receipt]] = []
        self.suppressions: list[Suppression] = []
        self.returns: list[tuple[int, Returned]] = []

    def record_event(self, event: Event) -> bool:
        """Keep an event; False when one with this id is there already.

        Raises:
            TypeError: It is not an event.
            ValueError: Its moment has no time zone.
        """
        if not isinstance(event, Event):
            raise TypeError(f"an event is wanted, not a {type(event).__name__}")
        if event.at.tzinfo is None:
            raise ValueError(f"the event '{event.id}' happened at a moment without time zone")
        if any(known.id == event.id for known in self.events):
            return False
        self.events.append(event)
        return True

    def resolve_message(self, key: str, receipt: Receipt) -> bool:
        """Say what became of the message with this key; False when there is no such message.

        Raises:
            TypeError: The receipt is not one.
        """
        if not isinstance(receipt, Receipt):
            raise TypeError(f"a receipt is wanted, not a {type(receipt).__name__}")
        if key not in self._messages:
            return False
        self.resolutions.append((key, receipt))
        return True

    def suppress_address(self, channel: str, address: str, *, reason: str) -> None:
        """Never write to this address on this channel again."""
        if not any((one.channel, one.address) == (channel, address) for one in self.suppressions):
            self.suppressions.append(Suppression(channel=channel, address=address, reason=reason))

    def note_return(
        self, trace: Trace, returned: Returned, *, limit: SoftLimit | None = None
    ) -> Noted:
        """Keep what came back for a message; of a channel that is called `email`."""
        limit = limit or SoftLimit()
        proven = [self._tokens[token] for token in trace.tokens if token in self._tokens]
        about = trace.normalise_addresses()
        named = [id for id, address in reversed(self._sent.items()) if address in about]
        if not proven and not named:
            return Noted()
        message_id = (proven or named)[0]
        is_proven = bool(proven)
        if any(known.id == returned.id for _, known in self.returns):
            return Noted(message_id=message_id, is_proven=is_proven)
        self.returns.append((message_id, returned))
        address = self._sent.get(message_id, "")
        is_over = returned.kind in ("complaint", "unsubscribe")
        if returned.kind == "bounce":
            since = returned.at - timedelta(days=limit.days)
            failed = {
                id
                for id, known in self.returns
                if known.kind == "bounce" and known.at > since and self._sent.get(id) == address
            }
            is_over = 0 < limit.messages <= len(failed) or (returned.is_permanent and is_proven)
        if is_over and address:
            self.suppress_address("email", address, reason=returned.kind)
        return Noted(message_id=message_id, is_new=True, is_suppressed=is_over, is_proven=is_proven)

    def find_customer(self, address_field: str, address: str) -> int | None:
        """Return the id of the customer with this normalised address, or None."""
        return self._customers.get((address_field, address))


class MemoryWebApp:
    """A `WebApp` that a test asks directly, without a server.

    Args:
        plugin: The plugin's name; its routes lie below `/plugins/NAME`.
        settings: The plugin's own settings, an instance of its settings model.
        inbox: What endpoints get; an empty one when None.

    Attributes:
        routes: The methods by path, as they were added.
        operations: What the routes declare, by path.
        inbox: What came in.
    """

    def __init__(
        self, plugin: str = "plugin", *, settings: Any = None, inbox: MemoryInbox | None = None
    ) -> None:
        self.plugin = plugin
        self.inbox = inbox if inbox is not None else MemoryInbox()
        self.routes: dict[str, tuple[str, ...]] = {}
        self.operations: dict[str, dict[str, Any]] = {}
        self._settings = settings
        self._endpoints: dict[str, Endpoint] = {}

    @property
    def settings(self) -> Any:
        """The plugin's own settings; None without a settings model."""
        return self._settings

    def add_route(
        self,
        path: str,
        endpoint: Endpoint,
        *,
        methods: tuple[str, ...],
        operation: Mapping[str, Any] | None = None,
    ) -> None:
        """Answer `methods` on `/plugins/NAME` + `path` by `endpoint`.

        Raises:
            PluginError: The path is taken, or is not one; a method is unknown, or none is given;
                the endpoint cannot be called.
        """
        check_route(self.plugin, path, endpoint, methods, taken=self._endpoints)
        self.routes[path] = tuple(methods)
        if operation is not None:
            self.operations[path] = dict(operation)
        self._endpoints[path] = endpoint

    def request(
        self,
        method: str,
        path: str,
        *,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Response:
        """Ask a route, and return what it answers; what the endpoint raises comes out.

        Args:
            method: In upper case.
            path: As it was added, or below `/plugins/NAME`.
            body: As it comes.
            headers: By name in any case.
            query: By name.

        Returns:
            The endpoint's answer; 404 where there is no route, 405 for a method it does not take.

        Raises:
            TypeError: The endpoint answered something that is no response.
        """
        prefix = f"/plugins/{self.plugin}"
        own = path.removeprefix(prefix) if path.startswith(f"{prefix}/") else path
        endpoint = self._endpoints.get(own)
        if endpoint is None:
            return Response(status=404, body=b"not found")
        if method not in self.routes[own]:
            allow = ", ".join(self.routes[own])
            return Response(status=405, body=b"method not allowed", headers={"allow": allow})
        asked = Request(
            method=method,
            path=prefix + own,
            headers={name.lower(): value for name, value in (headers or {}).items()},
            query=dict(query or {}),
            body=body,
        )
        answered = endpoint(asked, self.inbox)
        if inspect.isawaitable(answered):
            answered = asyncio.run(_wait_for(answered))
        if not isinstance(answered, Response):
            raise TypeError(f"the route {own} answered a {type(answered).__name__}, not a Response")
        return answered


async def _wait_for(awaitable: Any) -> Any:
    return await awaitable
