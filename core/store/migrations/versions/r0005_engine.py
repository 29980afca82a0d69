"""Give the ledger what the engine needs: owners and their leases, rates, leaner indexes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
FACTS = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Add what the engine needs. Nothing worked on the ledger before, so its leases are empty."""
    op.create_table(
        "owners",
        sa.Column("id", ID, autoincrement=True),
        sa.Column("name", WORD, nullable=False),
        sa.Column("queues", WORD, nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("plugins", FACTS, server_default="{}", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_owners"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "rates",
        sa.Column("key", WORD, nullable=False),
        sa.Column("free_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("started_at", sa.BigInteger()),
        sa.Column("window_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("used", sa.Integer(), server_default="0", nullable=False),
        sa.Column("steps_down", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_rates"),
    )
    op.add_column("runs", sa.Column("priority", sa.Integer(), server_default="0", nullable=False))
    op.add_column("runs", sa.Column("reason", WORD))
    op.add_column("runs", sa.Column("lease_owner", ID))
    op.add_column("runs", sa.Column("lease_token", WORD))
    op.add_column("runs", sa.Column("lease_until", sa.BigInteger()))
    op.add_column("runs", sa.Column("files", FACTS, server_default="{}", nullable=False))
    op.add_column("batches", sa.Column("failing_since", sa.BigInteger()))
    op.add_column("batches", sa.Column("last_error", sa.Text()))
    op.add_column(
        "messages", sa.Column("crashes", sa.Integer(), server_default="0", nullable=False)
    )
    for index in ("ix_messages_run_id_state", "ix_messages_ready", "ix_messages_leased"):
        op.drop_index(index, "messages")
    for table in ("batches", "messages"):
        op.drop_column(table, "lease_owner")
        op.add_column(table, sa.Column("lease_owner", ID))
    _create_partial_index("ready", ["run_id", "variant", "due_at", "id"], "state = 'ready'")
    _create_partial_index("planned", ["run_id", "batch_id", "variant", "id"], "state = 'planned'")
    _create_partial_index("waiting", ["run_id"], "state IN ('held', 'unknown')")
    _create_partial_index("leased", ["lease_until"], "state IN ('claimed', 'sending')")
    for table in ("runs", "batches"):
        held = "lease_token IS NOT NULL"
        _create_partial_index("leased", ["lease_token"], held, table=table)
    harm = sa.text("kind IN ('bounce', 'complaint')")
    op.create_index(
        "ix_message_events_harm",
        "message_events",
        ["message_id"],
        postgresql_where=harm,
        sqlite_where=harm,
    )


def _create_partial_index(
    name: str, columns: list[str], where: str, *, table: str = "messages"
) -> None:
    op.create_index(
        f"ix_{table}_{name}",
        table,
        columns,
        postgresql_where=sa.text(where),
        sqlite_where=sa.text(where),
    )
