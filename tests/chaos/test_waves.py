"""Killed while a wave opens, and opened by several at once: each person has one end only."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from ballyhoo.core.engine.crash_points import WAVE_POINTS
from ballyhoo.core.store.ledger.runs import read_run
from ballyhoo.core.store.ledger.waves import read_waves
from ballyhoo.core.store.tables import messages

from .child import Order
from .nursery import Nursery, Process
from .shop import Recipe, Shop
from .truth import find_truth

KILLED = -9
PEOPLE = 80
EXPERIMENT = (
    "variants: {warm: {}, icy: {}, b: {}}, allocate: thompson, waves: {number: 2, wait: 1h}"
)


@pytest.mark.parametrize("url", ["sqlite", "postgresql"], indirect=True)
def test_a_wave_is_opened_once_by_whoever_lives(
    open_shop: Callable[[int], Shop], nursery: Nursery, url: str
) -> None:
    shop = open_shop(PEOPLE)
    log = shop.folder / "log"

    def go(run: int, crash_at: str = "") -> Process:
        return nursery.start(Order(folder=str(shop.folder), run=run, crash_at=crash_at).dump(), log)

    runs = {
        point: shop.start(Recipe(name=f"at-{point.replace('_', '-')}", experiment=EXPERIMENT))
        for point in (*WAVE_POINTS, "none")
    }
    for process in [go(run) for run in runs.values()]:
        assert process.wait() == 0, process.read_log()
    shop.set_clock(3_700)
    killed = [go(runs[point], f"{point}:1") for point in WAVE_POINTS]
    assert [process.wait() for process in killed] == [KILLED, KILLED]
    # On SQLite one process at a time writes; all the same two may be started.
    for process in [go(run) for run in runs.values() for _ in range(2)]:
        assert process.wait() == 0, process.read_log()
    with shop.open() as store:
        truth = find_truth(shop, store)
        with store.read() as connection:
            for run in runs.values():
                row = read_run(connection, run)
                assert row.state == "finished"
                one, two = read_waves(row.details)
                assert two.shares.keys() == {"warm", "icy", "b"}
                sent = connection.execute(
                    select(messages.c.wave, func.count())
                    .where(messages.c.run_id == run, messages.c.state == "sent")
                    .group_by(messages.c.wave)
                ).all()
                assert dict(tuple(pair) for pair in sent) == {
                    wave.wave: sum((wave.people or {}).values()) for wave in (one, two)
                }
    assert (truth.lost, truth.duplicates, truth.unknown) == (0, 0, 0)
    assert truth.states["sent"] == len(runs) * (PEOPLE - PEOPLE // 10)
