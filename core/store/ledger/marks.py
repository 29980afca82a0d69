"""Marks and receipts: the moves around the point of no return, a group of messages at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    case,
    func,
    null,
    or_,
    select,
    update,
)

from ...policy.objections import Recipient, list_objections
from ...policy.rules import PolicyRules
from ..tables import addresses, messages, runs
from .batches import is_variant
from .moments import lease_until
from .owners import Owner
from .parameters import dump_ids, dump_rows, list_ids, list_rows
from .states import is_state

MARKED = (("id", "integer"), ("facts", "json"), ("body_hash", "text"))
"""What `mark_messages` takes for each message, in this order."""

SETTLED = (
    ("id", "integer"), ("state", "text"), ("reason", "text"), ("due_at", "integer"),
    ("provider_id", "text"), ("code", "text"), ("error", "text"), ("unknowns", "integer"),
)  # fmt: skip
"""What `settle_messages` takes for each message, in this order."""

MOST_UNKNOWNS = 3
"""How often a message is sent again of which nobody knows whether it is out."""

UNLEASED: dict[str, Any] = {"lease_owner": None, "lease_token": None, "lease_until": None}


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
        self._seconds = owner.sending_seconds

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
        self._lock(connection, ids)
        given = list_rows(self.dialect, MARKED)
        marked = (
            update(messages)
            .where(
                messages.c.id == given.c.id,
                is_state("claimed"),
                messages.c.lease_token == self.token,
                self._find_problem(now).is_(None),
            )
            .values(
                state="sending",
                sent_at=now,
                lease_until=lease_until(self._seconds),
                facts=given.c.facts,
                body_hash=given.c.body_hash,
            )
            .returning(messages.c.id)
        )
        found = set(connection.execute(marked, {"rows": dump_rows(rows)}).scalars())
        refused = [id for id in ids if id not in found]
        if refused:
            self._move_away(connection, refused, now)
        return found

    def _lock(self, connection: Connection, ids: list[int]) -> None:
        if self.dialect == "sqlite":
            return  # the transaction has the database to itself
        of_messages = select(messages.c.address_id).where(messages.c.id.in_(list_ids(self.dialect)))
        locked = (
            select(addresses.c.id)
            .where(addresses.c.id.in_(of_messages))
            .order_by(addresses.c.id)
            .with_for_update()
        )
        connection.execute(locked, {"ids": dump_ids(ids)}).all()

    def _find_problem(self, now: int) -> ColumnElement[str | None]:
        """Return why a message must not be sent; null when it may."""
        run_state = select(runs.c.state).where(runs.c.id == self.rules.run_id).scalar_subquery()
        recipient = Recipient(
            id=messages.c.recipient, address_id=messages.c.address_id, message_id=messages.c.id
        )
        return case(
            (run_state == "cancelled", "cancelled"),
            (messages.c.expires_at <= now, "expired"),
            *list_objections(self.rules, recipient, now),
            (run_state.not_in(("running", "waiting")), "paused"),
            else_=null(),
        )

    def _move_away(self, connection: Connection, ids: list[int], now: int) -> None:
        problem = self._find_problem(now)
        connection.execute(
            update(messages)
            .where(
                messages.c.id.in_(list_ids(self.dialect)),
                is_state("claimed"),
                messages.c.lease_token == self.token,
            )
            .values(
                state=case(
                    (problem == "cancelled", "cancelled"),
                    (problem == "expired", "expired"),
                    (or_(problem == "paused", problem.is_(None)), "ready"),
                    else_="skipped",
                ),
                reason=case(
                    (problem.in_(("cancelled", "expired", "paused")), null()), else_=problem
                ),
                attempts=messages.c.attempts - 1,
                **UNLEASED,
            ),
            {"ids": dump_ids(ids)},
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
    given = list_rows(connection.dialect.name, SETTLED)
    is_open = given.c.state == "unknown"
    settled = (
        update(messages)
        .where(
            messages.c.id == given.c.id,
            is_state("claimed", "sending", "unknown"),
            messages.c.lease_token == token,
        )
        .values(
            state=given.c.state,
            reason=given.c.reason,
            due_at=func.coalesce(given.c.due_at, messages.c.due_at),
            provider_id=given.c.provider_id,
            last_code=given.c.code,
            last_error=given.c.error,
            unknowns=messages.c.unknowns + given.c.unknowns,
            # Who was certainly not written to does not count under a cap.
            sent_at=case(
                (given.c.state.in_(("ready", "failed")), null()), else_=messages.c.sent_at
            ),
            lease_owner=None,
            lease_token=case((is_open, messages.c.lease_token), else_=null()),
            lease_until=None,
        )
        .returning(messages.c.id)
    )
    return list(connection.execute(settled, {"rows": dump_rows(rows)}).scalars())


def give_up_claims(connection: Connection, token: str, ids: Iterable[int]) -> tuple[int, int]:
    """Do what is due for messages that a channel neither settled nor gave back.

    What is still claimed goes back to ready, as its channel did nothing with it; what was marked
    and not settled becomes unknown.

    Returns:
        How many went back, and how many became unknown.
    """
    given = {"ids": dump_ids(ids)}
    own = and_(
        messages.c.id.in_(list_ids(connection.dialect.name)), messages.c.lease_token == token
    )
    back = connection.execute(
        update(messages)
        .where(own, is_state("claimed"))
        .values(state="ready", attempts=messages.c.attempts - 1, **UNLEASED),
        given,
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
        ),
        given,
    )
    return back.rowcount, lost.rowcount


def resend_unknown(connection: Connection, run_id: int, variant: str | None, *, now: int) -> int:
    """Make unknown messages of a variant ready again; return how many there were.

    One that became unknown too often stays: something about it never lets its answer arrive.
    """
    again = connection.execute(
        update(messages)
        .where(
            messages.c.run_id == run_id,
            is_variant(variant),
            is_state("unknown"),
            messages.c.unknowns < MOST_UNKNOWNS,
        )
        .values(state="ready", due_at=now, sent_at=None, **UNLEASED)
    )
    return again.rowcount
