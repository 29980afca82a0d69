"""Remember how far each listener was told what happened."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Add the table of listeners."""
    op.create_table(
        "listeners",
        sa.Column("name", WORD, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("message_event_id", ID, nullable=False),
        sa.Column("end_event_id", ID),
        sa.Column("end_message_event_id", ID),
        sa.Column("failures", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("failing_since", sa.BigInteger()),
        sa.Column("due_at", sa.BigInteger()),
        sa.Column("paused_at", sa.BigInteger()),
        sa.Column("last_error", sa.Text()),
        sa.Column("told_at", sa.BigInteger()),
        sa.Column("lease_token", WORD),
        sa.Column("lease_until", sa.BigInteger()),
        sa.PrimaryKeyConstraint("name", name="pk_listeners"),
    )
