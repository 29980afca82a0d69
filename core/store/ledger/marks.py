"""Marks and receipts: the moves around the point of no return, a group of messages at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Update,
    and_,
    bindparam,
    case,
    func,
    null,
    or_,
    select,
    union,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate

from ...policy.objections import Recipient, list_objections
from ...policy.rules import PolicyRules
from ..tables import addresses, messages, runs
from ..tables.columns import Id
from .doubts import MOST_UNKNOWNS, end_untold, forget_sent_at
from .moments import lease_until
from .owners import Owner
from .parameters import dump_ids, dump_rows, list_ids, list_rows
from .picking import pick_rows
from .states import is_state, is_variant

MARKED = (("id", "integer"), ("facts", "json"), ("body_hash", "text"))
"""What `mark_messages` takes for each message, in this order."""

SETTLED = (
    ("id", "integer"), ("state", "text"), ("reason", "text"), ("due_at", "integer"),
    ("provider_id", "text"), ("code", "text"), ("error", "text"), ("unknowns", "integer"),
)  # fmt: skip
"""What `settle_messages` takes for each message, in this order."""

UNLEASED: dict[str, Any] = {"lease_owner": None, "lease_token": None, "lease_until": None}


_NOW = bindparam("now", type_=Id)


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
        # Made once: building them takes longer than running them.
        self._problem = self._find_problem()
        self._own = and_(is_state("claimed"), messages.c.lease_token == token)
        self._lock = self._write_lock()
        self._mark = self._write_mark(owner.sending_seconds)
        self._move = self._write_move()

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
            connection.execute(self._lock, {"ids": dump_ids(ids)}).all()
        marked = connection.execute(self._mark, {"rows": dump_rows(rows), "now": now})
        found = set(marked.scalars())
        refused = [id for id in ids if id not in found]
        if refused:
            connection.execute(self._move, {"ids": dump_ids(refused), "now": now})
        return found

    def _write_lock(self) -> Select[Any]:
        """Return what locks the addresses of messages, and those of the same people's others.

        Who has another address by now than when an earlier run of the campaign was planned is
        one person all the same: both runs must meet at a lock.
        """
        own, other = messages.alias("own"), messages.alias("other")
        ids = list_ids(self.dialect)
        of_campaign = select(runs.c.id).where(runs.c.campaign == self.rules.campaign)
        involved = union(
            select(own.c.address_id).where(own.c.id.in_(ids)),
            select(other.c.address_id)
            .join(own, own.c.recipient == other.c.recipient)
            .where(own.c.id.in_(ids), other.c.run_id.in_(of_campaign)),
        )
        return (
            select(addresses.c.id)
            .where(addresses.c.id.in_(involved))
            .order_by(addresses.c.id)
            .with_for_update(key_share=True)
        )

    def _write_mark(self, seconds: float) -> ReturningUpdate[Any]:
        given = list_rows(self.dialect, MARKED)
        return (
            update(messages)
            .where(messages.c.id == given.c.id, self._own, self._problem.is_(None))
            .values(
                state="sending",
                sent_at=_NOW,
                lease_until=lease_until(seconds),
                facts=given.c.facts,
                body_hash=given.c.body_hash,
            )
            .returning(messages.c.id)
        )

    def _find_problem(self) -> ColumnElement[str | None]:
        """Return why a message must not be sent; null when it may."""
        run_state = select(runs.c.state).where(runs.c.id == self.rules.run_id).scalar_subquery()
        recipient = Recipient(
            id=messages.c.recipient, address_id=messages.c.address_id, message_id=messages.c.id
        )
        return case(
            (run_state == "cancelled", "cancelled"),
            (messages.c.expires_at <= _NOW, "expired"),
            *list_objections(self.rules, recipient, _NOW),
            (run_state.not_in(("running", "waiting")), "paused"),
            else_=null(),
        )

    def _write_move(self) -> Update:
        problem = self._problem
        return (
            update(messages)
            .where(messages.c.id.in_(list_ids(self.dialect)), self._own)
            .values(
                **end_untold(
                    case(
                        (problem == "cancelled", "cancelled"),
                        (problem == "expired", "expired"),
                        (or_(problem == "paused", problem.is_(None)), "ready"),
                        else_="skipped",
                    )
                ),
                reason=case(
                    (problem.in_(("cancelled", "expired", "paused")), null()), else_=problem
                ),
                attempts=messages.c.attempts - 1,
                **UNLEASED,
            )
        )


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
