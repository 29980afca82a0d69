"""Tells endpoints what happened: signed requests, as Standard Webhooks has them."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from ..errors import BallyhooError
from ..event import Event
from ..store.engine import Store
from ..store.happened import name_customers, name_products
from ..web.signatures import sign_webhook
from ..webhook import Webhook
from .listening import Listener
from .names import WEBHOOK
from .reaching import Unreached, post

MOST = 100
TURN_SECONDS = 120.0
LONGEST_WAIT_SECONDS = 6 * 3_600.0
PATIENCE_SECONDS = 3 * 86_400.0
"""How long an endpoint may fail before it is paused."""

SECONDS = 15.0
"""How long a request may take in all, however slowly the answer comes."""

GONE = 410
"""The status by which an endpoint says that it wants no more."""

_OF_MESSAGE = ("run", "campaign", "variant", "channel")
_MORE = ("url", "status", "reason", "is_permanent")


class TellingFailed(BallyhooError):
    """A listener did not take what it was told.

    Args:
        message: Why, without identity.
        wait_seconds: What the listener asked us to wait for; None when it did not.
        is_final: Whether it wants no more.
    """

    def __init__(
        self, message: str, *, wait_seconds: float | None = None, is_final: bool = False
    ) -> None:
        super().__init__(message)
        self.wait_seconds = wait_seconds
        self.is_final = is_final


def list_endpoints(webhooks: Sequence[Webhook], store: Store) -> list[Listener]:
    """Return the endpoints that are told what happened."""
    return [
        Listener(
            name=f"{WEBHOOK}{one.called}",
            tell=_Endpoint(one, store).tell,
            most=MOST,
            types=frozenset(one.kinds),
            turn_seconds=TURN_SECONDS,
            longest_wait_seconds=LONGEST_WAIT_SECONDS,
            patience_seconds=PATIENCE_SECONDS,
        )
        for one in webhooks
    ]


class _Endpoint:
    def __init__(self, webhook: Webhook, store: Store) -> None:
        self._webhook = webhook
        self._store = store

    def tell(self, events: Sequence[Event], key: str) -> None:
        """Post a batch.

        Raises:
            TellingFailed: It was not taken.
        """
        body = write_body(self._store, events)
        secret, now = self._webhook.secret.get_secret_value(), int(time.time())
        headers = {
            "content-type": "application/json",
            "user-agent": f"ballyhoo/{version('ballyhoo')}",
            "webhook-id": key,
            "webhook-timestamp": str(now),
            "webhook-signature": sign_webhook(secret, key, now, body),
        }
        try:
            answer = post(
                self._webhook.parts, headers, body,
                allows_private=self._webhook.allow_private, seconds=SECONDS,
            )  # fmt: skip
        except Unreached as error:
            raise TellingFailed(str(error)) from None
        if answer.status == GONE:
            raise TellingFailed("it answered 410: it wants no more", is_final=True)
        if not 200 <= answer.status < 300:
            said = f"it answered {answer.status}"
            if 300 <= answer.status < 400:
                said += ", and redirects are not followed"
            raise TellingFailed(said, wait_seconds=answer.retry_after)


def write_body(store: Store, events: Sequence[Event]) -> bytes:
    """Return the body of a request: no name and no address is in it, but the shop's own ids."""
    with store.read() as connection:
        customers = name_customers(
            connection, {one.customer_id for one in events if one.customer_id is not None}
        )
        products = name_products(
            connection, {one.product_id for one in events if one.product_id is not None}
        )
    told = [_describe(one, customers, products) for one in events]
    newest = max(one.at for one in events)
    body = {"type": "events", "timestamp": _show(newest), "data": {"events": told}}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _describe(
    event: Event, customers: Mapping[int, str], products: Mapping[int, str]
) -> dict[str, Any]:
    facts = event.properties
    described: dict[str, Any] = {
        "id": event.id,
        "type": event.type,
        "at": _show(event.at),
        "customer": customers.get(event.customer_id or 0),
    }
    if "message" in facts:
        described["message"] = {"id": facts["message"]} | {
            name: facts[name] for name in _OF_MESSAGE if name in facts
        }
    described |= {name: facts[name] for name in _MORE if name in facts and "message" in facts}
    if event.product_id is not None:
        described["product"] = products.get(event.product_id)
    if event.value is not None:
        described |= {"value": str(event.value), "currency": event.currency}
    return described


def _show(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
