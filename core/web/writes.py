"""What requests have stored, by kind: opens and clicks, events, and what shops upsert."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ..clock import Clock
from ..store.engine import Store
from . import intake, recorder, upserts
from .committing import Write
from .rollups import RollUps

SEEN = "seen"
EVENTS = "events"
MOST_ROWS = {
    SEEN: recorder.MOST_ROWS,
    EVENTS: intake.MOST_ROWS,
    **dict.fromkeys(upserts.KINDS, upserts.MOST_ROWS),
}
"""Of one transaction, by kind."""


@contextmanager
def open_writes(store: Store, clock: Clock) -> Iterator[Mapping[str, Write[Any, Any]]]:
    """Give how requests of each kind are stored; roll-ups follow until the block is left.

    Args:
        store: An open store.
        clock: Gives the moment of what is told without one.
    """
    roll_ups = RollUps(store)
    stores: dict[str, Any] = {
        SEEN: recorder.SeenRows(store).write,
        EVENTS: intake.EventBatches(store, roll_ups).write,
    }
    for kind in upserts.KINDS:
        stores[kind] = upserts.Batches(store, roll_ups, clock, kind).write
    try:
        yield {
            kind: Write(
                store=write, most_rows=MOST_ROWS[kind], patience_seconds=store.patience_seconds
            )
            for kind, write in stores.items()
        }
    finally:
        roll_ups.close()
