"""Find the answers to satisfaction questions without looking at every event."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ANSWERS = sa.text("kind = 'satisfaction'")


def upgrade() -> None:
    """Add an index over answers alone."""
    op.create_index(
        "ix_message_events_answers",
        "message_events",
        ["message_id"],
        postgresql_where=ANSWERS,
        sqlite_where=ANSWERS,
    )
