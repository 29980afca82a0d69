"""Processes that work on a run together, and what a test waits for while they do."""

from __future__ import annotations

import time
from typing import Any

from ballyhoo.testing import read_witness

from .child import Order
from .nursery import Nursery, Process
from .shop import Shop


def start_crew(
    nursery: Nursery, shop: Shop, run: int, count: int = 2, **order: Any
) -> list[Process]:
    """Start some processes that work on a run; `order` is of `Order`."""
    said = Order(folder=str(shop.folder), run=run, **order).dump()
    return [nursery.start(said, shop.folder / f"log{run}") for _ in range(count)]


def wait_for(processes: list[Process]) -> None:
    """Wait until processes have ended, in good order."""
    for process in processes:
        assert process.wait() == 0, process.read_log()


def wait_until_out(shop: Shop, count: int) -> None:
    """Wait until so many messages were accepted."""
    ends = time.monotonic() + 60
    while read_witness(shop.witness).total() < count:
        assert time.monotonic() < ends, "they never came that far"
        time.sleep(0.01)


def tell_now() -> int:
    """Return the moment in UTC milliseconds."""
    return time.time_ns() // 1_000_000
