"""The tables of what people chose for themselves: topics, pace, pauses, language."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, Table

from .columns import Moment, Word, metadata

preferences = Table(
    "preferences",
    metadata,
    # As messages.recipient: the customer's id, or the negative id of the row in addresses. What
    # is chosen by a message's link is kept under both, as both stand for whoever chose.
    Column("person", BigInteger, primary_key=True, autoincrement=False),
    Column("paused_until", Moment),
    Column("cap_messages", Integer),
    Column("cap_ms", BigInteger),
    Column("language", Word),
    Column("changed_at", Moment, nullable=False),
)

declined_topics = Table(
    "declined_topics",
    metadata,
    Column("person", BigInteger, primary_key=True, autoincrement=False),
    Column("topic", Word, primary_key=True),
)
