"""A message that kills every process that touches it: it is found out, and takes nobody with it."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from ballyhoo.core.store.ledger.recovery import MOST_CRASHES
from ballyhoo.core.store.tables import messages

from .child import Order
from .nursery import Nursery
from .shop import Recipe, Shop
from .truth import find_truth

PEOPLE, DEADLY = 150, 77


def test_a_message_that_kills_its_owner_fails_and_all_others_are_sent(
    open_shop: Callable[[int], Shop], nursery: Nursery
) -> None:
    shop = open_shop(PEOPLE)
    run = shop.start(Recipe(deliver={"senders": 4, "deadly": DEADLY}))
    order = Order(folder=str(shop.folder), run=run)
    codes = []
    while not codes or codes[-1] != 0:
        codes.append(nursery.start(order.dump(), shop.folder / "log").wait())
        assert len(codes) <= MOST_CRASHES + 1
    assert codes == [-9] * MOST_CRASHES + [0]
    with shop.open() as store:
        truth = find_truth(shop, store)
        with store.read() as connection:
            failed = connection.execute(
                select(messages.c.recipient, messages.c.reason).where(messages.c.state == "failed")
            ).all()
    assert [tuple(row) for row in failed] == [(DEADLY, "crashed")]
    # The three other senders may each have had one marked and one whose answer was not stored yet,
    # with many at first and then with a few.
    assert truth.unknown <= 2 * 3 * 2
