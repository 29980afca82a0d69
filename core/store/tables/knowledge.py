"""The tables of the knowledge base and of what customers ask."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

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
    Column("customer_id", Id, ForeignKey("customers.id")),
    Column("conversation", Word),
    Column("text", Text),  # None once pruned or erased
    Column("language", Word),
    Column("at", Moment, nullable=False),
    Column("source", Word, nullable=False),
    Index(None, "customer_id"),
    Index(None, "at"),
)
