"""A shop with a knowledge base, customers, orders and products, and who asks it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ballyhoo import Brief, Copy, Customer, Provenance, Reason, Recommendation, Reply, hookimpl
from ballyhoo.core.answering.answerer import Answerer
from ballyhoo.core.answering.asked import Asked
from ballyhoo.core.campaign import load_campaign
from ballyhoo.core.engine.engine import Engine, open_engine
from ballyhoo.core.store.rows import (
    ArticleRow,
    CustomerRow,
    OrderLineRow,
    OrderRow,
    ProductRow,
    dump_json,
)
from ballyhoo.core.store.segments import find_customer
from ballyhoo.core.store.writers import open_writer
from ballyhoo.core.workspace import Workspace
from ballyhoo.testing import SimulatedClock

KEYS = """\
assignment_key = "an assignment key of tests"
suppression_key = "a suppression key of tests"
"""
NOW = datetime(2026, 3, 9, 9, tzinfo=UTC)
ARTICLES = (
    ArticleRow("delivery", "How long delivery takes", "Parcels leave our barn on the next working "
        "day and take two to four days. Express takes one day and costs 9.90 EUR.", "en",
        ("How long does delivery take?", "When will my parcel be here?", "How fast do you ship?"),
        "delivery_time"),
    ArticleRow("returns", "Sending something back", "You can send back anything unworn within 30 "
        "days. The label lies in [your account](https://shop.example/account).\n\nSale items "
        "cannot be returned.", "en",
        ("How do I return shoes that do not fit?", "Can I send something back?",
         "What is your return policy?"), "returns"),
    ArticleRow("payment", "Ways to pay", "You can pay by card, by PayPal, or by invoice.", "en",
        ("How can I pay?", "Do you take credit cards?", "Can I pay by invoice?"), "payment"),
    ArticleRow("sizes", "Which size is right", "Trail shoes run small: take half a size more.",
        "en", ("Do the shoes run small?", "Which size should I take?"), "sizes"),
    ArticleRow("care", "Caring for boots", "Brush them, then use wax. Never dry them at a stove.",
        "en", ("How do I clean leather boots?", "How do I look after my boots?"), "care"),
    ArticleRow("pickup", "Pick-up in Vienna", "You can pick up your order in Vienna.", "en",
        ("Can I pick up my order in Vienna?", "Do you have a shop in Vienna?"), "pickup",
        "country = 'AT'"),
    ArticleRow("returns", "Etwas zurückschicken", "Ungetragenes können Sie binnen 30 Tagen "
        "zurückschicken. Das Etikett liegt in Ihrem Konto.", "de",
        ("Wie schicke ich Schuhe zurück, die nicht passen?", "Kann ich etwas zurückgeben?"),
        "returns"),
    ArticleRow("lieferung", "Lieferzeit", "Pakete brauchen zwei bis vier Tage.", "de",
        ("Wie lange dauert die Lieferung?", "Wann kommt mein Paket an?"), "delivery_time"),
    ArticleRow("zahlung", "付款方式", "您可以使用支付宝、微信支付或信用卡付款。", "zh",
        ("可以用什么方式付款?", "能用支付宝吗?"), "payment"),
)  # fmt: skip
PEOPLE = {
    "C-1": ("ada@customers.example", "Ada", "Lindqvist", "AT", "W-7001"),
    "C-2": ("kim@customers.example", "Kim", "Oyelaran", "DE", "W-7002"),
    "C-3": ("noor@customers.example", "Noor", "Ashgrove", "GB", "W-7003"),
    "C-4": ("eve@customers.example", "Eve", "Marchetti", "DE", None),
}
"""Address, first and last name, country, number of the order, by the shop's id."""


class Shelf:
    """Recommends the first products."""

    @hookimpl
    def recommend(self, context: Any, customers: list[Customer]) -> list[list[Recommendation]]:
        reason = Reason(kind="popular")
        chosen = [
            Recommendation(
                product_id=one.id, score=1.0, reason=reason, is_fallback=customers[0].id == 0
            )
            for one in context.store.products()[:2]
        ]
        return [chosen for _ in customers]


class Scribe:
    """Writes what a test tells it to, and keeps the briefs."""

    def __init__(self) -> None:
        self.write: Callable[[Brief], str] = lambda brief: ""
        self.briefs: list[Brief] = []

    @hookimpl
    def generate(self, context: Any, briefs: list[Brief]) -> list[Copy]:
        self.briefs += briefs
        by = Provenance(generator="scribe", model="toy")
        return [Copy(fields={"body": self.write(one)}, provenance=by) for one in briefs]


class Desk:
    """Answers questions in the shop.

    Attributes:
        engine: Works for it.
        scribe: The plugin `scribe`.
        clock: Stands still until a test moves it.
    """

    def __init__(self, engine: Engine, scribe: Scribe, clock: SimulatedClock) -> None:
        self.engine, self.scribe, self.clock = engine, scribe, clock
        self._answerers: dict[str, Answerer] = {}

    def ask(self, text: str, who: str | None = None, *, recipe: str = "", **told: Any) -> Reply:
        """Return the reply to a question; nothing is kept."""
        found = None if who is None else find_customer(self.engine.store, who)
        asked = Asked(
            text=text, key="k", source="tests", at=self.clock.now(), customer_id=found, **told
        )
        (reply,) = self.answerer(recipe).try_out([asked])
        return reply

    def talk(self, *texts: str) -> Reply:
        """Ask one question after the other in one conversation, and return the last reply."""
        for number, text in enumerate(texts):
            self.clock.advance(timedelta(minutes=1))
            asked = Asked(
                text=text, key=f"{texts}{number}", source="tests", at=self.clock.now(),
                conversation_id=str(texts),
            )  # fmt: skip
            (answered,) = self.answerer("").answer([asked])
        return answered.reply

    def answerer(self, recipe: str) -> Answerer:
        """Return what answers by `respond` with some more lines of a recipe."""
        if recipe not in self._answerers:
            path = self.engine.folder / f"answers-{len(self._answerers)}.yaml"
            text = "respond: {plugin: faq_responder}\n" + recipe
            path.write_text(text if "respond" not in recipe else recipe)
            campaign = load_campaign(
                path, registry=self.engine.registry, workspace=self.engine.folder
            )
            self._answerers[recipe] = Answerer(self.engine, campaign)
        return self._answerers[recipe]

    def add_articles(self, *articles: ArticleRow) -> None:
        with open_writer(self.engine.store, "articles", now=self.clock.now()) as writer:
            assert not writer.write(list(articles)).rejected


@contextmanager
def open_desk(folder: Path) -> Iterator[Desk]:
    """Make the shop in a folder."""
    (folder / "ballyhoo.toml").write_text(KEYS)
    clock, scribe, workspace = SimulatedClock(NOW), Scribe(), Workspace(folder)
    workspace.registry.add("shelf", Shelf(), version="1.0", origin="tests")
    workspace.registry.add("scribe", scribe, version="1.0", origin="tests")
    with open_engine(workspace, clock=clock, works=False) as engine:
        _fill(engine)
        desk = Desk(engine, scribe, clock)
        desk.add_articles(*ARTICLES)
        yield desk


def show(reply: Reply) -> str:
    """Return everything that a reply says."""
    return json.dumps(asdict(reply), ensure_ascii=False, default=_show)


def _show(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else str(value)


def _fill(engine: Engine) -> None:
    at = int((NOW - timedelta(days=4)).timestamp() * 1000)
    people = [
        CustomerRow(key, email=email, first_name=first, last_name=last, country=country)
        for key, (email, first, last, country, _) in PEOPLE.items()
    ]
    products = [
        ProductRow("TRN-1", stock=5, attributes=dump_json({"sole": "cork", "colour": "moss"}),
                   url="https://shop.example/tarn", texts=(("en", "Tarn trail shoe", None),
                   ("de", "Tarn Trailschuh", None)), prices=(("EUR", 11900, 14900),)),
        ProductRow("EMB-1", stock=0, url="https://shop.example/ember",
                   texts=(("en", "Ember gas stove", None),), prices=(("EUR", 4900, None),)),
    ]  # fmt: skip
    orders = [
        OrderRow(number, key, "shipped", at, at + 86_400_000, f"https://parcels.example/{number}",
                 "EUR", 11900, None, None, None, None,
                 (OrderLineRow("TRN-1", f"Shoe of {first}", 1, 11900),))
        for key, (_, first, _, _, number) in PEOPLE.items()
        if number is not None
    ]  # fmt: skip
    for kind, rows in (("customers", people), ("products", products), ("orders", orders)):
        with open_writer(engine.store, kind, now=NOW) as writer:
            assert not writer.write(rows).rejected
