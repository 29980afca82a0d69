"""The table of the brand's assets, as messages that left link to them."""

from __future__ import annotations

from sqlalchemy import Column, LargeBinary, Table

from .columns import Moment, Word, metadata

assets = Table(
    "assets",
    metadata,
    Column("file", Word, primary_key=True),  # of Asset.name_file
    Column("name", Word, nullable=False),
    Column("media_type", Word, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("published_at", Moment, nullable=False),
)
"""Rows stay: a message of years ago still shows its pictures."""
