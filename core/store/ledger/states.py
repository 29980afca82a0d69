"""The states of runs, batches and messages, and which of them mean what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from sqlalchemy import ColumnElement, FromClause, and_, false, literal_column

from ..tables import messages

MessageState = Literal[
    "planned", "ready", "held", "claimed", "sending",
    "sent", "failed", "unknown", "skipped", "cancelled", "expired",
]  # fmt: skip
RunState = Literal["planning", "running", "waiting", "paused", "finished", "cancelled"]

MESSAGE_STATES: tuple[MessageState, ...] = (
    "planned", "held", "ready", "claimed", "sending",
    "sent", "failed", "unknown", "skipped", "cancelled", "expired",
)  # fmt: skip
"""In the order in which a receipt shows them."""

ON_THE_WAY = ("planned", "held", "ready", "claimed", "sending")
"""Somebody, or time, still has to move these; a run with any of them is not finished."""

UNTOLD = ("planned", "held", "ready", "claimed")
"""Nothing about these was told to the world yet, so they can be taken back."""

WRITTEN_TO = ("sending", "sent", "unknown")
"""The recipient has the message, or may have it: what caps and `again` count."""

OPEN_RUNS: tuple[RunState, ...] = ("planning", "running", "waiting", "paused")
"""A run that is not through."""

WORKING_RUNS: tuple[RunState, ...] = ("running", "waiting")
"""A run whose messages may leave when they are due."""

REPLY, HANDOFF = "reply", "handoff"
"""The steps of a standing run: what whoever wrote gets, and what a person of ours gets."""

FAILURES = {
    "refused": "the channel said that it will never take it",
    "too_many_attempts": "the channel put it off again and again, for about a day",
    "render_failed": "the channel could not make its content",
    "plugin_failed": "a plugin failed on it, also when it was tried alone",
    "gave_up": "a stage waited for longer than policy.give_up, and there is no fallback",
    "crashed": "whoever worked on it died, four times",
}
"""Why a message failed, in words."""


_INDEXED_TOGETHER: tuple[tuple[MessageState, ...], ...] = (
    ("claimed", "sending"),
    ("held", "unknown"),
)


def is_state(*states: MessageState) -> ColumnElement[bool]:
    """Return whether a message is in one of these states.

    The states stand in the statement itself, and beside them the condition of the partial index
    that holds them: SQLite finds that an index serves only when its own words are there.
    """
    listed: list[ColumnElement[str]] = [literal_column(f"'{state}'") for state in states]
    if len(states) > 1:
        return messages.c.state.in_(listed)
    [only] = states
    for group in _INDEXED_TOGETHER:
        if only in group:
            return and_(is_state(*group), messages.c.state == listed[0])
    return messages.c.state == listed[0]


def is_unasked(table: FromClause = messages) -> ColumnElement[bool]:
    """Return whether a message is one that nobody asked for: those alone count under caps."""
    return table.c.step.not_in((REPLY, HANDOFF))


def is_variant(name: str | None) -> ColumnElement[bool]:
    """Return whether a message is of a variant, in the form that an index serves."""
    return messages.c.variant.is_(None) if name is None else messages.c.variant == name


def list_prepared(variants: Sequence[str | None]) -> tuple[ColumnElement[bool], ...]:
    """Return which messages are to be prepared: those for which any of these conditions holds.

    Each for itself is in the form that the index of what is planned serves, also where a million
    others wait for their variant; together they are not.

    Args:
        variants: The names of the run's variants; one that is None without an experiment.
    """
    planned = is_state("planned")
    if None in variants:
        return (planned,)
    is_loose = messages.c.batch_id.is_(None)
    return (
        and_(planned, messages.c.batch_id > 0),
        and_(planned, is_loose, messages.c.variant > ""),
    )


def waits_for_variant(variants: Sequence[str | None]) -> ColumnElement[bool]:
    """Return whether a planned message has no variant yet, as its wave is not open."""
    if None in variants:
        return false()
    return and_(messages.c.batch_id.is_(None), messages.c.variant.is_(None))
