"""A message on its way through a channel, the receipt for it, and what a channel declares."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, Protocol

from .brief import BriefedProduct, FieldLimits, Offer

if TYPE_CHECKING:
    from .context import Context

Outcome = Literal["sent", "later", "failed", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """What a message answers: a mail that somebody wrote to us.

    Attributes:
        message_id: Its Message-ID with its brackets; "" when it had none.
        references: The Message-IDs of the conversation before it, oldest first.
        reply_to: Where answers to the message go; None is the recipe's own place.
        is_internal: Whether the message is for somebody of ours, who takes the matter over.
        asks: Whether the reader may say whether it helped.
    """

    message_id: str = ""
    references: tuple[str, ...] = ()
    reply_to: str | None = None
    is_internal: bool = False
    asks: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One recipient's message in one step of one run, with its slots filled.

    Attributes:
        id: The ledger's own integer id.
        key: The same over all attempts and machines, safe as a file name; for a provider's
            idempotency header.
        run_id: The run it belongs to.
        campaign: The campaign's name.
        address: Where it goes, as the channel's `normalise` left it.
        fields: The copy, slots filled.
        language: BCP 47 tag of the copy.
        customer_id: The recipient; None for a bare address.
        products: The products of the message, best first.
        offer: The offer made, or None.
        is_tracked: Whether she lets us count opens and clicks, where the recipe asks for it.
        dated_at: The Date of the message, fixed at its first mark.
        thread: What it answers; None when it answers nothing.
        content: What `render` made of it; empty while rendering.
    """

    id: int
    key: str
    run_id: int
    campaign: str
    address: str
    fields: Mapping[str, str]
    dated_at: datetime
    language: str = "en"
    customer_id: int | None = None
    is_tracked: bool = False
    products: tuple[BriefedProduct, ...] = ()
    offer: Offer | None = None
    thread: Thread | None = None
    content: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a channel answers for a message; made by one of its four class methods.

    Attributes:
        outcome: `sent`, `later`, `failed` or `unknown`.
        detail: The answer in words, without the address in it.
        code: The answer's own code (an SMTP or HTTP status), or None.
        provider_id: What the other side calls the message, or None.
        retry_after_seconds: For `later`: not before; None leaves it to the core's back-off.
    """

    outcome: Outcome
    detail: str = ""
    code: int | None = None
    provider_id: str | None = None
    retry_after_seconds: float | None = None

    @classmethod
    def sent(
        cls, *, detail: str = "", code: int | None = None, provider_id: str | None = None
    ) -> Receipt:
        """The other side took it, and said so."""
        return cls(outcome="sent", detail=detail, code=code, provider_id=provider_id)

    @classmethod
    def later(
        cls, detail: str, *, code: int | None = None, retry_after_seconds: float | None = None
    ) -> Receipt:
        """It was certainly not taken, and may be when tried again."""
        return cls(
            outcome="later", detail=detail, code=code, retry_after_seconds=retry_after_seconds
        )

    @classmethod
    def failed(cls, detail: str, *, code: int | None = None) -> Receipt:
        """It was certainly not taken, and never will be."""
        return cls(outcome="failed", detail=detail, code=code)

    @classmethod
    def unknown(cls, detail: str) -> Receipt:
        """The answer was lost after the point of no return: it may be out."""
        return cls(outcome="unknown", detail=detail)


class Dispatch(Protocol):
    """What `deliver` takes claimed messages from, and answers to.

    Iterating claims: every message that comes out is this worker's until it is settled. The
    iteration ends when nothing is due or the worker should stop; there is no promise that a
    message comes only once in its life (see `Message.key`).

    For each message, in this order:

    1. prepare everything that can be prepared;
    2. `mark` it, right before the point of no return; on False do not send it, and go on;
    3. send it;
    4. `settle` it with the receipt.

    A message that fails before step 2 is settled without a mark, as `later` or `failed`.
    """

    def __iter__(self) -> Iterator[Message]:
        """Claim messages, one after the other."""
        ...

    def mark(self, message: Message) -> bool:
        """Say durably that the message is about to leave.

        Returns:
            False when it must not be sent: somebody unsubscribed, the run was cancelled, or
            another owner has it.
        """
        ...

    def settle(self, message: Message, receipt: Receipt) -> None:
        """Store the receipt of a message durably, at the latest when `deliver` returns."""
        ...

    def __aiter__(self) -> AsyncIterator[Message]:
        """Claim messages, for a channel that is asynchronous."""
        ...

    async def mark_async(self, message: Message) -> bool:
        """Do the same as `mark`; marks of several connections are committed together."""
        ...

    async def settle_async(self, message: Message, receipt: Receipt) -> None:
        """Do the same as `settle`; receipts of several connections are committed together."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """What a delivering plugin declares about its way to a customer.

    Attributes:
        name: A word for people and consents (`email`, `sms`).
        address_field: The customer field that holds the address (`email`, `phone`).
        consent: The consent it needs, or None when it needs none.
        normalise: Brings an address into its one form; raises ValueError, with a reason and
            without the address in it, for one that cannot be written to.
        fields: The copy's fields it can carry, each with the channel's own limits.
        required_fields: Those of them without which there is nothing to send.
        reaches_people: Whether what it sends leaves the house; False for files and sandboxes. A
            function of context and options where that depends on the settings.
    """

    name: str
    address_field: str
    normalise: Callable[[str], str]
    fields: Mapping[str, FieldLimits] = field(default_factory=dict)
    required_fields: tuple[str, ...] = ()
    consent: str | None = None
    reaches_people: bool | Callable[[Context, Any], bool] = True
