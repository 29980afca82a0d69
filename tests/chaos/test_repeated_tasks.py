"""Bells that ring never, once or three times, in any order and at the same time."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from .child import Order
from .nursery import Nursery
from .shop import Recipe, Shop
from .truth import find_truth

PEOPLE = 200
FAULTS = {"later": 0.05, "failed": 0.03, "lost": 0.03, "dropped": 0.03, "hangs": 0.02, "seed": 4}
"""By this seed no twenty messages in a row have so many faults that the run would be paused."""


@pytest.mark.parametrize(("form", "policy"), [("blocking", "hold"), ("awaitable", "resend")])
def test_tasks_that_are_lost_repeated_and_shuffled_do_everything_once(
    form: str, policy: str, open_shop: Callable[[int], Shop], nursery: Nursery
) -> None:
    shop = open_shop(PEOPLE)
    recipe = Recipe(
        generates=True,
        policy=f"on_unknown: {policy}",
        experiment="variants: {warm: {generate: {voice: warm}}, terse: {}}, holdout: 10%",
        deliver={"senders": 3, "form": form, **FAULTS},
    )
    run = shop.start(recipe)
    processes = [
        nursery.start(
            Order(folder=str(shop.folder), run=run, role="tasks", seed=seed).dump(),
            shop.folder / f"log{seed}",
        )
        for seed in range(3)
    ]
    ahead = 0
    while any(process.poll() is None for process in processes):
        time.sleep(0.2)
        ahead += 120  # what is to be tried later is tried now
        shop.set_clock(ahead)
        assert ahead < 60 * 600, [process.read_log() for process in processes]
    assert [process.poll() for process in processes] == [0, 0, 0], processes[0].read_log()
    with shop.open() as store:
        truth = find_truth(shop, store, may_repeat=policy == "resend")
    assert truth.states.total() == PEOPLE
    assert truth.lost == 0
    assert truth.states["failed"] > 0
    assert (truth.unknown > 0) == (policy == "hold")
