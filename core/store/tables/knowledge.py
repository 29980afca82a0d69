"""The tables of the knowledge base, of what customers ask, and of what is answered."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from .columns import Id, Json, Moment, Word, make_id, metadata

articles = Table(
    "articles",
    metadata,
    make_id(),
    Column("key", Word, nullable=False),
    Column("language", Word, nullable=False),
    Column("version", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("questions", Json, nullable=False, server_default="[]"),
    Column("intent", Word),
    Column("audience", Text),  # a condition of customers
    Column("valid_from", Moment),
    Column("valid_until", Moment),
    Column("is_current", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("content", Word, nullable=False),  # hash of what was told
    UniqueConstraint("key", "language", "version"),
)
"""Every version is kept: a reply names the one that it rested on."""

enquiries = Table(
    "enquiries",
    metadata,
    make_id(),
    Column("key", Word, nullable=False, unique=True),
    Column("customer_id", Id, ForeignKey("customers.id")),  # None unless proved, or imported so
    Column("conversation", Word),
    Column("text", Text),  # None once pruned or erased
    Column("language", Word),
    Column("intent", Word),  # what a person says that was wanted: what is learned from
    Column("at", Moment, nullable=False),
    Column("source", Word, nullable=False),
    Index(None, "customer_id"),
    Index(None, "conversation"),
    Index(None, "at"),
)

replies = Table(
    "replies",
    metadata,
    Column("enquiry_id", Id, ForeignKey("enquiries.id"), primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("text", Text),  # None for a hand-off, and once pruned or erased
    Column("articles", Json, nullable=False, server_default="[]"),  # [key, language, version]
    Column("intent", Word),  # what the responder says that was wanted
    Column("confidence", Float, nullable=False),
    Column("language", Word),
    Column("handoff", Word),  # the reason
    Column("summary", Text),
    Column("draft", Text),
    Column("candidates", Json, nullable=False, server_default="[]"),
    Column("plugin", Word, nullable=False),
    Column("details", Json, nullable=False, server_default="{}"),
    Column("is_helpful", Boolean),  # what she said of it
    Column("judged_at", Moment),
    Column("closed_at", Moment),  # when a person had answered what was handed to her
    Index(None, "at"),
)
"""One for each enquiry, whatever rings twice."""

WORDLESS: dict[str, Any] = {"text": None, "summary": None, "draft": None, "details": {}}
"""What a reply says of somebody who was erased, or long ago."""
