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
from .doubts import end_untold
from .history import CRASH, add_history
from .leases import UNLEASED, list_lease_owners
from .locks import is_dead
from .moments import DatabaseNow
from .owners import Owner
from .picking import pick_rows
from .states import is_state

MOST_CRASHES = 4
"""Once with many, once with a few, then twice alone: it is the message that kills its owner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """How many messages went back to ready, became unknown, and failed for good."""

    ready: int = 0
    unknown: int = 0
    failed: int = 0


def recover_leases(owner: Owner, *, now: int) -> Recovered:
    """Take back leases whose owner is dead, or that ran out, or that this process left behind.

    What somebody moves at this moment is left to the next time: waiting for it could be waiting
    for each other.

    Args:
        owner: Who looks, and is not dead.
        now: The moment, in UTC milliseconds of the injected clock, for the history.
    """
    silent_seconds = owner.silent_seconds
    with owner.store.begin() as connection:
        dead = [
            one
            for one in sorted(_list_holders(connection) - {owner.id})
            if is_dead(owner.store, connection, one, silent_seconds=silent_seconds)
        ]
        left = _list_left(connection, owner)
        # What this process left behind was no crash.
        crashes = messages.c.crashes + case((messages.c.lease_owner == owner.id, 0), else_=1)
        claimed = connection.execute(
            update(messages)
            .where(pick_rows(messages, is_state("claimed"), _is_lost(messages, dead, left)))
            .values(
                **end_untold(case((crashes >= MOST_CRASHES, "failed"), else_="ready")),
                reason=case((crashes >= MOST_CRASHES, "crashed"), else_=null()),
                crashes=crashes,
                attempts=messages.c.attempts - 1,
                **UNLEASED,
            )
            .returning(messages.c.id, messages.c.state)
        ).all()
        sending = connection.execute(
            update(messages)
            .where(pick_rows(messages, is_state("sending"), _is_lost(messages, dead, left)))
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
                update(table)
                .where(pick_rows(table, held, _is_lost(table, dead, left)))
                .values(**UNLEASED)
            )
        if dead:
            connection.execute(delete(owners).where(owners.c.id.in_(dead)))
    failed = sum(row.state == "failed" for row in claimed)
    return Recovered(ready=len(claimed) - failed, unknown=len(sending), failed=failed)


def _is_lost(table: Table, dead: list[int], left: list[str]) -> ColumnElement[bool]:
    return or_(
        table.c.lease_until < DatabaseNow(),
        table.c.lease_owner.in_(dead),
        table.c.lease_token.in_(left),
    )


def _list_left(connection: Connection, owner: Owner) -> list[str]:
    """Return the tokens under which an owner holds something that it is no longer at work on.

    Where the database was away, it could not give back what it gave up.
    """
    found: set[str] = set()
    for table, held in (
        (messages, is_state("claimed", "sending")),
        (batches, batches.c.lease_token.is_not(None)),
        (runs, runs.c.lease_token.is_not(None)),
    ):
        own = select(table.c.lease_token).where(held, table.c.lease_owner == owner.id).distinct()
        found.update(connection.execute(own).scalars())
    # In this order: a token is in use before anything is held under it.
    return sorted(found - set(owner.tokens))


def _list_holders(connection: Connection) -> set[int]:
    """Return every owner that holds something, or says that it is there."""
    held = select(messages.c.lease_owner).where(is_state("claimed", "sending")).distinct()
    found = set(connection.execute(held).scalars())
    found.update(list_lease_owners(connection, batches))
    found.update(list_lease_owners(connection, runs))
    found.update(connection.execute(select(owners.c.id)).scalars())
    return {owner for owner in found if owner is not None}
