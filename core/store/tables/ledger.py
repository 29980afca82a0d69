"""The tables of the ledger: runs, batches, messages, what happened to them, and who works."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
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
    Column("priority", Integer, nullable=False, server_default="0"),
    Column("reason", Word),  # why it is paused
    Column("details", Json, nullable=False, server_default="{}"),
    Column("audience", Integer),  # distinct people the segment gave; None while planning
    Column("created_at", Moment, nullable=False),
    Column("not_before", Moment),
    Column("finished_at", Moment),
    Column("lease_owner", Id),  # who plans it
    Column("lease_token", Word),
    Column("lease_until", Moment),
    # What it keeps of the workspace, in base64 by name: last, and read only by whoever loads it.
    Column("files", Json, nullable=False, server_default="{}"),
    Index(None, "campaign", "state"),
    Index(
        "ix_runs_leased",
        "lease_token",
        postgresql_where=text("lease_token IS NOT NULL"),
        sqlite_where=text("lease_token IS NOT NULL"),
    ),
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
    Column("failing_since", Moment),
    Column("lease_owner", Id),
    Column("lease_token", Word),
    Column("lease_until", Moment),
    Column("last_error", Text),
    Column("recommended", Integer, nullable=False, server_default="0"),
    Column("fallback", Integer, nullable=False, server_default="0"),
    Column("offers", Json, nullable=False, server_default="{}"),  # how many got each, by its name
    Index(None, "run_id", "state"),
    Index(
        "ix_batches_leased",
        "lease_token",
        postgresql_where=text("lease_token IS NOT NULL"),
        sqlite_where=text("lease_token IS NOT NULL"),
    ),
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
    Column("wave", Integer, nullable=False, server_default="0"),  # 0 in a run without waves
    Column("variant", Word),  # None also until its wave opens
    Column("state", Word, nullable=False),
    Column("reason", Word),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("unknowns", Integer, nullable=False, server_default="0"),
    Column("crashes", Integer, nullable=False, server_default="0"),
    Column("due_at", Moment),
    Column("expires_at", Moment),
    Column("lease_owner", Id),
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
    # The state changes most: every index that holds it is written anew at each move.
    Index(
        "ix_messages_planned",
        "run_id",
        "batch_id",
        "variant",
        "id",
        postgresql_where=text("state = 'planned'"),
        sqlite_where=text("state = 'planned'"),
    ),
    Index(
        "ix_messages_ready",
        "run_id",
        "variant",
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
    Index(
        "ix_messages_waiting",
        "run_id",
        postgresql_where=text("state IN ('held', 'unknown')"),
        sqlite_where=text("state IN ('held', 'unknown')"),
    ),
    Index(None, "recipient"),
    Index(None, "address_id"),
    # A mail has one reply, whichever run of its inbox, or other inbox, it comes to.
    Index(
        "ix_messages_answers",
        "entry",
        "step",
        unique=True,
        postgresql_where=text("step IN ('reply', 'handoff')"),
        sqlite_where=text("step IN ('reply', 'handoff')"),
    ),
)

copies = Table(
    "copies",
    metadata,
    Column("run_id", Id, ForeignKey("runs.id"), primary_key=True, autoincrement=False),
    Column("variant", Word, primary_key=True),
    Column("brief_hash", Word, primary_key=True),
    Column("bucket", Integer, primary_key=True, autoincrement=False),
    Column("content", Json, nullable=False),  # copy with slots, verdicts, provenance
    Column("created_at", Moment, nullable=False),
)
"""What was written for equal briefs of a run; no identity is in it."""

lessons = Table(
    "lessons",
    metadata,
    Column("run_id", Id, ForeignKey("runs.id"), primary_key=True, autoincrement=False),
    Column("wave", Integer, primary_key=True, autoincrement=False),
    Column("lesson", Json, nullable=False),
)
"""What a wave was opened with, of a run whose variants are drawn by traits; sums over people."""

propensities = Table(
    "propensities",
    metadata,
    Column("message_id", Id, ForeignKey("messages.id"), primary_key=True, autoincrement=False),
    Column("variant", Word, primary_key=True),
    Column("share", Integer, nullable=False),  # in ten thousandths
    Column("is_drawn", Boolean, nullable=False),
)
"""By which shares the variant of a message was drawn, where they are her own; and which it was."""

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
    Index(
        "ix_message_events_harm",
        "message_id",
        postgresql_where=text("kind IN ('bounce', 'complaint')"),
        sqlite_where=text("kind IN ('bounce', 'complaint')"),
    ),
    Index(
        "ix_message_events_answers",
        "message_id",
        postgresql_where=text("kind = 'satisfaction'"),
        sqlite_where=text("kind = 'satisfaction'"),
    ),
)
"""Rows are only added; erasing empties `data`."""

links = Table(
    "links",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),  # of core/tracking.py
    Column("url", Text, nullable=False),
)
"""Where tracked links lead."""

owners = Table(
    "owners",
    metadata,
    make_id(),
    Column("name", Word, nullable=False),  # host and process, for people
    Column("queues", Word, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("plugins", Json, nullable=False, server_default="{}"),  # version by name
    sqlite_autoincrement=True,  # else a new owner gets the id, and the leases, of a former one
)
"""The processes that hold leases; its own row goes when one ends in good order."""

rates = Table(
    "rates",
    metadata,
    Column("key", Word, primary_key=True),
    Column("free_at", Moment, nullable=False, server_default="0"),
    Column("started_at", Moment),
    Column("window_at", Moment, nullable=False, server_default="0"),
    Column("used", Integer, nullable=False, server_default="0"),
    Column("steps_down", Integer, nullable=False, server_default="0"),
)
"""How much of each rate is taken, over all workers."""
