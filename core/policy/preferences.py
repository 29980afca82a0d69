"""What people chose for themselves, as objections to writing to them: topics, pauses, pace."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, func, literal, select

from ..store.ledger.states import WRITTEN_TO, is_unasked
from ..store.tables import declined_topics, messages, preferences
from .looking import Recipient, finds


def declines_topic(recipient: Recipient, topic: str) -> ColumnElement[bool]:
    """Whether she wants nothing on a topic."""
    return finds(
        select(literal(1)).where(
            declined_topics.c.person.in_(_list_numbers(recipient)), declined_topics.c.topic == topic
        )
    )


def is_on_pause(recipient: Recipient, now: Any) -> ColumnElement[bool]:
    """Whether she wants nothing for a while that is not over."""
    return finds(
        select(literal(1)).where(
            preferences.c.person.in_(_list_numbers(recipient)), preferences.c.paused_until > now
        )
    )


def has_own_fill(recipient: Recipient, now: Any) -> ColumnElement[bool]:
    """Whether her address got as many messages as she chose to get at most.

    It is asked in the mark, too, after the lock of her address: what is counted stands still.
    """
    other = messages.alias("own_other")
    own = [] if recipient.message_id is None else [other.c.id != recipient.message_id]
    got = (
        select(func.count())
        .where(
            other.c.address_id == recipient.address_id,
            other.c.state.in_(WRITTEN_TO),
            is_unasked(other),
            other.c.sent_at > now - preferences.c.cap_ms,
            *own,
        )
        .correlate_except(other)
        .scalar_subquery()
    )
    return finds(
        select(literal(1))
        .where(
            preferences.c.person.in_(_list_numbers(recipient)),
            preferences.c.cap_messages.is_not(None),
            got >= preferences.c.cap_messages,
        )
        .correlate_except(preferences)
    )


def _list_numbers(recipient: Recipient) -> list[Any]:
    """Return the numbers under which choices are kept: hers, and that of her address."""
    return [recipient.id, -recipient.address_id]
