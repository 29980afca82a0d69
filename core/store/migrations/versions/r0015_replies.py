"""Keep the replies to enquiries, whom an article is for, and the intent of a labelled enquiry.

Revision ID: 0015
Revises: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
FACTS = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Add the table of replies, and a column to articles and to enquiries."""
    op.add_column("articles", sa.Column("audience", sa.Text()))
    op.add_column("enquiries", sa.Column("intent", WORD))
    op.create_index("ix_enquiries_conversation", "enquiries", ["conversation"])
    op.create_table(
        "replies",
        sa.Column(
            "enquiry_id",
            ID,
            sa.ForeignKey("enquiries.id", name="fk_replies_enquiry_id"),
            nullable=False,
            autoincrement=False,
        ),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text()),
        sa.Column("articles", FACTS, nullable=False, server_default="[]"),
        sa.Column("intent", WORD),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("language", WORD),
        sa.Column("handoff", WORD),
        sa.Column("summary", sa.Text()),
        sa.Column("draft", sa.Text()),
        sa.Column("candidates", FACTS, nullable=False, server_default="[]"),
        sa.Column("plugin", WORD, nullable=False),
        sa.Column("details", FACTS, nullable=False, server_default="{}"),
        sa.Column("is_helpful", sa.Boolean()),
        sa.Column("judged_at", sa.BigInteger()),
        sa.Column("closed_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("enquiry_id", name="pk_replies"),
    )
    op.create_index("ix_replies_at", "replies", ["at"])
