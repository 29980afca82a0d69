"""Killed at every point that a message passes, and started again: each has one end only."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ballyhoo.core.engine.crash_points import POINTS

from .child import Order
from .nursery import Nursery, Process
from .shop import Recipe, Shop
from .truth import find_truth

KILLED = -9
CLOSED = "run_closed"
PEOPLE = 40
SENDERS = 4
POLICIES = ("hold", "resend")


class Harm:
    """Runs of one shop, each killed at a point of its own."""

    def __init__(self, shop: Shop, nursery: Nursery, policy: str) -> None:
        self.shop = shop
        self.nursery = nursery
        self.policy = policy
        self.log = shop.folder / "log"

    def start(self, point: str) -> int:
        recipe = Recipe(
            name=f"at-{point.replace('_', '-')}",
            generates=point.startswith("batch"),
            policy=f"on_unknown: {self.policy}",
            deliver={"senders": SENDERS},
        )
        return self.shop.start(recipe)

    def go(self, run: int, crash_at: str = "") -> Process:
        order = Order(folder=str(self.shop.folder), run=run, crash_at=crash_at)
        return self.nursery.start(order.dump(), self.log)

    def check(self, runs: int) -> None:
        """Look that everybody has one end, and that no more is in doubt than was on its way."""
        with self.shop.open() as store:
            truth = find_truth(self.shop, store, may_repeat=self.policy == "resend")
        assert truth.lost == 0
        assert truth.states["sent"] + truth.unknown == runs * (PEOPLE - PEOPLE // 10)
        if self.policy == "hold":
            assert truth.duplicates == 0
            assert truth.unknown <= runs * SENDERS
        else:
            assert truth.unknown == 0


@pytest.mark.parametrize(
    ("url", "policy"),
    [
        ("sqlite", "resend"),
        ("postgresql", "hold"),
        pytest.param("sqlite", "hold", marks=pytest.mark.long),
        pytest.param("postgresql", "resend", marks=pytest.mark.long),
    ],
    indirect=["url"],
)
def test_whatever_point_they_are_killed_at_all_runs_end_well(
    policy: str, open_shop: Callable[[int], Shop], nursery: Nursery
) -> None:
    harm = Harm(open_shop(PEOPLE), nursery, policy)
    runs = {point: harm.start(point) for point in POINTS}
    first = harm.go(runs["recovered"], "composed:1")  # or else there is nothing to recover
    assert first.wait() == KILLED
    killed = {point: harm.go(run, f"{point}:1") for point, run in runs.items() if point != CLOSED}
    survived = [point for point, process in killed.items() if process.wait() != KILLED]
    # Alone: whoever else is at work may be the one that closes it.
    survived += [CLOSED] if harm.go(runs[CLOSED], f"{CLOSED}:1").wait() != KILLED else []
    assert survived == [], "they never came to these points"
    for process in [harm.go(run) for run in runs.values()]:
        assert process.wait() == 0, process.read_log()
    harm.check(len(runs))


@pytest.mark.long
@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("nth", [1, 2, 7])
@pytest.mark.parametrize("point", POINTS)
def test_whoever_is_killed_at_a_point_ends_well(
    point: str, nth: int, policy: str, open_shop: Callable[[int], Shop], nursery: Nursery
) -> None:
    harm = Harm(open_shop(PEOPLE), nursery, policy)
    run = harm.start(point)
    if point == "recovered":
        assert harm.go(run, "composed:1").wait() == KILLED
    code = harm.go(run, f"{point}:{nth}").wait()
    assert code == KILLED or nth > 1, "it never came to this point"
    assert harm.go(run).wait() == 0, harm.log.read_text()
    harm.check(1)
