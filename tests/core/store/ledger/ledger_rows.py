"""Rows of the ledger as a test wants them, without a campaign."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert, select

from ballyhoo.core.store.engine import Store
from ballyhoo.core.store.tables import messages, runs

NOW = 1_800_000_000_000


def make_run(store: Store, **values: Any) -> int:
    """Make a run that is at work, and return its id."""
    row = {
        "campaign": "spring", "state": "running", "seed": 1, "recipe": "", "recipe_hash": "",
        "created_at": NOW, "audience": 0, **values,
    }  # fmt: skip
    with store.begin() as connection:
        return int(connection.execute(insert(runs).values(row).returning(runs.c.id)).scalar_one())


def make_message(store: Store, run: int, recipient: int, **values: Any) -> int:
    """Make a message that is ready, and return its id."""
    row = {
        "run_id": run, "recipient": recipient, "address_id": recipient, "channel": "email",
        "state": "ready", "due_at": NOW, "created_at": NOW, **values,
    }  # fmt: skip
    with store.begin() as connection:
        made = insert(messages).values(row).returning(messages.c.id)
        return int(connection.execute(made).scalar_one())


def read_message(store: Store, message: int) -> Any:
    """Return the row of a message."""
    with store.read() as connection:
        return connection.execute(select(messages).where(messages.c.id == message)).one()
