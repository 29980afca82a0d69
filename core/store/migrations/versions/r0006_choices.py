"""For how many of a batch products were chosen, and for how many without knowing them.

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the counts to batches."""
    for name in ("recommended", "fallback"):
        op.add_column("batches", sa.Column(name, sa.Integer(), server_default="0", nullable=False))
