"""What a person decides about messages: failed ones again, unknown ones, those that are held."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, func, select

from ..errors import DataError
from ..store.audit import record_audit
from ..store.engine import Store
from ..store.ledger.bulk_moves import move_messages
from ..store.ledger.history import APPROVED, RESOLVED, RETRIED
from ..store.ledger.leases import UNLEASED
from ..store.ledger.parameters import dump_ids, list_ids
from ..store.ledger.runs import RunRow, read_run, reopen_run
from ..store.ledger.states import is_state
from ..store.tables import messages
from .content import Content, load_content
from .controlling import refuse

Resolution = Literal["sent", "resend"]

UNPREPARED = ("plugin_failed", "gave_up")
"""Reasons of messages that failed before there was anything to send."""

AFRESH: dict[str, Any] = {
    "reason": None, "attempts": 0, "unknowns": 0, "crashes": 0, "sent_at": None,
    "last_code": None, "last_error": None, **UNLEASED,
}  # fmt: skip
"""What a message gets that is tried as if for the first time."""

IN_DOUBT = {name: value for name, value in AFRESH.items() if name != "sent_at"} | {"unknowns": 1}
"""The same for one that may be out already: when it is not sent after all, it still may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What came of a decision.

    Attributes:
        messages: How many messages it was carried out on.
        skipped: How many were skipped instead.
        row: The run as it is now.
    """

    messages: int
    skipped: int = 0
    row: RunRow


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldMessage:
    """A message that waits for approval.

    Attributes:
        customer: Our id of the recipient.
        variant: The variant; None without an experiment.
        fields: Its copy, with slots that are not filled yet.
        objections: What reviewers have against it, each with the field it stands in.
    """

    customer: int
    variant: str | None
    fields: Mapping[str, str]
    objections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """How many messages wait for approval, and the first of them."""

    count: int
    messages: tuple[HeldMessage, ...]


def retry_failed(store: Store, run_id: int, *, now: int) -> Decided:
    """Try the failed messages of a run again, and no others.

    What failed before there was anything to send is prepared anew. A finished run is running
    again; policy is asked again at each mark.

    Args:
        store: An open store.
        run_id: The run.
        now: The moment, in UTC milliseconds.

    Raises:
        DataError: There is no such run.
        BallyhooError: It was cancelled, or is not planned yet.
    """
    row, count = _look(store, run_id, "failed")
    if row.state in ("cancelled", "planning"):
        raise refuse(row, "retried")
    if not count:
        return Decided(messages=0, row=row)
    _audit(store, run_id, "run.retry", count)
    is_unprepared = messages.c.reason.in_(UNPREPARED)
    moves = (
        (is_unprepared, {**AFRESH, "state": "planned", "batch_id": None, "due_at": now}),
        (~func.coalesce(is_unprepared, False), {**AFRESH, "state": "ready", "due_at": now}),
    )
    moved = sum(
        move_messages(
            store, run_id, is_state("failed") & fits, values,
            also=_reopen(run_id), history=(RETRIED, now, {}),
        )
        for fits, values in moves
    )  # fmt: skip
    return Decided(messages=moved, row=_read(store, run_id))


def resolve_unknown(store: Store, run_id: int, resolution: Resolution, *, now: int) -> Decided:
    """Say of the messages that may be out or not what they are, and of no others.

    Args:
        store: An open store.
        run_id: The run.
        resolution: `sent`: they count as sent; `resend`: they are sent again, under the same key.
        now: The moment, in UTC milliseconds.

    Raises:
        DataError: There is no such run.
        BallyhooError: It was cancelled, and they were to be sent again.
    """
    row, count = _look(store, run_id, "unknown")
    if row.state == "cancelled" and resolution == "resend":
        raise refuse(row, "resent")
    if not count:
        return Decided(messages=0, row=row)
    _audit(store, run_id, "run.resolve", count, resolution=resolution)
    values = {"state": "sent", "reason": None, **UNLEASED}
    if resolution == "resend":
        values = {**IN_DOUBT, "state": "ready", "due_at": now}
    moved = move_messages(
        store, run_id, is_state("unknown"), values,
        also=_reopen(run_id) if resolution == "resend" else None,
        history=(RESOLVED, now, {"as": resolution}),
    )  # fmt: skip
    return Decided(messages=moved, row=_read(store, run_id))


def approve_held(store: Store, run_id: int, *, now: int, skip: Sequence[int] = ()) -> Decided:
    """Let the held messages of a run leave, but for those of some customers, who are skipped.

    Args:
        store: An open store.
        run_id: The run.
        now: The moment, in UTC milliseconds.
        skip: Ids of customers.

    Raises:
        DataError: There is no such run, or somebody who is to be skipped has no held message;
            nothing is done then.
        BallyhooError: It is through.
    """
    row, count = _look(store, run_id, "held")
    if row.state in ("cancelled", "finished", "planning"):
        raise refuse(row, "approved")
    _require_held(store, run_id, skip)
    if not count:
        return Decided(messages=0, row=row)
    _audit(store, run_id, "run.approve", count, skipped=sorted(set(skip)))
    skipped = 0
    if skip:
        skipped = move_messages(
            store, run_id, is_state("held") & messages.c.recipient.in_(list(set(skip))),
            {"state": "skipped", "reason": "not_approved"},
            history=(RESOLVED, now, {"as": "skipped"}),
        )  # fmt: skip
    moved = move_messages(
        store, run_id, is_state("held"), {"state": "ready"}, history=(APPROVED, now, {})
    )
    return Decided(messages=moved, skipped=skipped, row=_read(store, run_id))


def show_held(store: Store, run_id: int, *, most: int = 20) -> Held:
    """Return the messages of a run that wait for approval, with their copy as it is now.

    Args:
        store: An open store.
        run_id: The run.
        most: How many to show at most.

    Raises:
        DataError: There is no such run.
    """
    _, count = _look(store, run_id, "held")
    columns = (messages.c.recipient, messages.c.variant, messages.c.content)
    first = (
        select(*columns)
        .where(messages.c.run_id == run_id, is_state("held"))
        .order_by(messages.c.id)
        .limit(most)
    )
    with store.read() as connection:
        rows = connection.execute(first).all()
    shown = []
    for row in rows:
        content = load_content(row.content)
        fields = content.copy.fields if content.copy is not None else {}
        shown.append(
            HeldMessage(
                customer=row.recipient,
                variant=row.variant,
                fields=fields,
                objections=_list_objections(content, fields),
            )
        )
    return Held(count=count, messages=tuple(shown))


def _list_objections(content: Content, fields: Mapping[str, str]) -> tuple[str, ...]:
    if not content.is_refused:
        return ()
    return tuple(
        f"{one['field']}: {one['message']}" if one["field"] else one["message"]
        for tried in content.refused
        if tried["fields"] == fields
        for one in tried["objections"]
    )


def _reopen(run_id: int) -> Callable[[Connection], None]:
    """Return what makes a finished run run again, in the transaction that gives it work."""
    return lambda connection: reopen_run(connection, run_id)


def _look(
    store: Store, run_id: int, state: Literal["failed", "unknown", "held"]
) -> tuple[RunRow, int]:
    counted = select(func.count()).where(messages.c.run_id == run_id, is_state(state))
    with store.read() as connection:
        return read_run(connection, run_id), connection.execute(counted).scalar_one()


def _read(store: Store, run_id: int) -> RunRow:
    with store.read() as connection:
        return read_run(connection, run_id)


def _audit(store: Store, run_id: int, action: str, count: int, **details: Any) -> None:
    with store.begin() as connection:
        record_audit(connection, action, str(run_id), details={"messages": count, **details})


def _require_held(store: Store, run_id: int, customers: Sequence[int]) -> None:
    held = select(messages.c.recipient).where(
        messages.c.run_id == run_id,
        is_state("held"),
        messages.c.recipient.in_(list_ids(store.dialect)),
    )
    with store.read() as connection:
        found = set(connection.execute(held, {"ids": dump_ids(customers)}).scalars())
    missing = [one for one in customers if one not in found]
    if missing:
        listed = ", ".join(str(one) for one in dict.fromkeys(missing))
        raise DataError(
            f"run {run_id} holds no message for customer {listed}; nothing was approved",
            hint=f"'ballyhoo approve {run_id} --show' lists what it holds",
        )
