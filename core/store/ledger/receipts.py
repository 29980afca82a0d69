"""The receipt of a run: how many messages are in each state, and whether it adds up."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, exists, func, literal, select

from ..tables import messages, runs
from .choices import Choices, count_choices
from .states import MESSAGE_STATES, is_state


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReceipt:
    """What became of everybody whom the segment gave.

    Attributes:
        audience: How many distinct people that were; None while planning.
        states: How many are in each state; states without anybody are left out.
        skipped: How many were skipped for each reason.
        failed: How many failed for each reason.
        variants: How many messages, skipped ones left out, each variant has.
        adds_up: Whether the states sum up to the audience; None while planning.
        choices: For how many products were chosen so far.
    """

    audience: int | None
    states: dict[str, int]
    skipped: dict[str, int]
    failed: dict[str, int]
    variants: dict[str, int]
    adds_up: bool | None
    choices: Choices


def count_receipt(connection: Connection, run_id: int) -> RunReceipt:
    """Count the receipt of a run, in one picture of the database."""
    audience = connection.execute(select(runs.c.audience).where(runs.c.id == run_id)).scalar()
    grouped = (
        select(messages.c.state, messages.c.reason, messages.c.variant, func.count())
        .where(messages.c.run_id == run_id)
        .group_by(messages.c.state, messages.c.reason, messages.c.variant)
    )
    states = dict.fromkeys(MESSAGE_STATES, 0)
    reasons: dict[str, dict[str, int]] = {"skipped": {}, "failed": {}}
    variants: dict[str, int] = {}
    for state, reason, variant, count in connection.execute(grouped):
        states[state] += count
        if state in reasons:
            reasons[state][reason] = reasons[state].get(reason, 0) + count
        if state != "skipped" and variant is not None:
            variants[variant] = variants.get(variant, 0) + count
    return RunReceipt(
        audience=audience,
        states={state: count for state, count in states.items() if count},
        skipped=dict(sorted(reasons["skipped"].items())),
        failed=dict(sorted(reasons["failed"].items())),
        variants=dict(sorted(variants.items())),
        adds_up=None if audience is None else sum(states.values()) == audience,
        choices=count_choices(connection, run_id),
    )


def has_messages(connection: Connection, run_id: int, *states: str) -> bool:
    """Whether a run has a message in one of these states, each of which has an index."""
    return any(
        connection.execute(
            select(
                exists(
                    select(literal(1)).where(
                        messages.c.run_id == run_id,
                        is_state(state),  # type: ignore[arg-type]
                    )
                )
            )
        ).scalar_one()
        for state in states
    )
