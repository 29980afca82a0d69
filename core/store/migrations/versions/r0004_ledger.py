"""Make the tables of the ledger, and the audit log that nothing changes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
FACTS = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Make the tables of the ledger, and the audit log that nothing changes."""
    op.create_table(
        "audit",
        sa.Column("id", ID, autoincrement=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", WORD, nullable=False),
        sa.Column("action", WORD, nullable=False),
        sa.Column("subject", WORD, nullable=False),
        sa.Column("details", FACTS),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_table(
        "runs",
        sa.Column("id", ID, autoincrement=True),
        sa.Column("campaign", WORD, nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("recipe", sa.Text(), nullable=False),
        sa.Column("recipe_hash", WORD, nullable=False),
        sa.Column("details", FACTS, server_default="{}", nullable=False),
        sa.Column("audience", sa.Integer()),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("not_before", sa.BigInteger()),
        sa.Column("finished_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
    )
    op.create_index("ix_runs_campaign_state", "runs", ["campaign", "state"])
    op.create_table(
        "batches",
        sa.Column("id", ID, autoincrement=True),
        sa.Column("run_id", ID, nullable=False),
        sa.Column("step", WORD, server_default="", nullable=False),
        sa.Column("wave", sa.Integer(), server_default="0", nullable=False),
        sa.Column("variant", WORD, server_default="", nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("due_at", sa.BigInteger()),
        sa.Column("lease_owner", WORD),
        sa.Column("lease_token", WORD),
        sa.Column("lease_until", sa.BigInteger()),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_batches_run_id"),
        sa.PrimaryKeyConstraint("id", name="pk_batches"),
    )
    op.create_index("ix_batches_run_id_state", "batches", ["run_id", "state"])
    op.create_table(
        "messages",
        sa.Column("id", ID, autoincrement=True),
        sa.Column("run_id", ID, nullable=False),
        sa.Column("recipient", sa.BigInteger(), nullable=False),
        sa.Column("step", WORD, server_default="", nullable=False),
        sa.Column("entry", WORD, server_default="", nullable=False),
        sa.Column("batch_id", ID),
        sa.Column("address_id", ID),
        sa.Column("channel", WORD, nullable=False),
        sa.Column("variant", WORD),
        sa.Column("state", WORD, nullable=False),
        sa.Column("reason", WORD),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("unknowns", sa.Integer(), server_default="0", nullable=False),
        sa.Column("due_at", sa.BigInteger()),
        sa.Column("expires_at", sa.BigInteger()),
        sa.Column("lease_owner", WORD),
        sa.Column("lease_token", WORD),
        sa.Column("lease_until", sa.BigInteger()),
        sa.Column("message_key", WORD),
        sa.Column("provider_id", WORD),
        sa.Column("last_code", WORD),
        sa.Column("last_error", sa.Text()),
        sa.Column("content", FACTS),
        sa.Column("facts", FACTS),
        sa.Column("body_hash", WORD),
        sa.Column("body", sa.LargeBinary()),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name="fk_messages_batch_id"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_messages_run_id"),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
        sa.UniqueConstraint(
            "run_id", "recipient", "step", "entry", name="uq_messages_run_id_recipient_step_entry"
        ),
    )
    op.create_index("ix_messages_address_id", "messages", ["address_id"])
    op.create_index(
        "ix_messages_leased",
        "messages",
        ["lease_until"],
        postgresql_where=sa.text("state IN ('claimed', 'sending')"),
        sqlite_where=sa.text("state IN ('claimed', 'sending')"),
    )
    op.create_index(
        "ix_messages_ready",
        "messages",
        ["due_at", "id"],
        postgresql_where=sa.text("state = 'ready'"),
        sqlite_where=sa.text("state = 'ready'"),
    )
    op.create_index("ix_messages_recipient", "messages", ["recipient"])
    op.create_index("ix_messages_run_id_state", "messages", ["run_id", "state"])
    op.create_table(
        "message_events",
        sa.Column("id", ID, autoincrement=True),
        sa.Column("message_id", ID, nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("source", WORD, nullable=False),
        sa.Column("provider_event_id", WORD),
        sa.Column("data", FACTS),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name="fk_message_events_message_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_message_events"),
        sa.UniqueConstraint("provider_event_id", name="uq_message_events_provider_event_id"),
    )
    op.create_index("ix_message_events_message_id", "message_events", ["message_id"])
    if op.get_bind().dialect.name == "sqlite":
        guards = [
            (
                "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT "
                "RAISE(ABORT, 'the audit log cannot be changed'); END"
            ),
            (
                "CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT "
                "RAISE(ABORT, 'the audit log cannot be changed'); END"
            ),
            (
                "CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit WHEN EXISTS "
                "(SELECT 1 FROM audit WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'the"
                " audit log cannot be changed'); END"
            ),
        ]
    else:
        guards = [
            (
                "CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql"
                " AS 'BEGIN RAISE EXCEPTION ''the audit log cannot be changed''; END'"
            ),
            (
                "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON "
                "audit FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()"
            ),
        ]
    for guard in guards:
        op.execute(guard)
