"""Keep what a wave has learnt of people's traits, and by which shares each variant was drawn.

Revision ID: 0014
Revises: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
FACTS = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Add the tables of lessons and propensities."""
    op.create_table(
        "lessons",
        sa.Column("run_id", ID, sa.ForeignKey("runs.id", name="fk_lessons_run_id"), nullable=False),
        sa.Column("wave", sa.Integer(), nullable=False),
        sa.Column("lesson", FACTS, nullable=False),
        sa.PrimaryKeyConstraint("run_id", "wave", name="pk_lessons"),
    )
    op.create_table(
        "propensities",
        sa.Column(
            "message_id",
            ID,
            sa.ForeignKey("messages.id", name="fk_propensities_message_id"),
            nullable=False,
        ),
        sa.Column("variant", WORD, nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("is_drawn", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("message_id", "variant", name="pk_propensities"),
    )
