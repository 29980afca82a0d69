from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ballyhoo import Customer, Event, Product
from ballyhoo.core.campaign import load_campaign
from ballyhoo.core.plugin_loading import load_plugins
from ballyhoo.testing import FakeStore, Rehearsal, SimulatedClock, rehearse

pytestmark = pytest.mark.installs

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SHOE, SOCK, TENT = 1, 2, 3
PRODUCTS = [
    Product(id=SHOE, sku="A", titles={"en": "Trail shoe"}, category=("outdoor", "shoes")),
    Product(id=SOCK, sku="B", titles={"en": "Wool sock"}, category=("outdoor", "socks")),
    Product(id=TENT, sku="C", titles={"en": "Tent"}, category=("camping", "tents")),
]
CUSTOMERS = [
    Customer(id=1, country="DE"),
    Customer(id=2, country="FR"),
    Customer(id=3, country="DE"),
    Customer(id=4, country="FR"),
]


def buy(customer: int, product: int, quantity: int) -> Event:
    return Event(
        id=f"{customer}-{product}",
        type="purchase",
        at=NOW - timedelta(days=3),
        customer_id=customer,
        product_id=product,
        quantity=quantity,
    )


@pytest.fixture
def played(importable: Any, tmp_path: Path) -> Rehearsal:
    events = [buy(3, SHOE, 30), buy(3, TENT, 90), buy(4, SOCK, 40)]
    registry = load_plugins(folder=tmp_path)
    recipe = importable.recipe("ballyhoo-bestsellers")
    return rehearse(
        load_campaign(recipe, registry=registry, workspace=tmp_path),
        registry=registry,
        store=FakeStore(CUSTOMERS, PRODUCTS, events, keys={"C-1": 1, "C-2": 2, "C-3": 3}),
        people={id: {"email": f"reader-{id}@example.com"} for id in (1, 2, 3)},
        workspace=tmp_path,
        clock=SimulatedClock(NOW),
    )


def test_everybody_gets_what_sells_where_she_lives_and_she_has_not(played: Rehearsal) -> None:
    recommended = {
        id: [one.product.id for one in message.products] for id, message in played.messages.items()
    }
    assert recommended == {1: [SHOE, SOCK], 2: [SOCK, SHOE], 3: [SOCK]}
    assert {one.reason.kind for one in played.messages[1].products if one.reason} == {"popular"}


def test_messages_come_out_as_files_with_the_products_in_them(
    played: Rehearsal, tmp_path: Path
) -> None:
    assert played.states == {1: "sent", 2: "sent", 3: "sent"}
    assert (played.skipped, played.breaches) == ({}, [])
    texts = {
        id: (tmp_path / "outbox/1" / f"{message.key}.txt").read_text()
        for id, message in played.messages.items()
    }
    assert "subject: Trail shoe: what others took home" in texts[1]
    assert "subject: Wool sock: what others took home" in texts[2]
    assert "* Trail shoe\n* Wool sock" in texts[1]
