"""The table of customers."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Table, Text

from .columns import Id, Json, Moment, Word, make_id, metadata

customers = Table(
    "customers",
    metadata,
    make_id(),
    Column("key", Word, unique=True),  # the shop's own id; None once erased
    Column("email_id", Id, ForeignKey("addresses.id")),
    Column("phone_id", Id, ForeignKey("addresses.id")),
    Column("first_name", Text),
    Column("last_name", Text),
    Column("language", Word),
    Column("country", Word),
    Column("time_zone", Word),
    Column("created_at", Moment),
    Column("traits", Json, nullable=False, server_default="{}"),
    Column("erased_at", Moment),
    Column("content", Word),  # hash of the row that was told last
    Index(None, "email_id"),
    Index(None, "phone_id"),
)
