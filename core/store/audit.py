"""Writes the audit log: who did what to whom, and when."""

from __future__ import annotations

import getpass
import json
import os
import time
from typing import Any

from sqlalchemy import Connection, insert

from .tables import audit


def record_audit(
    connection: Connection,
    action: str,
    subject: str,
    *,
    actor: str | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    """Add a row to the audit log, in the transaction of what it tells of.

    Args:
        connection: A transaction that writes.
        action: What was done, `customer.erase`.
        subject: To whom: our own integer id, never identity.
        actor: Who did it; the user of this process when None.
        details: Counts and the like, never identity.
    """
    connection.execute(
        insert(audit).values(
            at=time.time_ns() // 1_000_000,
            actor=actor or name_user(),
            action=action,
            subject=subject,
            details=None if details is None else json.loads(json.dumps(details)),
        )
    )


def name_user() -> str:
    """Return the user of this process, as the operating system names it."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"
