"""Two runs that race for one person: on PostgreSQL they meet at a lock, and one yields."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Connection

from ballyhoo.core.engine.runs import find_rules
from ballyhoo.core.store.ledger.claims import claim_messages
from ballyhoo.core.store.ledger.marks import Marking

from .shop import Shop, make_recipe, to_ms

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


class Claim:
    """The claimed messages of a run, and what marks them."""

    def __init__(self, shop: Shop, run: Any) -> None:
        owner = shop.engine.owner
        self.now = to_ms(shop.clock.now())
        token = owner.make_token()
        with shop.store.begin() as connection:
            rows = claim_messages(connection, run.id, None, owner, token, now=self.now, most=10)
        self.rows = [(row.id, None, "") for row in rows]
        self.marking = Marking(shop.store.dialect, find_rules(shop.engine, run, None), owner, token)

    def mark(self, connection: Connection) -> set[int]:
        return self.marking.mark(connection, self.rows, self.now)


def mark_both(shop: Shop, first: Claim, second: Claim) -> tuple[set[int], set[int]]:
    """Mark with two claims, the second one while the first is not committed yet."""

    def mark_second() -> set[int]:
        with shop.store.begin() as connection:
            return second.mark(connection)

    with ThreadPoolExecutor(1) as pool:
        with shop.store.begin() as connection:
            granted = first.mark(connection)
            later = pool.submit(mark_second)
            time.sleep(0.2)
            assert not later.done(), "it did not wait"
        return granted, later.result()


def test_a_person_with_a_new_address_gets_a_campaign_once(shop: Shop) -> None:
    shop.add("ada")
    first = shop.plan()
    shop.add("ada", email="ada@elsewhere.example")
    second = shop.plan()
    granted, later = mark_both(shop, Claim(shop, first), Claim(shop, second))
    assert (len(granted), len(later)) == (1, 0)
    assert shop.fates(second) == {"ada": "skipped: again"}


def test_an_address_of_two_people_has_one_last_place_under_a_cap(shop: Shop) -> None:
    cap = {"cap": {"messages": 1, "per": "7d"}}
    shop.add("ada", email="family@customers.example")
    first = shop.plan(make_recipe("first", policy=cap))
    shop.add("bob", email="family@customers.example")
    second = shop.plan(make_recipe("second", policy=cap))
    granted, later = mark_both(shop, Claim(shop, first), Claim(shop, second))
    assert (len(granted), len(later)) == (1, 0)
