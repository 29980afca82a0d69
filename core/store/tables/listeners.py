"""The table of listeners: how far each was told what happened."""

from __future__ import annotations

from sqlalchemy import Column, Integer, Table, Text

from .columns import Id, Moment, Word, metadata

listeners = Table(
    "listeners",
    metadata,
    Column("name", Word, primary_key=True),  # `plugin:NAME` or `webhook:NAME`
    # Its place: what has a greater id was not told yet.
    Column("event_id", Id, nullable=False),
    Column("message_event_id", Id, nullable=False),
    # Where the batch ends that it is being told: the same batch each time that it is tried.
    Column("end_event_id", Id),
    Column("end_message_event_id", Id),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("failing_since", Moment),
    Column("due_at", Moment),  # not tried again before
    Column("paused_at", Moment),
    Column("last_error", Text),
    Column("told_at", Moment),
    Column("lease_token", Word),
    Column("lease_until", Moment),
)
"""One row for each plugin and webhook that is told what happened, from its first day on."""
