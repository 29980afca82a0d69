"""Finds the products that a question names, by the words of their titles."""

from __future__ import annotations

import json
import math
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ballyhoo import Product

from .topics import fold

FILE = "catalogue.json"
ENOUGH = 0.6
"""So much of what a title says, rare words counting more, must be named."""
MOST_PRODUCTS = 3
_WORD = re.compile(r"\w+")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A product that a question names.

    Attributes:
        product_id: Which.
        share: How much of its title was named, in (0, 1].
    """

    product_id: int
    share: float


class Catalogue:
    """The titles of all products, as they were when it was trained.

    Args:
        titles: Pairs of a product's id and one of its titles, or its sku.
    """

    def __init__(self, titles: Iterable[tuple[int, str]]) -> None:
        self._titles = [(product, fold(title).casefold()) for product, title in titles]
        self._words = [tuple(dict.fromkeys(_split(title))) for _, title in self._titles]
        places: dict[str, list[int]] = defaultdict(list)
        for place, words in enumerate(self._words):
            for word in words:
                places[word].append(place)
        self._places = dict(places)
        self._most = max(3, len(self._titles) // 50)
        self._unspaced = [
            place for place, (_, title) in enumerate(self._titles) if _UNSPACED.search(title)
        ]

    def find(self, text: str) -> list[Named]:
        """Return the products that a text names: the best, and those that are named as well."""
        asked = fold(text).casefold()
        words = {form for word in _split(asked) for form in _forms(word)}
        shares: dict[int, float] = {}
        rare = {
            place
            for word in words
            if len(self._places.get(word, ())) <= self._most
            for place in self._places.get(word, ())
        }
        for place in rare:
            title = self._words[place]
            known = sum(self._weigh(word) for word in title if word in words)
            share = known / sum(self._weigh(word) for word in title)
            self._note(shares, place, share)
        for place in self._unspaced:
            if self._titles[place][1] in asked:
                self._note(shares, place, 1.0)
        good = sorted(
            (Named(product_id=product, share=share) for product, share in shares.items()
             if share >= ENOUGH),
            key=lambda one: (-one.share, one.product_id),
        )  # fmt: skip
        return [one for one in good if one.share >= good[0].share - 0.05][:MOST_PRODUCTS]

    def save(self, folder: Path) -> None:
        """Write it into the folder of an artifact."""
        (folder / FILE).write_text(json.dumps(self._titles, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Catalogue:
        """Read what `save` wrote."""
        return cls(json.loads((folder / FILE).read_text(encoding="utf-8")))

    def _weigh(self, word: str) -> float:
        return math.log(1 + (len(self._titles) + 1) / len(self._places[word]))

    def _note(self, shares: dict[int, float], place: int, share: float) -> None:
        product = self._titles[place][0]
        shares[product] = max(share, shares.get(product, 0.0))


def list_titles(products: Iterable[Product]) -> list[tuple[int, str]]:
    """Return what each product is called in any language, and its sku."""
    return [
        (product.id, name)
        for product in products
        for name in dict.fromkeys((*product.titles.values(), product.sku))
    ]


def _split(text: str) -> list[str]:
    return [word for word in _WORD.findall(text) if len(word) > 1 or word.isdigit()]


def _forms(word: str) -> tuple[str, ...]:
    """Return a word and its singular, as far as an ending tells it."""
    for ending in ("es", "s", "en", "n"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return (word, word[: -len(ending)])
    return (word,)
