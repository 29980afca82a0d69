"""Make the tables of customers, addresses, consent and suppressions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
FACTS = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Make the tables of customers, addresses, consent and suppressions."""
    op.create_table(
        "addresses",
        sa.Column("id", ID, autoincrement=True),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("address", WORD),
        sa.Column("hash", WORD, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_addresses"),
        sa.UniqueConstraint("kind", "hash", name="uq_addresses_kind_hash"),
    )
    op.create_table(
        "erased_keys",
        sa.Column("hash", WORD, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_erased_keys"),
    )
    op.create_table(
        "key_checks",
        sa.Column("key_id", WORD, nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key_id", name="pk_key_checks"),
    )
    op.create_table(
        "suppressions",
        sa.Column("channel", WORD, nullable=False),
        sa.Column("hash", WORD, nullable=False),
        sa.Column("reason", WORD, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("source", WORD, nullable=False),
        sa.Column("key_id", WORD, nullable=False),
        sa.PrimaryKeyConstraint("channel", "hash", name="pk_suppressions"),
    )
    op.create_table(
        "consents",
        sa.Column("id", ID, autoincrement=True),
        sa.Column("address_id", ID, nullable=False),
        sa.Column("channel", WORD, nullable=False),
        sa.Column("customer_id", ID, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("is_given", sa.Boolean(), nullable=False),
        sa.Column("source", WORD, nullable=False),
        sa.Column("place", sa.Text()),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["address_id"], ["addresses.id"], name="fk_consents_address_id"),
        sa.PrimaryKeyConstraint("id", name="pk_consents"),
        sa.UniqueConstraint(
            "address_id",
            "channel",
            "customer_id",
            "at",
            "is_given",
            name="uq_consents_address_id_channel_customer_id_at_is_given",
        ),
    )
    op.create_table(
        "customers",
        sa.Column("id", ID, autoincrement=True),
        sa.Column("key", WORD),
        sa.Column("email_id", ID),
        sa.Column("phone_id", ID),
        sa.Column("first_name", sa.Text()),
        sa.Column("last_name", sa.Text()),
        sa.Column("language", WORD),
        sa.Column("country", WORD),
        sa.Column("time_zone", WORD),
        sa.Column("created_at", sa.BigInteger()),
        sa.Column("traits", FACTS, server_default="{}", nullable=False),
        sa.Column("erased_at", sa.BigInteger()),
        sa.Column("content", WORD),
        sa.ForeignKeyConstraint(["email_id"], ["addresses.id"], name="fk_customers_email_id"),
        sa.ForeignKeyConstraint(["phone_id"], ["addresses.id"], name="fk_customers_phone_id"),
        sa.PrimaryKeyConstraint("id", name="pk_customers"),
        sa.UniqueConstraint("key", name="uq_customers_key"),
    )
    op.create_index("ix_customers_email_id", "customers", ["email_id"])
    op.create_index("ix_customers_phone_id", "customers", ["phone_id"])
    op.create_table(
        "standings",
        sa.Column("address_id", ID, nullable=False),
        sa.Column("channel", WORD, nullable=False),
        sa.Column("is_given", sa.Boolean(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["address_id"], ["addresses.id"], name="fk_standings_address_id"),
        sa.PrimaryKeyConstraint("address_id", "channel", name="pk_standings"),
    )
