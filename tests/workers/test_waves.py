"""Waves under workers: a sweep rings for the next one, and a worker opens it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ballyhoo.core.store.ledger.runs import note_details
from ballyhoo.core.store.ledger.waves import WAVES, read_waves
from ballyhoo.core.workspace import Workspace
from ballyhoo.workers.app import Parts, make_parts

from .shop import WRITTEN, Shop
from .test_work import play

DAY_MS = 86_400_000


@pytest.fixture
def parts(shop: Shop) -> Iterator[Parts]:
    made = make_parts(Workspace(shop.folder))
    yield made
    made.station.close()
    made.app.close()


def sweep(parts: Parts) -> None:
    parts.sweeper._seconds = 0
    assert parts.sweeper.sweep()


def test_a_sweep_rings_for_a_wave_that_is_due_and_a_worker_opens_it(shop: Shop, parts: Parts):
    recipe = WRITTEN.replace(
        "  holdout: 5%", "  holdout: 5%\n  allocate: thompson\n  waves: {{number: 2, wait: 1d}}"
    )
    run_id = shop.start(recipe, name="spring")
    parts.work.plan(run_id)
    for _ in range(2):
        play(parts)
        sweep(parts)
    play(parts)
    row = shop.read(run_id)
    [one] = read_waves(row.details)
    assert (row.state, one.left_at is not None) == ("waiting", True)
    with shop.open() as store, store.begin() as connection:  # a day goes by
        [entry] = row.details[WAVES]
        earlier = {**entry, "left_at": entry["left_at"] - DAY_MS}
        note_details(connection, run_id, {**row.details, WAVES: [earlier]})
    sweep(parts)
    play(parts)
    assert shop.read(run_id).state == "finished"
    assert len(read_waves(shop.read(run_id).details)) == 2
    receipt = shop.count(run_id)
    assert receipt.adds_up
    assert set(receipt.states) == {"sent", "skipped"}
