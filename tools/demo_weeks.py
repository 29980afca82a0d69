"""Lets days of the sample shop pass: runs go on, people react to messages, the shop tells of it.

The people are invented, and easier to move than yours. What they do without any message is the
sample shop's own; a message adds clicks, and orders of what it showed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import select

from ballyhoo.core.engine.embedded import run_here
from ballyhoo.core.engine.engine import Engine, open_engine
from ballyhoo.core.importing.importer import Import
from ballyhoo.core.starter.sample_shop.orders import SampleOrder
from ballyhoo.core.starter.sample_shop.shop import SampleShop
from ballyhoo.core.starter.sample_shop.writing import (
    SHOP,
    write_changed_orders,
    write_files,
    write_looks,
)
from ballyhoo.core.store.ledger.links import ShownProducts
from ballyhoo.core.store.ledger.runs import list_open_runs
from ballyhoo.core.store.reading import from_moment, to_moment
from ballyhoo.core.store.tables import customers, messages, products
from ballyhoo.core.stored_inbox import StoreInbox
from ballyhoo.core.tracking import identify_url
from ballyhoo.core.web.recorder import Seen, store_seen
from ballyhoo.core.workspace import Workspace
from ballyhoo.testing import SimulatedClock

CLICKS = 0.26
"""The share of those who get a message that follow it."""

LIKED = {"story": 1.4}
"""By which factor a variant is followed more."""

BUYS = 0.42
"""The share of those who follow that buy."""

LEAVES = 0.004
FOLDER = "shop/since"
SEED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What a day brought: numbers of messages, clicks, orders, and orders that messages led to."""

    sent: int
    clicks: int
    orders: int
    led_to: int


class Weeks:
    """The time after the campaigns were started.

    Args:
        folder: The workspace.
        clock: Its clock, which this moves.
        shop: The sample shop, which goes on for as long as is asked for.
    """

    def __init__(self, folder: Path, clock: SimulatedClock, shop: SampleShop) -> None:
        self.workspace = Workspace(folder, clock)
        self.clock = clock
        self.shop = shop
        self._random = Random(SEED)
        self._people = {one.key: one for one in shop.people}
        self._wares = {one.sku: one for one in shop.products}
        self._seen: set[int] = set()
        self._clicks: list[Seen] = []
        self._leaving: list[tuple[datetime, int]] = []
        self._orders: list[SampleOrder] = []
        self._shown = ShownProducts()

    def pass_day(self) -> Day:
        """Let a day pass."""
        since = self.clock.now()
        until = since + timedelta(days=1)
        with open_engine(self.workspace) as engine:
            self._work(engine, until)
            sent = self._react(engine)
            clicks = self._tell_clicks(engine)
            orders, led_to = self._tell_shop(engine, since, until)
        return Day(sent=sent, clicks=clicks, orders=orders, led_to=led_to)

    def _work(self, engine: Engine, until: datetime) -> None:
        """Work on all open runs, each time that something of them is due."""
        while True:
            with engine.store.read() as connection:
                rows = [one for one in list_open_runs(connection) if one.state != "paused"]
            ends = [run_here(engine, row.id).next_due_at for row in rows]
            moments = [from_moment(at) for at in ends if at is not None]
            if not moments or min(moments) > until:
                break
            self.clock.set(max(min(moments), self.clock.now() + timedelta(milliseconds=50)))
        self.clock.set(max(until, self.clock.now()))

    def _react(self, engine: Engine) -> int:
        """Draw what people do because of messages that left; return how many did."""
        found = (
            select(
                messages.c.id, customers.c.key, messages.c.variant, messages.c.sent_at,
                messages.c.content,
            )
            .join(customers, customers.c.id == messages.c.recipient)
            .where(messages.c.state == "sent")
            .order_by(messages.c.id)
        )  # fmt: skip
        with engine.store.read() as connection:
            rows = [one for one in connection.execute(found) if one.id not in self._seen]
            skus: dict[int, str] = dict(
                connection.execute(select(products.c.id, products.c.sku)).tuples().all()
            )
        for row in rows:
            self._seen.add(row.id)
            shown = [skus[int(one["id"])] for one in row.content.get("products") or ()]
            if self._happens(LEAVES):
                self._leaving.append((self._soon(row.sent_at), row.id))
            elif shown and self._happens(CLICKS * LIKED.get(row.variant, 1.0)):
                sku, at = self._random.choice(shown), self._soon(row.sent_at)
                if self._people[row.key].told["consent_tracking"] == "yes":
                    url = f"{SHOP}/products/{sku.lower()}"
                    self._clicks.append(
                        Seen(kind="click", message_id=row.id, at=to_moment(at),
                             link=identify_url(url), url=url)
                    )  # fmt: skip
                if self._happens(BUYS):
                    self._orders.append(self._order(row, sku, at + timedelta(minutes=6)))
        return len(rows)

    def _order(self, row: Any, sku: str, at: datetime) -> SampleOrder:
        person, product = self._people[row.key], self._wares[sku]
        offer = row.content.get("offer") or {}
        share = int(str(offer.get("discount") or "0%").rstrip("%"))
        return SampleOrder(
            key=f"F{row.key.removeprefix('C-')}M{row.id}",
            person=person,
            lines=((product, 1),),
            discount_cents=product.cents * share // 100,
            code=offer.get("code") or "",
            placed_at=at,
            shipped_at=at + timedelta(hours=30),
            delivered_at=at + timedelta(hours=80),
            cancelled_at=None,
            returned_at=None,
        )

    def _tell_clicks(self, engine: Engine) -> int:
        """Tell of the clicks, and of those who leave, up to now; return how many clicks."""
        now = self.clock.now()
        due = [one for one in self._clicks if one.at <= to_moment(now)]
        self._clicks = [one for one in self._clicks if one.at > to_moment(now)]
        keys = [f"demo:{one.message_id}" for one in due]
        with engine.store.begin() as connection:
            store_seen(connection, due, keys, self._shown)
        inbox = StoreInbox(engine.store, source="demo", clock=self.clock)
        for at, message in self._leaving:
            if at <= now:
                inbox.withdraw_consent(message)
        self._leaving = [one for one in self._leaving if one[0] > now]
        inbox.close()
        return len(due)

    def _tell_shop(self, engine: Engine, since: datetime, until: datetime) -> tuple[int, int]:
        """Import what the shop's people did within a time; return numbers of new orders."""
        shop = replace(self.shop, orders=[*self.shop.orders, *self._orders])
        folder = self.workspace.folder / FOLDER
        files = {
            "orders.jsonl": write_changed_orders(shop, since, until),
            "events.csv": write_looks(shop, since, until),
        }
        write_files({name: text for name, text in files.items() if text}, folder)
        for name, text in files.items():
            if text:
                Import(engine.store, name.partition(".")[0], folder / name).run()
        led_to = sum(since <= one.placed_at < until for one in self._orders)
        return sum(since <= one.placed_at < until for one in shop.orders), led_to

    def _soon(self, sent_at: int) -> datetime:
        hours = min(60.0, self._random.expovariate(1 / 7))
        return from_moment(sent_at) + timedelta(seconds=40, hours=hours)

    def _happens(self, share: float) -> bool:
        return self._random.random() < share
