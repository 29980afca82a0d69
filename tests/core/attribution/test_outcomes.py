"""What came back of a run, for each variant and the holdout, people and machines apart."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any

from ballyhoo.core.attribution.outcomes import ArmOutcome, RunOutcome, count_outcome
from ballyhoo.core.setting_tables import Retention
from ballyhoo.core.store.pruning import prune_store
from ballyhoo.core.stored_inbox import StoreInbox
from ballyhoo.core.web.recorder import Recorder, Seen
from ballyhoo.core.web.returning import Returned, Trace
from ballyhoo.core.web.service import open_threads

from ..engine.shop import Shop, make_recipe, to_ms

NAMES = tuple(f"p{number}" for number in range(40))
CLICKS = {"tracking": {"clicks": True, "opens": True}}
TWO = {"variants": {"warm": {}, "plain": {}}}


def count(shop: Shop, run: Any) -> RunOutcome:
    with shop.store.read() as connection:
        return count_outcome(connection, shop.read(run))


def see(shop: Shop, run: Any, name: str, kind: Any = "click", **facts: Any) -> None:
    at, message_id = to_ms(shop.clock.now()), shop.rows(run)[name]["id"]
    link = facts.pop("link", 1) if kind == "click" else None
    seen = Seen(kind=kind, message_id=message_id, at=at, link=link, **facts)
    with open_threads(shop.store, shop.clock) as gatherers:
        asyncio.run(Recorder(gatherers["seen"]).record(seen))


def buy(shop: Shop, name: str, value: int = 1_000, currency: str = "EUR", **facts: Any) -> None:
    shop.happen(name, "purchase", sku="cork", value=value, currency=currency, **facts)


def begin(shop: Shop, *names: str, experiment: Any = None, **deliver: Any) -> Any:
    shop.add_products("cork")
    shop.add(*names)
    more = {} if experiment is None else {"experiment": experiment}
    run = shop.run(make_recipe(deliver={**CLICKS, **deliver}, **more))
    shop.clock.advance(timedelta(minutes=5))
    return run


def test_reactions_are_counted_once_for_each_message_and_machines_apart(shop: Shop) -> None:
    run = begin(shop, "ada", "bo", "cy", "di")
    for _ in range(2):
        see(shop, run, "ada", "open")
        see(shop, run, "ada")
    see(shop, run, "bo", machine="scanner")
    see(shop, run, "bo", "open", machine="privacy_proxy")
    for link, machine in ((1, ""), (2, ""), (3, "burst")):
        see(shop, run, "cy", link=link, machine=machine)
    inbox = StoreInbox(shop.store, source="tests", clock=shop.clock)
    trace = Trace(addresses=("di@customers.example",))
    inbox.note_return(trace, Returned(id="1", kind="complaint", at=shop.clock.now()))
    inbox.note_return(trace, Returned(id="2", kind="unsubscribe", at=shop.clock.now()))
    found = count(shop, run).all
    assert (found.people, found.sent) == (4, 4)
    assert (found.opened, found.opened_by_machines) == (1, 1)
    assert (found.clicked, found.clicked_by_machines) == (1, 2)
    assert (found.complained, found.unsubscribed) == (1, 1)


def test_an_order_after_a_click_is_the_messages_and_what_came_back_is_not(shop: Shop) -> None:
    run = begin(shop, "ada", "bo", "cy", "di")
    see(shop, run, "ada")
    see(shop, run, "bo", machine="scanner")
    see(shop, run, "di")
    shop.clock.advance(timedelta(hours=1))
    buy(shop, "ada", 5_000, order_key="1")
    buy(shop, "ada", 700, "JPY", order_key="2")
    buy(shop, "bo")
    buy(shop, "cy")
    shop.clock.advance(timedelta(days=6))
    shop.happen("ada", "return", sku="cork", value=2_000, currency="EUR", order_key="1")
    shop.clock.advance(timedelta(days=2))
    buy(shop, "di")
    found = count(shop, run).all
    assert found.converted == 1
    assert dict(found.revenue) == {"EUR": 3_000, "JPY": 700}
    assert found.bought == 3
    assert dict(found.spent) == {"EUR": 5_000, "JPY": 700}


def test_an_order_belongs_to_the_campaign_that_was_clicked_last(shop: Shop) -> None:
    first = begin(shop, "ada")
    see(shop, first, "ada")
    second = shop.run(make_recipe("second", deliver=CLICKS))
    shop.clock.advance(timedelta(minutes=5))
    see(shop, second, "ada")
    buy(shop, "ada", 999)
    assert [count(shop, run).all.converted for run in (first, second)] == [0, 1]
    assert dict(count(shop, first).all.revenue) == {}


def test_the_window_alone_shares_an_order_among_all_that_were_sent(shop: Shop) -> None:
    linear = {"attribution": "linear_sent", "window": "2d"}
    first = begin(shop, "ada", experiment=linear)
    second = shop.run(make_recipe("second", experiment=linear))
    shop.clock.advance(timedelta(days=1))
    buy(shop, "ada", 999)
    shares = [dict(count(shop, run).all.revenue) for run in (first, second)]
    assert shares == [{"EUR": 500}, {"EUR": 499}]


def test_variants_and_the_holdout_are_counted_apart(shop: Shop) -> None:
    run = begin(shop, *NAMES, experiment={**TWO, "holdout": "30%"})
    rows = shop.rows(run)
    held = [name for name, row in rows.items() if row["reason"] == "holdout"]
    warm = [name for name, row in rows.items() if row["variant"] == "warm" and name not in held]
    assert held
    assert warm
    for name in (warm[0], held[0]):
        buy(shop, name, 100)
    shop.unsubscribe(held[1])
    see(shop, run, warm[0])
    buy(shop, warm[0], 50)
    found = count(shop, run)
    assert set(found.arms) == {"warm", "plain"}
    assert found.holdout == ArmOutcome(
        people=len(held), bought=1, spent=Counter(EUR=100), unsubscribed=1
    )
    arm = found.arms["warm"]
    assert (arm.people, arm.clicked, arm.converted, dict(arm.revenue)) == (
        len(warm), 1, 1, {"EUR": 150},
    )  # fmt: skip
    assert found.arms["plain"].converted == 0


def test_what_was_pruned_or_erased_does_not_turn_machines_into_people(shop: Shop) -> None:
    from ballyhoo.core.store.rights import erase_customer

    run = begin(shop, "ada", "bo", "cy")
    see(shop, run, "ada", machine="scanner")
    see(shop, run, "bo", machine="scanner")
    see(shop, run, "cy")
    erase_customer(shop.store, "bo")
    erase_customer(shop.store, "cy")
    later = shop.clock.now() + timedelta(days=90)
    prune_store(shop.store, Retention(bodies_days=30), now=later)
    found = count(shop, run).all
    assert (found.clicked, found.clicked_by_machines) == (1, 2)
