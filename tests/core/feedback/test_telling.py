"""Plugins are told what happened: in order, at least once, each at its own pace."""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta

from sqlalchemy import insert, update

from ballyhoo.core.feedback.telling import find_wait, register_all, tell_all
from ballyhoo.core.store.listeners import read_listeners
from ballyhoo.core.store.rows import ConsentRow, OrderLineRow, OrderRow
from ballyhoo.core.store.tables import events, listeners, message_events, messages
from ballyhoo.core.store.writers import open_writer
from ballyhoo.core.stored_inbox import StoreInbox
from ballyhoo.core.web.recorder import Recorder, Seen
from ballyhoo.core.web.returning import Returned, Trace
from ballyhoo.core.web.service import open_threads

from ..engine.shop import Shop, make_recipe, to_ms
from .diary import Diary

MEASURED = {"tracking": {"clicks": True}}


def tell(shop: Shop) -> None:
    tell_all(shop.engine)


def click(shop: Shop, message_id: int, *, machine: str = "", url: str | None = None) -> None:
    at = to_ms(shop.clock.now())
    seen = Seen(kind="click", message_id=message_id, at=at, link=7, url=url, machine=machine)
    with open_threads(shop.store, shop.clock) as gatherers:
        asyncio.run(Recorder(gatherers["seen"]).record(seen))


def order(shop: Shop, key: str, name: str, *lines: OrderLineRow, state: str = "paid") -> None:
    at = to_ms(shop.clock.now())
    total = sum(line.amount for line in lines)
    row = OrderRow(
        key, name, state, at, None, None, "EUR", total, None, None, None, None, tuple(lines)
    )
    with open_writer(shop.store, "orders", now=shop.clock.now()) as writer:
        assert not writer.write([row]).rejected


def test_what_became_of_messages_is_told_in_order(shop: Shop, diary: Diary) -> None:
    ada, bob = shop.add("ada", "bob")
    run = shop.run(make_recipe(deliver=MEASURED))
    rows = shop.rows(run)
    shop.clock.advance(timedelta(minutes=5))
    click(shop, rows["ada"]["id"])
    bounced = Returned(id="b1", kind="bounce", at=shop.clock.now(), is_permanent=True)
    inbox = StoreInbox(shop.store, source="tests", clock=shop.clock)
    inbox.note_return(Trace(addresses=("bob@customers.example",)), bounced)
    shop.clock.advance(timedelta(hours=1))
    shop.add_products("cork")
    shop.order("ada", "cork")
    shop.unsubscribe("bob")
    tell(shop)
    assert diary.types == [
        "sent", "sent", "click", "bounce", "purchase", "conversion", "unsubscribe",
    ]  # fmt: skip
    first, _, clicked, _, _, converted, _ = diary.events
    assert {one.customer_id for one in diary.events[:2]} == {ada, bob}
    assert first.properties["run"] == run.id
    assert clicked.properties["message"] == converted.properties["message"] == rows["ada"]["id"]
    assert converted.customer_id == ada
    tell(shop)
    assert len(diary.events) == 7


def test_a_run_tells_by_itself_what_it_sent(shop: Shop, diary: Diary) -> None:
    shop.add("ada")
    shop.run()
    assert diary.types == ["sent"]


def test_where_nobody_listens_nothing_is_noted_of_what_was_sent(shop: Shop) -> None:
    shop.add("ada")
    shop.run()
    with shop.store.read() as connection:
        assert connection.execute(message_events.select()).all() == []
        assert read_listeners(connection) == {}


def test_who_begins_to_listen_is_told_what_happens_from_then_on(shop: Shop, diary: Diary) -> None:
    shop.add("ada")
    shop.happen("ada", "view")
    register_all(shop.engine)
    shop.happen("ada", "cart")
    tell(shop)
    assert diary.types == ["cart"]


def test_what_a_machine_did_is_not_told(shop: Shop, diary: Diary) -> None:
    shop.add("ada")
    run = shop.run(make_recipe(deliver=MEASURED))
    click(shop, shop.rows(run)["ada"]["id"], machine="scanner")
    tell(shop)
    assert diary.types == ["sent"]


def test_a_plugin_that_raises_is_told_the_same_again_after_a_pause(
    shop: Shop, diary: Diary
) -> None:
    other = Diary()
    shop.add_plugin("other", other)
    shop.add("ada")
    register_all(shop.engine)
    shop.happen("ada", "view")
    diary.failures = 2
    tell(shop)
    assert other.types == ["view"]
    shop.happen("ada", "cart")
    tell(shop)
    assert other.types == ["view", "cart"]
    assert len(diary.batches) == 1  # too soon
    with shop.store.read() as connection:
        row = read_listeners(connection)["plugin:diary"]
    assert row.last_error == "the plugin 'diary' raised ValueError in its hook 'feedback'"
    shop.clock.advance(timedelta(seconds=6))
    tell(shop)
    shop.clock.advance(timedelta(seconds=4.9))
    tell(shop)
    assert len(diary.batches) == 2  # the second pause is longer than 5 seconds
    shop.clock.advance(timedelta(seconds=6))
    tell(shop)
    assert diary.batches[0] == diary.batches[1] == diary.batches[2]
    assert diary.types == ["view", "cart"]


def test_pauses_grow_to_a_limit_and_are_what_was_asked_for() -> None:
    waits = [find_wait(failures, 3_600, None, 0.5) for failures in range(1, 200)]
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (3.75, 2_700)
    assert find_wait(1, 3_600, 120.0, 0.5) == 120
    assert find_wait(1, 3_600, 1e9, 0.5) == 3_600


def test_who_died_while_he_told_lets_others_tell_it_again(shop: Shop, diary: Diary) -> None:
    shop.add("ada")
    register_all(shop.engine)
    shop.happen("ada", "view")
    with shop.store.begin() as connection:
        connection.execute(update(listeners).values(lease_token="gone", lease_until=2**50))
    tell(shop)
    assert diary.events == []  # somebody has the turn
    with shop.store.begin() as connection:
        connection.execute(update(listeners).values(lease_until=1))
    tell(shop)
    assert diary.types == ["view"]


def test_what_is_stored_late_under_an_earlier_id_is_told_all_the_same(
    shop: Shop, diary: Diary
) -> None:
    if shop.store.dialect == "sqlite":
        return  # there one at a time writes
    (ada,) = shop.add("ada")
    register_all(shop.engine)
    slow = shop.store.engine.connect()
    slow.begin()
    row = {"customer_id": ada, "type": "view", "at": 1, "quantity": 1, "source": "tests"}
    slow.execute(insert(events).values(key="slow", **row))
    with shop.store.begin() as connection:
        connection.execute(insert(events).values(key="quick", **row))
    ends = threading.Timer(0.3, slow.commit)
    ends.start()
    tell(shop)  # waits for the transaction that began before
    ends.join()
    slow.close()
    tell(shop)
    assert [one.id for one in diary.events] == ["slow", "quick"]


def test_an_order_that_changed_is_told_anew(shop: Shop, diary: Diary) -> None:
    shop.add("ada")
    shop.add_products("cork", "fern")
    register_all(shop.engine)
    cork, fern = (OrderLineRow(sku, None, 2, 2_000) for sku in ("cork", "fern"))
    order(shop, "1", "ada", cork, fern)
    tell(shop)
    order(shop, "1", "ada", cork._replace(returned=1), fern)
    tell(shop)
    # SQLite gives the ids of what was deleted to what comes next.
    assert diary.types == ["purchase", "purchase", "purchase", "return", "purchase"]


def test_a_message_that_turns_out_to_be_out_is_told(shop: Shop, diary: Diary) -> None:
    shop.add("ada")
    run = shop.run(make_recipe(deliver=MEASURED))
    with shop.store.begin() as connection:
        connection.execute(messages.update().values(state="unknown", unknowns=1))
    shop.clock.advance(timedelta(minutes=5))
    click(shop, shop.rows(run)["ada"]["id"])
    tell(shop)
    assert diary.types == ["sent", "click", "sent"]


def test_who_was_erased_is_told_of_without_her_name(shop: Shop, diary: Diary) -> None:
    from ballyhoo.core.store.rights import erase_customer

    shop.add("ada", consents=(ConsentRow("email", True, 1),))
    register_all(shop.engine)
    shop.happen("ada", "view")
    erase_customer(shop.store, "ada")
    tell(shop)
    assert [one.customer_id for one in diary.events] == [None]
