"""What the gateway tells: texts that customers send, and what became of ours."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from ballyhoo import Endpoint, Event, Inbox, Receipt, Request, Response, WebApp

CHANNEL = "sms"
ADDRESS_FIELD = "phone"

SIGNATURE_HEADER = "x-signature"
"""Holds `sha256=` and the HMAC-SHA256 of the body in hex."""

STOP_WORDS = frozenset({"stop", "stopp", "stopall", "unsubscribe", "abmelden", "arret", "arrêt"})
"""A text that begins with one of them is a STOP, whatever follows."""

LONE_STOP_WORDS = frozenset({"baja", "cancel", "end", "ende", "fin", "quit"})
"""These are a STOP only when nothing else is said: `end of May?` is a question."""

DELIVERED = frozenset({"accepted", "sent", "delivered"})
NOT_DELIVERED = frozenset({"undelivered", "rejected", "expired", "failed"})

Normalise = Callable[[str], str]
Take = Callable[[dict[str, Any], Inbox], bool]


def add_webhooks(app: WebApp, *, read_secret: Callable[[], str], normalise: Normalise) -> None:
    """Answer `POST /inbound` and `POST /receipts`.

    Args:
        app: Where to add them.
        read_secret: Returns what the gateway signs with.
        normalise: Brings a phone number into its one form.
    """

    def take_text(data: dict[str, Any], inbox: Inbox) -> bool:
        return _take_text(data, inbox, normalise)

    for path, take in (("/inbound", take_text), ("/receipts", _take_receipt)):
        app.add_route(path, _make_endpoint(take, read_secret), methods=("POST",))


def sign(body: bytes, secret: str) -> str:
    """Return the value of the signature header for a body."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def is_stop(text: str) -> bool:
    """Return whether a customer's text says that she wants no more."""
    words = [word.strip(".,;:!?'\"()") for word in text.casefold().split()]
    words = [word for word in words if word]
    if not words:
        return False
    return words[0] in STOP_WORDS or (len(words) == 1 and words[0] in LONE_STOP_WORDS)


def _make_endpoint(take: Take, read_secret: Callable[[], str]) -> Endpoint:
    def answer(request: Request, inbox: Inbox) -> Response:
        given = request.headers.get(SIGNATURE_HEADER, "")
        # In a time that does not tell how much of it was right.
        if not hmac.compare_digest(given.encode(), sign(request.body, read_secret()).encode()):
            return Response(status=401, body=b"the signature is missing or wrong\n")
        try:
            data = json.loads(request.body)
            known = take(data, inbox)
        except (ValueError, KeyError, TypeError):
            return Response(status=400, body=b"not a notice of this gateway\n")
        return Response(status=204 if known else 404)

    return answer


def _take_text(data: dict[str, Any], inbox: Inbox, normalise: Normalise) -> bool:
    """Keep what a customer wrote; a STOP holds before anything else is done."""
    number = normalise(data["from"])
    text, at = str(data["text"]), datetime.fromisoformat(data["at"])
    if at.tzinfo is None:
        raise ValueError("a moment has an offset")
    wants_no_more = is_stop(text)
    if wants_no_more:
        inbox.suppress_address(CHANNEL, number, reason="stop")
    # Told twice, it is one event: the gateway repeats what it got no answer for.
    inbox.record_event(
        Event(
            id=f"{CHANNEL}:{data['id']}",
            type="unsubscribe" if wants_no_more else "enquiry",
            at=at.astimezone(UTC),
            customer_id=inbox.find_customer(ADDRESS_FIELD, number),
            source=CHANNEL,
            properties={"channel": CHANNEL} | ({} if wants_no_more else {"text": text}),
        )
    )
    return True


def _take_receipt(data: dict[str, Any], inbox: Inbox) -> bool:
    """Say what became of a message; False when it is none of ours."""
    key, state = data["reference"], data["state"]
    if not isinstance(key, str):
        raise TypeError("a reference is text")
    if state in DELIVERED:
        return inbox.resolve_message(key, Receipt.sent(detail=state, provider_id=str(data["id"])))
    if state in NOT_DELIVERED:
        return inbox.resolve_message(key, Receipt.failed(state))
    raise ValueError("a state that is not known")
