"""Takes back what dead owners held, and what was held for too long."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, case, delete, null, or_, select, update

from ..engine import Store
from ..tables import batches, messages, owners, runs
from .history import CRASH, add_history
from .leases import list_lease_owners
from .marks import UNLEASED
from .moments import DatabaseNow
from .owners import is_dead
from .states import is_state

MOST_CRASHES = 4
"""Once with others, then alone three times: it is the message that kills its owner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """How many messages went back to ready, became unknown, and failed for good."""

    ready: int = 0
    unknown: int = 0
    failed: int = 0


def recover_leases(store: Store, *, now: int) -> Recovered:
    """Take back leases whose owner is dead, or that ran out.

    Args:
        store: An open store.
        now: The moment, in UTC milliseconds of the injected clock, for the history.
    """
    with store.begin() as connection:
        dead = [one for one in _list_holders(connection) if is_dead(store, connection, one)]
        claimed = connection.execute(
            update(messages)
            .where(is_state("claimed"), _is_lost(dead))
            .values(
                state=case((messages.c.crashes + 1 >= MOST_CRASHES, "failed"), else_="ready"),
                reason=case((messages.c.crashes + 1 >= MOST_CRASHES, "crashed"), else_=null()),
                crashes=messages.c.crashes + 1,
                attempts=messages.c.attempts - 1,
                **UNLEASED,
            )
            .returning(messages.c.id, messages.c.state)
        ).all()
        sending = connection.execute(
            update(messages)
            .where(is_state("sending"), _is_lost(dead))
            # The token stays: a late truthful answer under it still counts.
            .values(
                state="unknown",
                unknowns=messages.c.unknowns + 1,
                last_error="its sender was gone before the answer was stored",
                lease_owner=None,
                lease_until=None,
            )
            .returning(messages.c.id)
        ).all()
        add_history(connection, CRASH, now, [(row.id, {"was": "claimed"}) for row in claimed])
        add_history(connection, CRASH, now, [(row.id, {"was": "sending"}) for row in sending])
        for table in (batches, runs):
            connection.execute(
                update(table)
                .where(
                    table.c.lease_token.is_not(None),
                    or_(table.c.lease_until < DatabaseNow(), table.c.lease_owner.in_(dead)),
                )
                .values(**UNLEASED)
            )
        if dead:
            connection.execute(delete(owners).where(owners.c.id.in_(dead)))
    failed = sum(row.state == "failed" for row in claimed)
    return Recovered(ready=len(claimed) - failed, unknown=len(sending), failed=failed)


def _is_lost(dead: list[int]) -> ColumnElement[bool]:
    return or_(messages.c.lease_until < DatabaseNow(), messages.c.lease_owner.in_(dead))


def _list_holders(connection: Connection) -> set[int]:
    """Return every owner that holds something, or says that it is there."""
    held = select(messages.c.lease_owner).where(is_state("claimed", "sending")).distinct()
    found = set(connection.execute(held).scalars())
    found.update(list_lease_owners(connection, batches))
    found.update(list_lease_owners(connection, runs))
    found.update(connection.execute(select(owners.c.id)).scalars())
    return {owner for owner in found if owner is not None}
