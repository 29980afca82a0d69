"""Variants that were stopped: which, why, and their messages that go to the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, literal, or_, select, update

from ..tables import customers, messages
from .history import MOVED, add_history
from .parameters import dump_rows, list_rows
from .runs import note_details
from .states import is_state
from .waves import ASSIGNED, WAVES, WaitingRow, lock_working

STOPPED = "stopped"
"""Where a run keeps which variants were stopped, each with `reason` and `at`, and with `moved`: by
wave, how many of its messages went to which other variant."""

STOPPED_ALL = "all_stopped"
"""Where a run keeps that all of its variants were beyond their limits, and it was paused."""


def read_stopped(details: Mapping[str, Any]) -> dict[str, str]:
    """Return why variants of a run were stopped, by name; empty when none was."""
    return {name: one["reason"] for name, one in details.get(STOPPED, {}).items()}


def read_moved(details: Mapping[str, Any]) -> dict[int, dict[str, Counter[str]]]:
    """Return how many messages went from a stopped variant to which other, by wave.

    Who counts how people were drawn takes them back.
    """
    found: dict[int, dict[str, Counter[str]]] = {}
    for name, one in details.get(STOPPED, {}).items():
        for wave, counts in one.get("moved", {}).items():
            found.setdefault(int(wave), {})[name] = Counter(counts)
    return found


def stop_variants(
    connection: Connection, run_id: int, reasons: Mapping[str, str], *, at: int
) -> list[str]:
    """Note that variants of a run are stopped, once; return those that were not before.

    Args:
        connection: Within a transaction that writes.
        run_id: The run.
        reasons: Why, by the name of each.
        at: When, in UTC milliseconds.
    """
    details = lock_working(connection, run_id)
    if details is None:
        return []
    before = details.get(STOPPED, {})
    new = {name: reason for name, reason in reasons.items() if name not in before}
    entries = [dict(entry) for entry in details.get(WAVES, ())]
    if entries:
        entries[-1]["stopped"] = {**entries[-1].get("stopped", {}), **new}
        details[WAVES] = entries
    fresh = {name: {"reason": reason, "at": at} for name, reason in new.items()}
    note_details(connection, run_id, {**details, STOPPED: {**before, **fresh}})
    return list(new)


def has_movable(connection: Connection, run_id: int, variant: str) -> bool:
    """Whether messages of a variant have not left that may be given to another one."""
    found = select(literal(1)).where(_is_movable(run_id, variant))
    return bool(connection.execute(select(exists(found))).scalar_one())


def move_some(
    connection: Connection,
    run_id: int,
    variant: str,
    most: int,
    place: Callable[[int, WaitingRow], Sequence[Any]],
    *,
    at: int,
) -> int:
    """Give some messages of a stopped variant to others; return how many.

    What may be out, or was rendered once, stays as it is: a later attempt sends the same bytes.
    What is being made for it is thrown away by whoever makes it.

    Args:
        connection: Within a transaction that writes.
        run_id: The run.
        variant: The stopped one.
        most: How many at most.
        place: Returns the values of `ASSIGNED` for somebody in a wave.
        at: The moment, in UTC milliseconds.
    """
    details = lock_working(connection, run_id)
    if details is None:
        return 0
    found = (
        select(
            messages.c.wave, messages.c.id, messages.c.recipient,
            customers.c.email_id, customers.c.phone_id, customers.c.time_zone,
        )
        .select_from(messages.join(customers, customers.c.id == messages.c.recipient))
        .where(_is_movable(run_id, variant))
        .order_by(messages.c.id)
        .limit(most)
        .with_for_update(of=messages, skip_locked=True)
    )  # fmt: skip
    rows = [
        place(wave, WaitingRow(id=id, recipient=recipient, email_id=email, phone_id=phone,
                               time_zone=zone))
        for wave, id, recipient, email, phone, zone in connection.execute(found)
    ]  # fmt: skip
    if not rows:
        return 0
    given = list_rows(connection.dialect.name, ASSIGNED)
    moved = connection.execute(
        update(messages)
        .where(messages.c.id == given.c.id, _is_movable(run_id, variant))
        .values(
            {name: given.c[name] for name, _ in ASSIGNED[1:]} | {"batch_id": None, "content": None}
        )
        .returning(messages.c.id, messages.c.wave, messages.c.variant),
        {"rows": dump_rows(rows)},
    ).all()
    facts = [(row.id, {"from": variant, "to": row.variant}) for row in moved]
    add_history(connection, MOVED, at, facts)
    note_details(connection, run_id, _count_moved(details, variant, moved))
    return len(moved)


def _count_moved(details: dict[str, Any], variant: str, moved: Sequence[Any]) -> dict[str, Any]:
    stopped = dict(details.get(STOPPED, {}))
    entry = dict(stopped.get(variant, {}))
    counts = {wave: Counter(before) for wave, before in entry.get("moved", {}).items()}
    for row in moved:
        counts.setdefault(str(row.wave), Counter())[row.variant] += 1
    entry["moved"] = {wave: dict(one) for wave, one in counts.items()}
    return {**details, STOPPED: {**stopped, variant: entry}}


def _is_movable(run_id: int, variant: str) -> ColumnElement[bool]:
    waits = or_(is_state("planned"), is_state("ready"), is_state("held"))
    return and_(
        messages.c.run_id == run_id,
        messages.c.variant == variant,
        waits,
        messages.c.unknowns == 0,
        messages.c.facts.is_(None),
    )
