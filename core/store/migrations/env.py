"""What Alembic runs: the migrations on the connection that it was given."""

from __future__ import annotations

from alembic import context

from ballyhoo.core.store.tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
)
context.run_migrations()
