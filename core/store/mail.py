"""Finds and forgets the mail of somebody: by the ledger's rows, which know who wrote it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, Select, Text, cast, func, literal, select, update

from .ledger.states import HANDOFF, REPLY
from .tables import WORDLESS, customers, enquiries, messages, replies

ERASED = "erased:"
"""What the key of an enquiry begins with whose asker was forgotten."""


def select_mail_keys(recipients: Sequence[int]) -> Select[tuple[str]]:
    """Return a statement that selects the keys of the mails that somebody wrote.

    Args:
        recipients: As in the ledger: customers' ids, and negative ids of addresses.
    """
    return select(messages.c.entry).where(
        messages.c.recipient.in_(list(recipients)), messages.c.step == REPLY
    )


def forget_mail(connection: Connection, recipient: int) -> int:
    """Remove what somebody asked by mail, what was answered, and what a person was told of it.

    The rows stay, so that a mail that is still in the mailbox is not taken for a new one.

    Args:
        connection: A transaction that writes.
        recipient: As in the ledger.

    Returns:
        How many enquiries there were.
    """
    keys = select_mail_keys([recipient])
    asked = select(enquiries.c.id).where(enquiries.c.key.in_(keys))
    connection.execute(update(replies).where(replies.c.enquiry_id.in_(asked)).values(**WORDLESS))
    connection.execute(
        update(messages)
        .where(messages.c.entry.in_(keys), messages.c.step == HANDOFF)
        .values(content=None, facts=None, body=None, last_error=None)
    )
    done = connection.execute(
        update(enquiries)
        .where(enquiries.c.key.in_(keys))
        .values(key=literal(ERASED) + cast(enquiries.c.id, Text), text=None, conversation=None)
    )
    return int(done.rowcount)


def list_own_places(connection: Connection, places: Sequence[int]) -> list[int]:
    """Return those of a customer's addresses that nobody else has."""
    counted = (
        select(customers.c.email_id)
        .where(customers.c.email_id.in_(list(places)))
        .group_by(customers.c.email_id)
        .having(func.count() == 1)
    )
    return list(connection.execute(counted).scalars())
