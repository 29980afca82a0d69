"""Composes a message: the copy with its slots filled from the recipient's facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from .brief import BriefedProduct, Copy, Offer
from .briefing import DEFAULT_LANGUAGE
from .customer import Customer
from .message import Message
from .slots import fill_slots


def compose_message(
    copy: Copy,
    facts: Mapping[str, str],
    *,
    id: int,
    run_id: int,
    campaign: str,
    customer: Customer,
    address: str,
    products: Sequence[BriefedProduct],
    offer: Offer | None,
    dated_at: datetime,
    is_tracked: bool = False,
) -> Message:
    """Return the message of one recipient, not yet rendered.

    Args:
        copy: The copy that may be sent, with slots.
        facts: The value of each slot that has one for her.
        id: The ledger's id of the message.
        run_id: The run; with the customer's id it makes the message's key.
        campaign: The campaign's name.
        customer: The recipient.
        address: Where it goes, as the channel's `normalise` left it.
        products: The products of the message, best first.
        offer: The offer made, or None.
        dated_at: The Date of the message.
        is_tracked: Whether she lets us count opens and clicks.

    Raises:
        DataError: A slot has neither a value nor a default.
    """
    return Message(
        id=id,
        key=f"{run_id}-{customer.id}",
        run_id=run_id,
        campaign=campaign,
        address=address,
        fields={name: fill_slots(text, facts) for name, text in copy.fields.items()},
        dated_at=dated_at,
        language=customer.language or DEFAULT_LANGUAGE,
        customer_id=customer.id,
        is_tracked=is_tracked,
        products=tuple(products),
        offer=offer,
    )
