"""The tables of the ledger: runs, batches, messages and what happened to them."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from .columns import Id, Json, Moment, Word, make_id, metadata

runs = Table(
    "runs",
    metadata,
    make_id(),
    Column("campaign", Word, nullable=False),
    Column("state", Word, nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("recipe", Text, nullable=False),
    Column("recipe_hash", Word, nullable=False),
    Column("details", Json, nullable=False, server_default="{}"),
    Column("audience", Integer),  # distinct people the segment gave; None while planning
    Column("created_at", Moment, nullable=False),
    Column("not_before", Moment),
    Column("finished_at", Moment),
    Index(None, "campaign", "state"),
)

batches = Table(
    "batches",
    metadata,
    make_id(),
    Column("run_id", Id, ForeignKey("runs.id"), nullable=False),
    Column("step", Word, nullable=False, server_default=""),
    Column("wave", Integer, nullable=False, server_default="0"),
    Column("variant", Word, nullable=False, server_default=""),
    Column("state", Word, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("due_at", Moment),
    Column("lease_owner", Word),
    Column("lease_token", Word),
    Column("lease_until", Moment),
    Index(None, "run_id", "state"),
)

messages = Table(
    "messages",
    metadata,
    make_id(),
    Column("run_id", Id, ForeignKey("runs.id"), nullable=False),
    # The customer's id, or for a bare address the negative id of its row in addresses.
    Column("recipient", BigInteger, nullable=False),
    Column("step", Word, nullable=False, server_default=""),
    Column("entry", Word, nullable=False, server_default=""),
    Column("batch_id", Id, ForeignKey("batches.id")),
    Column("address_id", Id),
    Column("channel", Word, nullable=False),
    Column("variant", Word),
    Column("state", Word, nullable=False),
    Column("reason", Word),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("unknowns", Integer, nullable=False, server_default="0"),
    Column("due_at", Moment),
    Column("expires_at", Moment),
    Column("lease_owner", Word),
    Column("lease_token", Word),
    Column("lease_until", Moment),
    Column("message_key", Word),
    Column("provider_id", Word),
    Column("last_code", Word),
    Column("last_error", Text),
    Column("content", Json),  # copy with slots, products, offer, verdicts, provenance
    Column("facts", Json),  # what the slots were filled with at the first mark
    Column("body_hash", Word),
    Column("body", LargeBinary),
    Column("created_at", Moment, nullable=False),
    Column("sent_at", Moment),
    UniqueConstraint("run_id", "recipient", "step", "entry"),
    Index(
        "ix_messages_ready",
        "due_at",
        "id",
        postgresql_where=text("state = 'ready'"),
        sqlite_where=text("state = 'ready'"),
    ),
    Index(
        "ix_messages_leased",
        "lease_until",
        postgresql_where=text("state IN ('claimed', 'sending')"),
        sqlite_where=text("state IN ('claimed', 'sending')"),
    ),
    Index(None, "run_id", "state"),
    Index(None, "recipient"),
    Index(None, "address_id"),
)

message_events = Table(
    "message_events",
    metadata,
    make_id(),
    Column("message_id", Id, ForeignKey("messages.id"), nullable=False),
    Column("kind", Word, nullable=False),
    Column("at", Moment, nullable=False),
    Column("source", Word, nullable=False),
    Column("provider_event_id", Word, unique=True),
    Column("data", Json),
    Index(None, "message_id"),
)
"""Rows are only added; erasing empties `data`."""
