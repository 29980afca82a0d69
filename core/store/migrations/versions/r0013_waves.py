"""Keep in which wave of its run a message is.

Revision ID: 0013
Revises: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the wave to messages: 0 for all that are there, whose runs have none."""
    op.add_column("messages", sa.Column("wave", sa.Integer(), server_default="0", nullable=False))
