"""Keep what was written for equal briefs of a run, and how many got which offer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
FACTS = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Add the table of copies, and the counts of offers to batches."""
    op.create_table(
        "copies",
        sa.Column("run_id", ID, sa.ForeignKey("runs.id", name="fk_copies_run_id"), nullable=False),
        sa.Column("variant", WORD, nullable=False),
        sa.Column("brief_hash", WORD, nullable=False),
        sa.Column("bucket", sa.Integer(), nullable=False),
        sa.Column("content", FACTS, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "variant", "brief_hash", "bucket", name="pk_copies"),
    )
    op.add_column("batches", sa.Column("offers", FACTS, server_default="{}", nullable=False))
