"""Takes back what dead owners held, and what was held for too long."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    case,
    delete,
    null,
    or_,
    select,
    update,
)

from ..tables import batches, messages, owners, runs
from .history import CRASH, add_history
from .leases import list_lease_owners
from .locks import is_dead
from .marks import UNLEASED
from .moments import DatabaseNow
from .owners import Owner
from .states import is_state

MOST_CRASHES = 4
"""Once with others, then alone three times: it is the message that kills its owner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """How many messages went back to ready, became unknown, and failed for good."""

    ready: int = 0
    unknown: int = 0
    failed: int = 0


def recover_leases(owner: Owner, *, now: int) -> Recovered:
    """Take back leases whose owner is dead, or that ran out.

    What somebody moves at this moment is left to the next time: waiting for it could be waiting
    for each other.

    Args:
        owner: Who looks, and is not dead.
        now: The moment, in UTC milliseconds of the injected clock, for the history.
    """
    store, silent_seconds = owner.store, owner.silent_seconds
    with store.begin() as connection:
        others = sorted(_list_holders(connection) - {owner.id})
        dead = [
            one for one in others if is_dead(store, connection, one, silent_seconds=silent_seconds)
        ]
        claimed = connection.execute(
            update(messages)
            .where(_pick(messages, is_state("claimed"), _is_lost(messages, dead)))
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
            .where(_pick(messages, is_state("sending"), _is_lost(messages, dead)))
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
            held = table.c.lease_token.is_not(None)
            connection.execute(
                update(table).where(_pick(table, held, _is_lost(table, dead))).values(**UNLEASED)
            )
        if dead:
            connection.execute(delete(owners).where(owners.c.id.in_(dead)))
    failed = sum(row.state == "failed" for row in claimed)
    return Recovered(ready=len(claimed) - failed, unknown=len(sending), failed=failed)


def _pick(table: Table, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return whether a row fulfils conditions and could be locked at once."""
    picked = (
        select(table.c.id)
        .where(*conditions)
        .order_by(table.c.id)
        .with_for_update(skip_locked=True)
        .cte("picked")
    )
    return table.c.id.in_(select(picked.c.id))


def _is_lost(table: Table, dead: list[int]) -> ColumnElement[bool]:
    return or_(table.c.lease_until < DatabaseNow(), table.c.lease_owner.in_(dead))


def _list_holders(connection: Connection) -> set[int]:
    """Return every owner that holds something, or says that it is there."""
    held = select(messages.c.lease_owner).where(is_state("claimed", "sending")).distinct()
    found = set(connection.execute(held).scalars())
    found.update(list_lease_owners(connection, batches))
    found.update(list_lease_owners(connection, runs))
    found.update(connection.execute(select(owners.c.id)).scalars())
    return {owner for owner in found if owner is not None}
