"""Claims: ready messages that one owner takes to send; nothing is told to the world yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    Connection,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    case,
    exists,
    literal,
    select,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate

from ..tables import messages, runs
from ..tables.columns import Id
from .doubts import end_untold
from .moments import DatabaseNow
from .owners import Owner
from .parameters import dump_rows, list_rows
from .states import WORKING_RUNS, is_state, is_variant

LEFT = (
    ("id", "integer"), ("state", "text"), ("reason", "text"), ("due_at", "integer"),
    ("address_id", "integer"),
)  # fmt: skip
"""What `leave_claims` takes for each message, in this order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedRow:
    """A message that was claimed.

    Attributes:
        id: Its id.
        recipient: The customer's id.
        address_id: The id of the address it goes to.
        attempts: How often it was claimed, this time included.
        unknowns: How often its answer was lost.
        crashes: How often an owner died over it.
        content: The copy with slots, products and offer; None when the recipe itself holds it.
        facts: What its slots were filled with at an earlier mark; None before the first one.
        expires_at: When it is too late; None is never.
        created_at: When it was planned.
    """

    id: int
    recipient: int
    address_id: int
    attempts: int
    unknowns: int
    crashes: int
    content: Any
    facts: Any
    expires_at: int | None
    created_at: int


_ROW = [messages.c[name] for name in ClaimedRow.__slots__]

_IN_TURN = (messages.c.variant, messages.c.due_at, messages.c.id)
"""The order of the index of what is ready, with the variant, although it is the same for all:
PostgreSQL does not see that of one that IS NULL, and would sort a million for each claim."""


def claim_messages(
    connection: Connection,
    run_id: int,
    variant: str | None,
    owner: Owner,
    token: str,
    *,
    now: int,
    most: int,
    takes_suspects: bool = True,
) -> list[ClaimedRow]:
    """Claim messages that are due, in the order in which they are; none of a run that is paused.

    Those over which an owner died come when no others are due, and apart from them: after the
    first time a few together, after that each alone. So the one that kills its owners is found,
    and takes no others with it.

    Args:
        connection: Within a transaction that writes.
        run_id: The run.
        variant: The variant; None without an experiment.
        owner: Who claims.
        token: What fences the claim.
        now: The moment, in UTC milliseconds of the injected clock.
        most: How many at most.
        takes_suspects: Whether it may be such a one; not as long as others are on their way.
    """
    given = {
        "of_run": run_id, "now": now, "owner": owner.id, "token": token, "most": most,
        "seconds": round(owner.claim_seconds * 1000),
    }  # fmt: skip
    if variant is not None:
        given["of_variant"] = variant
    for suspicion in (*_SUSPICIONS,) if takes_suspects else (0,):
        few = _SUSPICIONS[suspicion]
        statement = _write_claim(variant is None, suspicion)
        rows = connection.execute(statement, {**given, "most": min(most, few or most)}).all()
        if rows:
            return sorted((ClaimedRow(**row._mapping) for row in rows), key=lambda row: row.id)
    return []


_SUSPICIONS: dict[int, int | None] = {0: None, 1: 10, 2: 1}
"""How many messages are claimed together, by how often an owner died over them."""


@cache
def _write_claim(is_plain: bool, suspicion: int) -> ReturningUpdate[Any]:
    is_of_variant = (
        messages.c.variant.is_(None) if is_plain else messages.c.variant == bindparam("of_variant")
    )
    # Of a run that was paused the mark would refuse each, and each would be claimed again.
    may_send = runs.c.state.in_(WORKING_RUNS)
    picked = (
        select(messages.c.id)
        .where(
            messages.c.run_id == bindparam("of_run", type_=Id),
            is_of_variant,
            is_state("ready"),
            messages.c.due_at <= bindparam("now", type_=Id),
            exists(select(literal(1)).where(runs.c.id == bindparam("of_run", type_=Id), may_send)),
            messages.c.crashes >= 2 if suspicion == 2 else messages.c.crashes == suspicion,
        )
        .order_by(*_IN_TURN)
        .limit(bindparam("most", type_=Integer))
        .with_for_update(skip_locked=True)
        .cte("picked")
    )
    return (
        update(messages)
        .where(messages.c.id.in_(select(picked.c.id)))
        .values(
            state="claimed",
            lease_owner=bindparam("owner", type_=Id),
            lease_token=bindparam("token", type_=Text),
            lease_until=DatabaseNow() + bindparam("seconds", type_=Id),
            attempts=messages.c.attempts + 1,
        )
        .returning(*_ROW)
    )


def leave_claims(connection: Connection, token: str, rows: Sequence[Sequence[Any]]) -> None:
    """Move claimed messages that are not to be sent, or not now, before anything was tried.

    Args:
        connection: Within a transaction that writes.
        token: What fences the claim; what somebody else has by now stays as it is.
        rows: For each message the values of `LEFT`: its next state (`ready` with a later
            moment, `skipped`, `expired`), the reason, when it is due, and, unless it stays as it
            is, where it goes; what is missing at the end of a row is None.
    """
    left = list_rows(connection.dialect.name, LEFT)
    connection.execute(
        update(messages)
        .where(
            messages.c.id == left.c.id,
            is_state("claimed"),
            messages.c.lease_token == token,
        )
        .values(
            **end_untold(left.c.state),
            reason=left.c.reason,
            due_at=left.c.due_at,
            # Whoever was erased meanwhile has none, and gets none back.
            address_id=case(
                (
                    and_(left.c.address_id.is_not(None), messages.c.address_id.is_not(None)),
                    left.c.address_id,
                ),
                else_=messages.c.address_id,
            ),
            attempts=messages.c.attempts - 1,
            lease_owner=None,
            lease_token=None,
            lease_until=None,
        ),
        {"rows": dump_rows(rows)},
    )


def find_next_due(
    connection: Connection, run_id: int, variants: Sequence[str | None]
) -> int | None:
    """Return when the next ready message of a run is due; None when none is ready."""
    moments = [connection.execute(find_first_due(run_id, one)).scalar() for one in variants]
    return min((moment for moment in moments if moment is not None), default=None)


def find_first_due(run_id: int, variant: str | None) -> Select[Any]:
    """Return a statement that selects when the first ready message of a variant is due."""
    return (
        select(messages.c.due_at)
        .where(messages.c.run_id == run_id, is_variant(variant), is_state("ready"))
        .order_by(*_IN_TURN)
        .limit(1)
    )
