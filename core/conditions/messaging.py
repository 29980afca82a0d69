"""Builds the functions that look at messages: received, opened, clicked."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select

from ..functions import ConditionSubject
from ..store.ledger.states import is_unasked
from ..store.tables import customers, events, message_events, messages, runs
from .json_values import JsonText

Number = int | Decimal


def build_received(
    subject: ConditionSubject,
    campaign: str | None = None,
    days: Number | None = None,
    at_least: Number = 1,
) -> ColumnElement[bool]:
    """Return whether messages were sent to her."""
    message = messages.alias("sent")
    found = select(literal(1)).where(
        message.c.recipient == subject.id, message.c.state == "sent", is_unasked(message)
    )
    if campaign is not None:
        found = found.where(message.c.run_id.in_(_runs_of(campaign)))
    if days is not None:
        found = found.where(message.c.sent_at > subject.ago(float(days)))
    return _at_least([found], at_least)


def build_opened(subject: ConditionSubject, **which: Any) -> ColumnElement[bool]:
    """Return whether she opened messages."""
    return _answered(subject, "open", **which)


def build_clicked(subject: ConditionSubject, **which: Any) -> ColumnElement[bool]:
    """Return whether she clicked on links of messages."""
    return _answered(subject, "click", **which)


def _answered(
    subject: ConditionSubject,
    kind: str,
    campaign: str | None = None,
    days: Number | None = None,
    at_least: Number = 1,
) -> ColumnElement[bool]:
    """Look among what came back to our messages, and among what was imported from elsewhere."""
    answer, message = message_events.alias("answer"), messages.alias("answered")
    own = (
        select(literal(1))
        .select_from(answer.join(message, message.c.id == answer.c.message_id))
        .where(message.c.recipient == subject.id, answer.c.kind == kind)
    )
    event = events.alias("elsewhere")
    imported = select(literal(1)).where(event.c.customer_id == subject.id, event.c.type == kind)
    if campaign is not None:
        own = own.where(message.c.run_id.in_(_runs_of(campaign)))
        imported = imported.where(JsonText(event.c.properties, "campaign") == campaign)
    if days is not None:
        own = own.where(answer.c.at > subject.ago(float(days)))
        imported = imported.where(event.c.at > subject.ago(float(days)))
    return _at_least([own, imported], at_least)


def _at_least(found: list[Select[Any]], number: Number) -> ColumnElement[bool]:
    if number <= 1:
        first, *others = (one.correlate(customers).exists() for one in found)
        for other in others:
            first = first | other  # type: ignore[assignment]
        return first
    counted = [
        one.with_only_columns(func.count()).correlate(customers).scalar_subquery() for one in found
    ]
    total: ColumnElement[Any] = counted[0]
    for count in counted[1:]:
        total = total + count
    return total >= number


def _runs_of(campaign: str) -> Select[Any]:
    return select(runs.c.id).where(runs.c.campaign == campaign)
