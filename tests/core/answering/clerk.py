"""A plugin that answers what a test tells it to, and keeps what it was asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from ballyhoo import Enquiry, Reply, hookimpl
from ballyhoo.core.answering.answerer import Answerer
from ballyhoo.core.answering.asked import Answered, Asked
from ballyhoo.core.store.rows import ArticleRow, OrderLineRow, OrderRow
from ballyhoo.core.store.writers import open_writer

from ..engine.shop import Shop

RECIPE = "respond: {plugin: clerk}\n"


class Clerk:
    """Answers by a function of the enquiry."""

    def __init__(self) -> None:
        self.asked: list[Enquiry] = []
        self.answer: Callable[[Enquiry], Reply] = lambda one: Reply(text="Yes.", confidence=0.9)

    @hookimpl
    def respond(self, context: Any, enquiries: list[Enquiry]) -> list[Reply]:
        self.asked += enquiries
        return [self.answer(one) for one in enquiries]


def make_answerer(shop: Shop, recipe: str = RECIPE) -> Answerer:
    return Answerer(shop.engine, shop.load(recipe, "answers.yaml"))


def ask(shop: Shop, text: str = "Where is it?", key: str = "q1", **told: Any) -> Answered:
    """Ask one question and return what became of it."""
    told.setdefault("at", shop.clock.now())
    asked = Asked(text=text, key=key, source="tests", **told)
    (answered,) = make_answerer(shop).answer([asked])
    return answered


def add_articles(shop: Shop, *articles: ArticleRow) -> None:
    with open_writer(shop.store, "articles", now=shop.clock.now()) as writer:
        assert not writer.write(list(articles)).rejected


def add_order(
    shop: Shop,
    name: str,
    number: str,
    *,
    state: str = "shipped",
    title: str = "Tarn shoe",
    placed: timedelta = timedelta(days=3),
) -> None:
    """Add an order of two pairs, placed some time ago."""
    at = _moment(shop.clock.now() - placed)
    row = OrderRow(
        number, name, state, at, at + 3_600_000 if state == "shipped" else None,
        "https://parcels.example/42", "EUR", 23_800, None, None, None, None,
        (OrderLineRow("tarn", title, 2, 23_800),),
    )  # fmt: skip
    with open_writer(shop.store, "orders", now=shop.clock.now()) as writer:
        assert not writer.write([row]).rejected


def _moment(at: datetime) -> int:
    return int(at.timestamp() * 1000)
