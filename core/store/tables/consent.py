"""The tables of addresses, what was consented to for them, and which are suppressed."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, LargeBinary, Table, Text, UniqueConstraint

from .columns import Id, Moment, Word, make_id, metadata

addresses = Table(
    "addresses",
    metadata,
    make_id(),
    Column("kind", Word, nullable=False),  # email, phone
    Column("address", Word),  # normalised; None once nobody known has it
    Column("hash", Word, nullable=False),  # keyed, of the normalised address
    UniqueConstraint("kind", "hash"),
)

consents = Table(
    "consents",
    metadata,
    make_id(),
    Column("address_id", Id, ForeignKey("addresses.id"), nullable=False),
    Column("channel", Word, nullable=False),
    # Who said it; 0 when it was said for the address itself, by an unsubscribe link or a complaint.
    Column("customer_id", Id, nullable=False),
    Column("at", Moment, nullable=False),  # 0 when the source gave no date
    Column("is_given", Boolean, nullable=False),
    Column("source", Word, nullable=False),
    Column("place", Text),
    Column("recorded_at", Moment, nullable=False),
    UniqueConstraint("address_id", "channel", "customer_id", "at", "is_given"),
)
"""The dated history; nothing in it is ever changed."""

standings = Table(
    "standings",
    metadata,
    Column("address_id", Id, ForeignKey("addresses.id"), primary_key=True),
    Column("channel", Word, primary_key=True),
    Column("is_given", Boolean, nullable=False),
    Column("since", Moment, nullable=False),
)
"""What the history comes to, for each address and channel."""

suppressions = Table(
    "suppressions",
    metadata,
    Column("channel", Word, primary_key=True),
    Column("hash", Word, primary_key=True),
    Column("reason", Word, nullable=False),  # unsubscribe, complaint, bounce, manual
    Column("at", Moment, nullable=False),
    Column("source", Word, nullable=False),
    Column("key_id", Word, nullable=False),
)

key_checks = Table(
    "key_checks",
    metadata,
    Column("key_id", Word, primary_key=True),
    Column("value", LargeBinary, nullable=False),
    Column("at", Moment, nullable=False),
    Column("is_current", Boolean, nullable=False),
)
"""What proves that a process has the suppression key of this database."""

erased_keys = Table(
    "erased_keys",
    metadata,
    Column("hash", Word, primary_key=True),
    Column("at", Moment, nullable=False),
)
"""The shop's ids of erased customers, hashed, so that an old file does not bring one back."""
