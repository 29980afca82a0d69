"""Marks and receipts: the moves around the point of no return, a group of messages at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    Connection,
    bindparam,
    case,
    func,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate

from ...policy.rules import PolicyRules
from ..tables import messages
from .doubts import MOST_UNKNOWNS, end_untold, forget_sent_at
from .leases import UNLEASED
from .mark_statements import write_mark_statements
from .owners import Owner
from .parameters import dump_ids, dump_rows, list_ids, list_rows
from .picking import pick_rows
from .states import is_state, is_variant

SETTLED = (
    ("id", "integer"), ("state", "text"), ("reason", "text"), ("due_at", "integer"),
    ("provider_id", "text"), ("code", "text"), ("error", "text"), ("unknowns", "integer"),
)  # fmt: skip
"""What `settle_messages` takes for each message, in this order."""


class Marking:
    """Marks claimed messages of one variant of a run, under one token.

    Args:
        dialect: Of the database.
        rules: The variant's policy.
        owner: Who sends.
        token: What fences the claim.
    """

    def __init__(self, dialect: str, rules: PolicyRules, owner: Owner, token: str) -> None:
        self.dialect = dialect
        self.rules = rules
        self.token = token
        self._statements = write_mark_statements(dialect, rules, owner.sending_seconds)

    def mark(self, connection: Connection, rows: Sequence[Sequence[Any]], now: int) -> set[int]:
        """Mark messages that may still be sent, and move the others away.

        The rows of their addresses are locked first, in the order of their ids, and looked at in
        a statement of its own: counting in the statement that locks would let two campaigns both
        see the last free place under a cap, and locks in any order would wait for each other.

        Args:
            connection: Within a transaction that writes.
            rows: For each message the values of `MARKED`.
            now: The moment, in UTC milliseconds of the injected clock.

        Returns:
            The ids that were marked. Whoever is not among them must not be sent: by now she is
            skipped, cancelled or expired, waits again because the run was paused, or belongs to
            somebody else.
        """
        ids = [row[0] for row in rows]
        if self.dialect != "sqlite":  # there the transaction has the database to itself
            connection.execute(self._statements.lock, {"ids": dump_ids(ids)}).all()
        fence = {"token": self.token, "now": now}
        marked = connection.execute(self._statements.mark, {"rows": dump_rows(rows), **fence})
        found = set(marked.scalars())
        refused = [id for id in ids if id not in found]
        if refused:
            connection.execute(self._statements.move, {"ids": dump_ids(refused), **fence})
        return found


def find_marked(connection: Connection, token: str, ids: Iterable[int]) -> set[int]:
    """Return those of some messages that are marked under a token."""
    found = select(messages.c.id).where(
        messages.c.id.in_(list_ids(connection.dialect.name)),
        is_state("sending"),
        messages.c.lease_token == token,
    )
    return set(connection.execute(found, {"ids": dump_ids(ids)}).scalars())


def settle_messages(connection: Connection, token: str, rows: Sequence[Sequence[Any]]) -> list[int]:
    """Store what the channel answered.

    A truthful answer that comes late still counts: a message that became `unknown` under this
    token, because its owner stood still for too long, takes it.

    Args:
        connection: Within a transaction that writes.
        token: What fences the claim.
        rows: For each message the values of `SETTLED`.

    Returns:
        The ids that moved; the others belong to somebody else by now.
    """
    statement = _write_settlement(connection.dialect.name)
    given = {"rows": dump_rows(rows), "token": token}
    return list(connection.execute(statement, given).scalars())


@cache
def _write_settlement(dialect: str) -> ReturningUpdate[Any]:
    given = list_rows(dialect, SETTLED)
    is_open = given.c.state == "unknown"
    is_untold = given.c.state.in_(("ready", "failed"))
    # An answer that comes late ends the doubt about its own attempt.
    doubts = messages.c.unknowns - case((messages.c.state == "unknown", 1), else_=0)
    end = end_untold(given.c.state, doubts)
    return (
        update(messages)
        .where(
            messages.c.id == given.c.id,
            is_state("claimed", "sending", "unknown"),
            messages.c.lease_token == bindparam("token"),
        )
        .values(
            state=end["state"],
            reason=given.c.reason,
            due_at=func.coalesce(given.c.due_at, messages.c.due_at),
            provider_id=given.c.provider_id,
            last_code=given.c.code,
            last_error=given.c.error,
            unknowns=end["unknowns"] + given.c.unknowns,
            crashes=0,  # whatever its owner died of before, it was not this message
            # Who was certainly not written to does not count under a cap.
            sent_at=case(
                (is_untold, forget_sent_at(doubts + given.c.unknowns)), else_=messages.c.sent_at
            ),
            lease_owner=None,
            lease_token=case((is_open, messages.c.lease_token), else_=null()),
            lease_until=None,
        )
        .returning(messages.c.id)
    )


def give_up_claims(
    connection: Connection, token: str, untold: Iterable[int] = ()
) -> tuple[int, int]:
    """Give back everything that is still held under a token: its channel has ended.

    What is still claimed goes back to ready, as the channel did nothing with it; so does what was
    marked without the channel being told. What else was marked becomes unknown.

    Args:
        connection: Within a transaction that writes.
        token: What fences the claims.
        untold: Messages of whose mark the channel does not know.

    Returns:
        How many went back, and how many became unknown.
    """
    own = messages.c.lease_token == token
    was_untold = messages.c.id.in_(list_ids(connection.dialect.name))
    back = connection.execute(
        update(messages)
        .where(own, is_state("claimed", "sending"), or_(messages.c.state == "claimed", was_untold))
        .values(
            state="ready", attempts=messages.c.attempts - 1, sent_at=forget_sent_at(), **UNLEASED
        ),
        {"ids": dump_ids(untold)},
    )
    lost = connection.execute(
        update(messages)
        .where(own, is_state("sending"))
        .values(
            state="unknown",
            unknowns=messages.c.unknowns + 1,
            last_error="the channel ended without an answer for it",
            lease_owner=None,
            lease_until=None,
        )
    )
    return back.rowcount, lost.rowcount


def resend_unknown(connection: Connection, run_id: int, variant: str | None, *, now: int) -> int:
    """Make unknown messages of a variant ready again; return how many there were.

    One that became unknown too often stays: something about it never lets its answer arrive. The
    run must be open, and kept so by a lock of its row.
    """
    lost = (
        messages.c.run_id == run_id,
        is_variant(variant),
        is_state("unknown"),
        messages.c.unknowns < MOST_UNKNOWNS,
    )
    again = connection.execute(
        update(messages)
        .where(pick_rows(messages, *lost))
        .values(state="ready", due_at=now, **UNLEASED)
    )
    return again.rowcount
