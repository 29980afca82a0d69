"""Reads what came of a test's runs: each customer's message, and each run as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from ..engine.content import Content, load_content
from ..message import Message
from ..store.ledger.receipts import RunReceipt, count_receipt
from ..store.ledger.runs import RunRow, read_run
from ..store.ledger.states import WRITTEN_TO
from ..store.reading import from_moment
from ..store.tables import batches, customers, messages, skus
from .trial import Trial


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a customer's message in one run.

    Attributes:
        customer: Her key.
        id: Our id of her.
        state: Of the message; None when the segment did not select her.
        reason: Why it is in that state, or None.
        variant: Her variant, or None.
        due_at: When it may leave, or None.
        sent_at: When it was sent, or None.
        attempts: How often it was tried.
        error: What the channel, or the plugin that prepared it, said last, or None.
        content: What was prepared.
        products: The skus of its products, best first.
        message: What left, when it did.
    """

    customer: str
    id: int
    state: str | None = None
    reason: str | None = None
    variant: str | None = None
    due_at: datetime | None = None
    sent_at: datetime | None = None
    attempts: int = 0
    error: str | None = None
    content: Content | None = None
    products: tuple[str, ...] = ()
    message: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOutcome:
    """What came of one run as a whole."""

    row: RunRow
    receipt: RunReceipt
    next_due_at: datetime | None
    waits_for: str | None


def read_outcome(trial: Trial, run_id: int, customer: str) -> Outcome:
    """Return what came of a customer's message in a run."""
    found = (
        select(
            customers.c.id.label("customer_id"),
            messages,
            func.coalesce(messages.c.last_error, batches.c.last_error).label("error"),
        )
        .select_from(
            customers.outerjoin(
                messages, (messages.c.recipient == customers.c.id) & (messages.c.run_id == run_id)
            ).outerjoin(batches, batches.c.id == messages.c.batch_id)
        )
        .where(customers.c.key == customer)
    )
    with trial.store.read() as connection:
        row = connection.execute(found).one()
        if row.state is None:
            return Outcome(customer=customer, id=row.customer_id)
        content = load_content(row.content)
        ids = [one.id for one in content.products]
        named = select(skus.c.product_id, skus.c.sku).where(
            skus.c.product_id.in_(ids), skus.c.variant_id.is_(None)
        )
        sku_of = {row.product_id: row.sku for row in connection.execute(named)}
    return Outcome(
        customer=customer,
        id=row.customer_id,
        state=row.state,
        reason=row.reason,
        variant=row.variant,
        due_at=_read_moment(row.due_at),
        sent_at=_read_moment(row.sent_at),
        attempts=row.attempts,
        error=row.error,
        content=content,
        products=tuple(sku_of.get(id, str(id)) for id in ids),
        message=trial.capture.messages.get(row.id) if row.state in WRITTEN_TO else None,
    )


def count_messages(trial: Trial, customer: str) -> int:
    """Return how many messages a customer got, over all runs of the test."""
    counted = (
        select(func.count())
        .select_from(messages.join(customers, customers.c.id == messages.c.recipient))
        .where(
            customers.c.key == customer,
            messages.c.run_id.in_(trial.runs),
            messages.c.state.in_(WRITTEN_TO),
        )
    )
    with trial.store.read() as connection:
        return connection.execute(counted).scalar_one()


def read_run_outcome(trial: Trial, run_id: int) -> RunOutcome:
    """Return what came of a run."""
    with trial.store.read() as connection:
        row = read_run(connection, run_id)
        receipt = count_receipt(connection, run_id)
    end = trial.ends.get(run_id)
    return RunOutcome(
        row=row,
        receipt=receipt,
        next_due_at=None if end is None else _read_moment(end.next_due_at),
        waits_for=None if end is None else end.waits_for,
    )


def list_outcomes(trial: Trial, run_id: int) -> list[Outcome]:
    """Return what came of everybody in a run, in the order of their ids."""
    found = (
        select(customers.c.key)
        .join(messages, messages.c.recipient == customers.c.id)
        .where(messages.c.run_id == run_id, customers.c.key.is_not(None))
        .order_by(customers.c.id)
    )
    with trial.store.read() as connection:
        keys = list(connection.execute(found).scalars())
    return [read_outcome(trial, run_id, key) for key in keys]


def read_text(message: Message) -> str:
    """Return all that was rendered as text; of an e-mail its headers and its readable parts."""
    content = message.content
    head = content[:4096].lower()
    if b"mime-version:" not in head:
        return content.decode("utf-8", "replace")
    from email import message_from_bytes, policy

    mail: Any = message_from_bytes(content, policy=policy.default)
    parts = [f"{name}: {value}" for name, value in mail.items()]
    for part in mail.walk():
        if part.get_content_maintype() == "text":
            parts.append(part.get_content())
    return "\n".join(parts)


def _read_moment(at: int | None) -> datetime | None:
    return None if at is None else from_moment(at)
