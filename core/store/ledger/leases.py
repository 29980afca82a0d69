"""Leases: who may write the outcome of planning a run or of preparing a batch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Table, or_, select, update

from ..engine import Store
from ..tables import runs
from .moments import DatabaseNow, lease_until

if TYPE_CHECKING:
    from .owners import Owner


UNLEASED: dict[str, Any] = {"lease_owner": None, "lease_token": None, "lease_until": None}
"""The columns of a row that nobody holds."""


class LeaseLost(Exception):
    """Somebody else owns the work by now, or it was cancelled: stop, and write nothing."""


def take_plan(store: Store, run_id: int, owner: Owner) -> str | None:
    """Take the lease to plan a run; it is renewed until its token is dropped.

    Returns:
        The token, or None when the run is not to be planned, or is being planned by somebody.
    """
    token = owner.make_token()
    free = or_(runs.c.lease_token.is_(None), runs.c.lease_until < DatabaseNow())
    with owner.dropping(token), store.begin() as connection:
        taken = connection.execute(
            update(runs)
            .where(runs.c.id == run_id, runs.c.state == "planning", free)
            .values(
                lease_owner=owner.id,
                lease_token=token,
                lease_until=lease_until(owner.claim_seconds),
            )
        )
    if taken.rowcount == 1:
        return token
    owner.drop_token(token)
    return None


def hold_plan(connection: Connection, run_id: int, token: str, seconds: float) -> None:
    """Renew the lease to plan a run within a transaction that writes under it.

    Raises:
        LeaseLost: It is no longer ours.
    """
    held = connection.execute(
        update(runs)
        .where(runs.c.id == run_id, runs.c.state == "planning", runs.c.lease_token == token)
        .values(lease_until=lease_until(seconds))
    )
    if held.rowcount != 1:
        raise LeaseLost(f"the plan of run {run_id}")


def list_lease_owners(connection: Connection, table: Table) -> list[int]:
    """Return the owners that hold leases in a table of runs or batches."""
    found = select(table.c.lease_owner).where(table.c.lease_token.is_not(None)).distinct()
    return [owner for owner in connection.execute(found).scalars() if owner is not None]
