"""Counts whose products were chosen, and for how many of them nothing of theirs was known."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select, update

from ..tables import batches


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """For how many customers products were chosen.

    Attributes:
        recommended: How many got one or more.
        fallback: How many of them got only such as were chosen without knowing anything of her.
    """

    recommended: int
    fallback: int


def note_choices(connection: Connection, batch_id: int, choices: Choices) -> None:
    """Keep what was chosen in a batch, within the transaction that closes it."""
    if choices.recommended:
        connection.execute(
            update(batches)
            .where(batches.c.id == batch_id)
            .values(recommended=choices.recommended, fallback=choices.fallback)
        )


def count_choices(connection: Connection, run_id: int) -> Choices:
    """Count what was chosen in a run so far; copy that was thrown away later still counts."""
    row = connection.execute(
        select(
            func.coalesce(func.sum(batches.c.recommended), 0),
            func.coalesce(func.sum(batches.c.fallback), 0),
        ).where(batches.c.run_id == run_id)
    ).one()
    return Choices(recommended=int(row[0]), fallback=int(row[1]))
