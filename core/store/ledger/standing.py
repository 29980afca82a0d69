"""Standing runs: one for each inbox, whose messages come one by one and which is never through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, or_, select, update

from ..bulk import insert_rows
from ..tables import customers, enquiries, messages, owners, runs
from .leases import UNLEASED
from .moments import DatabaseNow, lease_until
from .owners import Owner
from .parameters import dump_json
from .picking import pick_rows
from .runs import RunRow, add_details, find_open_runs
from .states import OPEN_RUNS, REPLY, WORKING_RUNS, is_state

STANDING = "inbox"
"""Where a standing run keeps the name of its inbox."""

CLOSING = "closing"
"""Where it keeps that another one took its place: it ends when nothing is left to do."""

ANSWER_SECONDS = 900.0
"""How long somebody may be at work on a reply before others think that she is not."""

_COLUMNS = (
    "run_id", "recipient", "step", "entry", "address_id", "channel", "state", "reason", "due_at",
    "content", "created_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenRow:
    """A mail that waits for its reply.

    Attributes:
        id: The message's id.
        recipient: The customer's id, or the negative id of the address.
        address_id: Where the reply goes; None when the address was erased.
        entry: The enquiry's key.
        content: What is known of the mail; None when it was erased.
    """

    id: int
    recipient: int
    address_id: int | None
    entry: str
    content: Any


def is_standing(details: Mapping[str, Any]) -> bool:
    """Whether a run is the standing one of an inbox."""
    return STANDING in details


def name_standing(inbox: str) -> str:
    """Return the campaign's name of an inbox's runs; a recipe cannot have such a one."""
    return f"inbox:{inbox}"


def find_standing(connection: Connection, inbox: str) -> list[RunRow]:
    """Return the open runs of an inbox, the newest first: the others are closing."""
    return find_open_runs(connection, name_standing(inbox))


def close_standing(connection: Connection, run_id: int) -> None:
    """Let a standing run end when nothing is left to do."""
    add_details(connection, run_id, {CLOSING: True})


def start_standing(connection: Connection, run_id: int) -> None:
    """Let a new standing run run, as there is nothing to plan."""
    started = update(runs).where(runs.c.id == run_id, runs.c.state == "planning")
    connection.execute(started.values(state="running", audience=0))


def move_unsent(connection: Connection, before: int, after: int) -> None:
    """Move what was not tried yet from a standing run to the one that takes its place."""
    moved = connection.execute(
        update(messages)
        .where(
            messages.c.run_id == before,
            or_(is_state("planned"), is_state("ready")),
            messages.c.facts.is_(None),
        )
        .values(run_id=after, **UNLEASED)
    ).rowcount
    for run_id, change in ((before, -moved), (after, moved)):
        connection.execute(
            update(runs).where(runs.c.id == run_id).values(audience=runs.c.audience + change)
        )


def add_answer(
    connection: Connection,
    run_id: int,
    *,
    recipient: int,
    step: str,
    entry: str,
    address_id: int,
    channel: str,
    state: str,
    content: Any,
    now: int,
) -> bool:
    """Add the message that a mail gets; False when it has one, or the run is no longer open.

    Args:
        connection: Within a transaction that writes.
        run_id: The standing run.
        recipient: As in the table.
        step: `reply` or `handoff`.
        entry: The enquiry's key.
        address_id: Where it goes.
        channel: The channel's name.
        state: `planned` while it is not written, else `ready`.
        content: What is kept of it.
        now: The moment, in UTC milliseconds.
    """
    counted = connection.execute(
        update(runs)
        .where(runs.c.id == run_id, runs.c.state.in_(OPEN_RUNS))
        .values(audience=func.coalesce(runs.c.audience, 0) + 1)
    )
    if not counted.rowcount:
        return False
    values = (
        run_id, recipient, step, entry, address_id, channel, state, None, now,
        dump_json(content), now,
    )  # fmt: skip
    if insert_rows(connection, messages, _COLUMNS, [values]):
        return True
    connection.execute(update(runs).where(runs.c.id == run_id).values(audience=runs.c.audience - 1))
    return False


def has_answer(connection: Connection, entry: str) -> bool:
    """Whether a mail was taken before, by whichever inbox."""
    found = select(messages.c.id).where(messages.c.entry == entry, messages.c.step == REPLY)
    return connection.execute(found.limit(1)).first() is not None


def count_answers_to(connection: Connection, recipient: int, since: int) -> int:
    """Return how many mails of somebody were taken since a moment; see `TakenRow.recipient`."""
    counted = select(func.count()).where(
        messages.c.recipient == recipient,
        messages.c.step == REPLY,
        messages.c.created_at > since,
    )
    return int(connection.execute(counted).scalar_one())


def find_enquiry_of(connection: Connection, message_id: int) -> tuple[str, int | None] | None:
    """Return the conversation of the mail that a message answered, and where the answer went."""
    found = (
        select(enquiries.c.conversation, messages.c.address_id)
        .select_from(messages.join(enquiries, enquiries.c.key == messages.c.entry))
        .where(messages.c.id == message_id, messages.c.step == REPLY)
    )
    row = connection.execute(found).first()
    return None if row is None or row[0] is None else (row[0], row[1])


def take_unanswered(
    connection: Connection, run_id: int, owner: Owner, token: str, *, most: int
) -> list[TakenRow]:
    """Take mails that wait for their reply, so that nobody else writes it at the same time.

    It is a courtesy: what is written is fenced by the row's state. What a dead owner took is free
    as soon as the sweep has noticed.
    """
    free = or_(
        messages.c.lease_token.is_(None),
        messages.c.lease_until < DatabaseNow(),
        messages.c.lease_owner.not_in(select(owners.c.id)),
    )
    first = (
        select(messages.c.id)
        .where(messages.c.run_id == run_id, is_state("planned"), free)
        .where(select(runs.c.state).where(runs.c.id == run_id).scalar_subquery().in_(WORKING_RUNS))
        .order_by(messages.c.id)
        .limit(most)
        .with_for_update(skip_locked=True)
        .cte("first_ones")
    )
    taken = connection.execute(
        update(messages)
        .where(messages.c.id.in_(select(first.c.id)))
        .values(lease_owner=owner.id, lease_token=token, lease_until=lease_until(ANSWER_SECONDS))
        .returning(*(messages.c[name] for name in TakenRow.__slots__))
    )
    return sorted((TakenRow(**row._mapping) for row in taken), key=lambda row: row.id)


def leave_unanswered(connection: Connection, token: str) -> None:
    """Give back the mails that were taken and got no reply."""
    held = pick_rows(messages, is_state("planned"), messages.c.lease_token == token)
    connection.execute(update(messages).where(held).values(**UNLEASED))


def settle_answer(
    connection: Connection,
    message_id: int,
    state: str,
    *,
    reason: str | None,
    content: Any,
    now: int,
) -> bool:
    """Say what becomes of a mail that waited for its reply; False when it was said before.

    Args:
        connection: Within a transaction that writes.
        message_id: The message.
        state: `ready`, or `skipped`.
        reason: Why it is skipped.
        content: What is to be sent, or was to be answered.
        now: The moment from which it may leave, in UTC milliseconds.
    """
    moved = connection.execute(
        update(messages)
        .where(messages.c.id == message_id, is_state("planned"))
        .values(state=state, reason=reason, content=content, due_at=now, **UNLEASED)
    )
    return moved.rowcount == 1


def count_unanswered(connection: Connection, run_ids: Sequence[int]) -> int:
    """Return how many mails of some runs wait for their reply."""
    counted = select(func.count()).where(messages.c.run_id.in_(list(run_ids)), is_state("planned"))
    return int(connection.execute(counted).scalar_one())


def find_address_owner(connection: Connection, address_id: int) -> int | None:
    """Return the customer with an e-mail address; None when nobody has it, or several do."""
    found = select(customers.c.id).where(
        customers.c.email_id == address_id, customers.c.erased_at.is_(None)
    )
    ids: list[Any] = list(connection.execute(found.limit(2)).scalars())
    return ids[0] if len(ids) == 1 else None


def read_enquiries(connection: Connection, keys: Sequence[str]) -> dict[str, Any]:
    """Return the enquiries with these keys; those that were erased are left out."""
    found = select(enquiries).where(enquiries.c.key.in_(list(keys)), enquiries.c.text.is_not(None))
    return {row.key: row for row in connection.execute(found)}
