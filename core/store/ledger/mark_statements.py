"""The statements that mark messages: lock the addresses, mark who may be sent, move the others."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Update,
    and_,
    bindparam,
    case,
    null,
    or_,
    select,
    union,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate

from ...policy.looking import Recipient
from ...policy.objections import list_objections
from ...policy.rules import PolicyRules
from ..tables import addresses, messages, runs
from ..tables.columns import Id
from .doubts import end_untold
from .leases import UNLEASED
from .moments import lease_until
from .parameters import list_ids, list_rows
from .states import is_state

MARKED = (("id", "integer"), ("facts", "json"), ("body_hash", "text"))
"""What `Marking.mark` takes for each message, in this order."""

_NOW = bindparam("now", type_=Id)


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkStatements:
    """What marks messages of one variant of a run, whoever does it.

    Attributes:
        lock: Takes `ids`.
        mark: Takes `rows`, `token` and `now`; answers the ids that were marked.
        move: Takes `ids`, `token` and `now`.
    """

    lock: Select[Any]
    mark: ReturningUpdate[Any]
    move: Update


@lru_cache(maxsize=64)
def write_mark_statements(dialect: str, rules: PolicyRules, seconds: float) -> MarkStatements:
    """Return the statements; they are kept, as writing them takes longer than running them.

    Args:
        dialect: Of the database.
        rules: The variant's policy.
        seconds: How long a mark is leased.
    """
    own = and_(is_state("claimed"), messages.c.lease_token == bindparam("token"))
    problem = _find_problem(rules)
    return MarkStatements(
        lock=_write_lock(dialect, rules.campaign),
        mark=_write_mark(dialect, own, problem, seconds),
        move=_write_move(dialect, own, problem),
    )


def _write_lock(dialect: str, campaign: str) -> Select[Any]:
    """Return what locks the addresses of messages, and those of the same people's others.

    Who has another address by now than when an earlier run of the campaign was planned is
    one person all the same: both runs must meet at a lock.
    """
    own, other = messages.alias("own"), messages.alias("other")
    ids = list_ids(dialect)
    of_campaign = select(runs.c.id).where(runs.c.campaign == campaign)
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


def _write_mark(
    dialect: str, own: ColumnElement[bool], problem: ColumnElement[str | None], seconds: float
) -> ReturningUpdate[Any]:
    given = list_rows(dialect, MARKED)
    return (
        update(messages)
        .where(messages.c.id == given.c.id, own, problem.is_(None))
        .values(
            state="sending",
            sent_at=_NOW,
            lease_until=lease_until(seconds),
            facts=given.c.facts,
            body_hash=given.c.body_hash,
        )
        .returning(messages.c.id)
    )


def _find_problem(rules: PolicyRules) -> ColumnElement[str | None]:
    """Return why a message must not be sent; null when it may."""
    run_state = select(runs.c.state).where(runs.c.id == rules.run_id).scalar_subquery()
    recipient = Recipient(
        id=messages.c.recipient, address_id=messages.c.address_id, message_id=messages.c.id
    )
    return case(
        (run_state == "cancelled", "cancelled"),
        (messages.c.expires_at <= _NOW, "expired"),
        *list_objections(rules, recipient, _NOW),
        (run_state.not_in(("running", "waiting")), "paused"),
        else_=null(),
    )


def _write_move(
    dialect: str, own: ColumnElement[bool], problem: ColumnElement[str | None]
) -> Update:
    return (
        update(messages)
        .where(messages.c.id.in_(list_ids(dialect)), own)
        .values(
            **end_untold(
                case(
                    (problem == "cancelled", "cancelled"),
                    (problem == "expired", "expired"),
                    (or_(problem == "paused", problem.is_(None)), "ready"),
                    else_="skipped",
                )
            ),
            reason=case((problem.in_(("cancelled", "expired", "paused")), null()), else_=problem),
            attempts=messages.c.attempts - 1,
            **UNLEASED,
        )
    )
