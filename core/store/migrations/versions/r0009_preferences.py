"""Keep what people chose for themselves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Add the tables of preferences and declined topics."""
    op.create_table(
        "preferences",
        sa.Column("person", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("paused_until", sa.BigInteger()),
        sa.Column("cap_messages", sa.Integer()),
        sa.Column("cap_ms", sa.BigInteger()),
        sa.Column("language", WORD),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("person", name="pk_preferences"),
    )
    op.create_table(
        "declined_topics",
        sa.Column("person", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("topic", WORD, nullable=False),
        sa.PrimaryKeyConstraint("person", "topic", name="pk_declined_topics"),
    )
