"""Turns a channel's receipt into the ledger's next state, and when to try again."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan
from types import UnionType
from typing import Any

from ..errors import PluginError
from ..logs import mask_identity
from ..message import Message, Outcome, Receipt
from ..store.ledger.doubts import MOST_UNKNOWNS

FIRST_WAIT_SECONDS = 60.0
LONGEST_WAIT_SECONDS = 4 * 3600.0

LONGEST_ASKED_SECONDS = 30 * 86_400.0
"""What the other side may ask us to wait at most."""

MOST_DETAIL_CHARS = 1_000
"""What is kept of an answer in words."""

OUTCOMES: tuple[Outcome, ...] = ("sent", "later", "failed", "unknown")

_KINDS: dict[str, type | UnionType] = {
    "detail": str,
    "code": int | None,
    "provider_id": str | None,
    "retry_after_seconds": float | int | None,
}

MOST_ATTEMPTS = 10
"""How often a message is tried that is put off again and again: over about a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """The ledger's row of a receipt, and what `explain` will tell of it."""

    row: Sequence[Any]
    history: dict[str, Any] | None


def settle_receipt(
    message: Message,
    receipt: Receipt,
    *,
    attempts: int,
    unknowns: int,
    now: int,
    resends: bool,
    chance: random.Random,
) -> Settlement:
    """Return what a receipt comes to.

    Args:
        message: The message.
        receipt: What the channel answered.
        attempts: How often it was claimed, this time included.
        unknowns: How often its answer was lost before.
        now: The moment, in UTC milliseconds.
        resends: Whether `policy.on_unknown` is resend.
        chance: Spreads the moments of the next tries.
    """
    state, reason, due_at = "sent", None, None
    if receipt.outcome == "failed":
        state, reason = "failed", "refused"
    elif receipt.outcome == "later":
        if attempts >= MOST_ATTEMPTS:
            state, reason = "failed", "too_many_attempts"
        else:
            state = "ready"
            due_at = now + round(1000 * find_wait(attempts, receipt.retry_after_seconds, chance))
    elif receipt.outcome == "unknown":
        state = "unknown"
        if resends and unknowns + 1 < MOST_UNKNOWNS:
            state = "ready"
            due_at = now + round(1000 * find_wait(attempts, None, chance))
    said = None
    if receipt.detail:  # most say nothing, and looking for an address costs more than the rest
        said = hide_identity(receipt.detail, message.address)[:MOST_DETAIL_CHARS] or None
    row = (
        message.id, state, reason, due_at, receipt.provider_id,
        None if receipt.code is None else str(receipt.code), said,
        int(receipt.outcome == "unknown"),
    )  # fmt: skip
    history = None
    if receipt.outcome != "sent" or attempts > 1:
        history = {"outcome": receipt.outcome, "attempt": attempts, "detail": said}
        if receipt.code is not None:
            history["code"] = receipt.code
    return Settlement(row=row, history=history)


def find_wait(attempts: int, asked: float | None, chance: random.Random) -> float:
    """Return how many seconds to wait for the next try.

    Exponential back-off with equal jitter: half of the interval is certain, half by chance.

    Args:
        attempts: How often it was tried.
        asked: What the other side asked for; never waited for less, up to a month.
        chance: The jitter.
    """
    interval = min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2.0 ** (attempts - 1))
    wanted = 0.0 if asked is None or isnan(asked) else min(asked, LONGEST_ASKED_SECONDS)
    return max(wanted, interval * (0.5 + chance.random() / 2))


def hide_identity(said: str, address: str) -> str:
    """Return what the other side said, without the address, however it writes it."""
    itself = r"\+?" + re.escape(address.removeprefix("+"))
    bare = re.sub(itself, "(the address)", said, flags=re.IGNORECASE)
    masked: str = mask_identity(bare)
    return masked


_HINT = "use Receipt.sent() and the like"


def check_receipt(plugin: str, receipt: Any, *, is_marked: bool) -> Outcome:
    """Return the outcome of a receipt.

    Raises:
        PluginError: It is none, or says that a message is out which was not marked.
    """
    if not isinstance(receipt, Receipt):
        said = f"settled a message with a {type(receipt).__name__}, which is not a Receipt"
        raise PluginError(f"the plugin '{plugin}' {said}", hint=_HINT)
    if receipt.outcome not in OUTCOMES:
        said = "settled a message with an outcome that there is not"
        raise PluginError(f"the plugin '{plugin}' {said}", hint=_HINT)
    for name, kind in _KINDS.items():
        if not isinstance(getattr(receipt, name), kind):
            said = f"settled a message with a {type(getattr(receipt, name)).__name__} as {name}"
            raise PluginError(f"the plugin '{plugin}' {said}", hint=_HINT)
    if not is_marked and receipt.outcome in ("sent", "unknown"):
        raise PluginError(
            f"the plugin '{plugin}' settled a message as {receipt.outcome} without a mark",
            hint="call dispatch.mark(message) right before the point of no return",
        )
    return receipt.outcome
