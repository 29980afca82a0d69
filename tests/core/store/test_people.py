"""What people spent before is that of before, whatever the profiles say by now."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ballyhoo.core.store.people import count_people, find_latest_purchases, read_past
from ballyhoo.core.store.profiles import refresh_profiles

from ..engine.conftest import shop
from ..engine.shop import Shop, make_recipe

__all__ = ["shop"]
NAMES = tuple(f"person{number}" for number in range(24))


@pytest.mark.parametrize("is_fresh", [True, False])
def test_what_people_spent_before_is_summed_exactly(shop: Shop, is_fresh: bool) -> None:
    shop.add_products("cork")
    shop.add(*NAMES)
    before = dict.fromkeys(NAMES, 0)

    def do(name: str, kind: str, value: int, currency: str = "EUR", *, counts: bool) -> None:
        shop.happen(name, kind, sku="cork", value=value, currency=currency)
        if counts:
            before[name] += value if kind == "purchase" else -value

    for place, name in enumerate(NAMES):
        if place % 2:
            do(name, "purchase", 1_000 + place, counts=True)
        if place % 3 == 0:
            do(name, "purchase", 777, "JPY", counts=False)
        if place % 6 == 1:
            do(name, "return", 300, counts=True)
        shop.clock.advance(timedelta(minutes=1))
    if is_fresh:
        refresh_profiles(shop.store)
    run = shop.run(make_recipe(experiment={"holdout": "30%"}))
    shop.clock.advance(timedelta(hours=1))
    for place, name in enumerate(NAMES):
        if place % 4 == 1:
            do(name, "purchase", 5_000, counts=False)
        if place % 5 == 1:
            do(name, "return", 100, counts=False)
    if is_fresh:
        refresh_profiles(shop.store)
    rows = shop.rows(run)
    ids = {row["recipient"]: name for name, row in rows.items()}
    with shop.store.read() as connection:
        assert find_latest_purchases(connection)[0] == "EUR"
        counted = count_people(connection, run.id, opened={}, currency="EUR", by_domain=True)
        past = dict(read_past(connection, run.id, ids, opened={}, currency="EUR"))
    assert {ids[one]: value for one, value in past.items()} == before
    for is_held_out in (True, False):
        hers = [before[n] for n, row in rows.items() if (row["reason"] == "holdout") == is_held_out]
        some = [one for one in counted.rows if one.is_held_out == is_held_out]
        assert sum(one.people for one in some) == len(hers)
        assert sum(one.past for one in some) == sum(hers)
        assert sum(one.past_squares for one in some) == sum(value**2 for value in hers)
    written = sum(one.people for one in counted.rows if one.state == "sent")
    assert dict(counted.domains) == {("customers.example", "sent"): written}
