"""What is known of the products of a brief, as words to compare a copy with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from ballyhoo import Brief, Product

from .reading import HAN, read
from .words import Finder

MOST_CHARS = 20_000
"""Of one product's text, so much is read."""

TOKEN = re.compile(rf"[^\W\d_{HAN}]+|\d+(?:[.,]\d+)*|[{HAN}]|[^\w\s]")


def split_tokens(text: str) -> list[str]:
    """Return words, numbers, Chinese characters and signs, one by one."""
    return TOKEN.findall(text)


class Facts:
    """The words of a brief's products and of its occasion.

    Args:
        brief: What the generator was told.
    """

    def __init__(self, brief: Brief) -> None:
        self._brief = brief

    @cached_property
    def text(self) -> str:
        """Everything that is said of the products, without diacritics, in lower case."""
        parts = ["\n".join(list_texts(one.product))[:MOST_CHARS] for one in self._brief.products]
        return read("\n".join([*parts, self._brief.occasion or ""])).bare

    @cached_property
    def _spaced(self) -> str:
        return f" {' '.join(split_tokens(self.text))} "

    def hold(self, tokens: list[str]) -> bool:
        """Whether these tokens stand there one after the other."""
        return f" {' '.join(tokens)} " in self._spaced

    def match(self, finder: Finder) -> bool:
        """Whether something is found there."""
        return finder.search(self.text) is not None

    @cached_property
    def has_reduced_price(self) -> bool:
        """Whether the list price of one of the products is above its price."""
        return any(is_reduced(one.product) for one in self._brief.products)


def is_reduced(product: Product) -> bool:
    """Whether a product's list price is above its price."""
    return any(
        product.list_prices[currency] > price
        for currency, price in product.prices.items()
        if currency in product.list_prices
    )


def list_texts(product: Product) -> Iterator[str]:
    """Yield what a shop says of a product: no price, no stock."""
    yield from product.titles.values()
    yield from product.descriptions.values()
    yield from (f"{name}: {value}" for name, value in product.attributes.items())
    yield from product.tags
    yield from product.category
    if product.brand:
        yield product.brand
