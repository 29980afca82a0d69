"""What is composed, and what comes of it: a message with its bytes, or why there is none now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from ..message import Message

Left = tuple[int, str, str | None, int | None] | tuple[int, str, str | None, int | None, int]
"""A message that is not sent now: id, next state, reason, when it is due, and her new address."""


class Draft(Protocol):
    """What is composed: a claimed message of the ledger, or a sample of a plan."""

    @property
    def id(self) -> int:
        """The message's id; of a sample any number."""

    @property
    def recipient(self) -> int:
        """The customer's id."""

    @property
    def address_id(self) -> int:
        """The id of the address it goes to."""

    @property
    def content(self) -> Any:
        """The copy with slots, products and offer; None when the recipe itself holds it."""

    @property
    def facts(self) -> Any:
        """What its slots were filled with at an earlier mark; None before the first one."""

    @property
    def expires_at(self) -> int | None:
        """When it is too late; None is never."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """A message with its bytes, and the facts that a later attempt renders from."""

    message: Message
    facts: Mapping[str, Any]
    body_hash: str
