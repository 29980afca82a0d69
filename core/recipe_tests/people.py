"""Tells a test's rows to its store, and gives customers ids by which they are drawn as it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import count

from sqlalchemy import Connection, delete, func, insert, select

from ..assignment import choose_wave, draw_fraction
from ..campaign import Campaign
from ..engine.leaving_out import find_left_out
from ..engine.planning import find_shares
from ..errors import DataError
from ..experiments.allocation import find_allocation
from ..importing.records.batch import StoreRow
from ..settings import Settings
from ..store.drawing import find_threshold
from ..store.engine import Store
from ..store.tables import customers
from ..store.writers import open_writer
from .names import HOLDOUT, WAVE

MOST_IDS = 1_000_000
"""After so many nobody was drawn as the test says: the share must be next to nothing."""


class Drawing:
    """Finds ids whose draw is the one that a test asks for; nobody else is held out.

    Args:
        campaign: The recipe.
        settings: Of the test's workspace.
        draw: By customer: her variant, `holdout`, or her wave, such as `wave 2`.
    """

    def __init__(self, campaign: Campaign, settings: Settings, draw: Mapping[str, str]) -> None:
        self._name = campaign.name
        self._key = settings.assignment_key.get_secret_value().encode()
        self._draw = draw
        self._left_out = [
            one for one in find_left_out(campaign, settings.experiments, 0) if one.begins < one.ends
        ]
        allocation = find_allocation(campaign.recipe)
        self._waves = 0 if allocation is None else allocation.waves
        self._bounds: dict[str | None, tuple[int, int]] = {}
        reached, shares = 0.0, find_shares(campaign)
        for name, part in shares.items():
            low, reached = find_threshold(reached), reached + part
            is_last = name == list(shares)[-1]
            self._bounds[name] = (low, find_threshold(1.0 if is_last else reached))

    @property
    def is_free(self) -> bool:
        """Whether any id will do."""
        return not self._left_out and not self._draw and not self._waves

    def find_id(self, customer: str, above: int) -> int:
        """Return the least id above another one with which a customer is drawn as she should be.

        Raises:
            DataError: There is none in reach.
        """
        wanted = self._draw.get(customer)
        for id in count(above + 1):
            if self._fits(id, wanted):
                return id
            if id > above + MOST_IDS:
                break
        raise DataError(f"nobody is ever drawn into '{wanted}': its share is too small")

    def _fits(self, id: int, wanted: str | None) -> bool:
        for one in self._left_out:
            is_in = one.begins <= self._number(one.names, id) < one.ends
            if is_in != (wanted == HOLDOUT == one.reason):
                return False
        if wanted == HOLDOUT:
            return True
        if self._waves:
            # Who is in no wave that the test names is in the first one, which opens at once.
            wave = choose_wave(self._waves, self._key, self._name, id)
            is_later = wanted is not None and wanted.startswith(WAVE)
            if wave != (int(str(wanted).removeprefix(WAVE)) if is_later else 1):
                return False
            wanted = None if is_later else wanted
        if wanted is None:
            return True
        low, high = self._bounds[wanted]
        return low <= self._number(("variant", self._name), id) < high

    def _number(self, names: tuple[str, ...], id: int) -> int:
        return find_threshold(draw_fraction(self._key, *names, id))


def tell_rows(
    store: Store, kind: str, rows: Sequence[StoreRow], *, now: datetime, drawing: Drawing
) -> None:
    """Give rows to the store's own writers.

    Args:
        store: The test's store.
        kind: A kind of import.
        rows: As the writers take them.
        now: The test's moment.
        drawing: What chooses the ids of customers.
    """
    if kind != "customers" or drawing.is_free:
        with open_writer(store, kind, now=now) as writer:
            writer.write(rows)
        return
    for row in rows:
        reserved = _reserve_id(store, row[0], drawing)
        with open_writer(store, kind, now=now) as writer:
            writer.write([row])
        if reserved is not None:
            with store.begin() as connection:
                connection.execute(delete(customers).where(customers.c.id == reserved))


def read_ids(store: Store) -> dict[str, int]:
    """Return our id of each customer by her key."""
    with store.read() as connection:
        found = connection.execute(select(customers.c.key, customers.c.id))
        return {row.key: row.id for row in found if row.key is not None}


def _reserve_id(store: Store, key: str, drawing: Drawing) -> int | None:
    """Make the next customer get the id that she should have; return what to take away again."""
    with store.begin() as connection:
        if _is_known(connection, key):
            return None
        last = connection.execute(select(func.max(customers.c.id))).scalar() or 0
        id = drawing.find_id(key, last)
        if id == last + 1:
            return None
        connection.execute(insert(customers).values(id=id - 1))
        return id - 1


def _is_known(connection: Connection, key: str) -> bool:
    found = connection.execute(select(customers.c.id).where(customers.c.key == key))
    return found.first() is not None
