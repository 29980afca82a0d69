"""Let a mail have one reply and one hand-off, over all runs.

Revision ID: 0016
Revises: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the unique index of what answers a mail."""
    which = sa.text("step IN ('reply', 'handoff')")
    op.create_index(
        "ix_messages_answers",
        "messages",
        ["entry", "step"],
        unique=True,
        sqlite_where=which,
        postgresql_where=which,
    )
