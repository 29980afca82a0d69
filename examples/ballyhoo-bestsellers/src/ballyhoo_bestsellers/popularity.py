"""Popularity that fades: how much of each product was bought lately, per country and category."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from ballyhoo import DataError, Event, Product

EVERYWHERE = ""
"""The country of the sums over all countries, customers of unknown country included."""

MOST_KEPT = 200
"""Products kept for each country and category; nobody reads further down."""

FORMAT = 1

SIGNS = {"purchase": 1, "return": -1}
"""What counts: a piece that came back was not liked, and is taken off again."""

Shelf = dict[int, float]
"""Faded pieces by product id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Popularity:
    """What sells.

    Attributes:
        pieces: By country, then by category path: pieces bought, faded with their age. The
            country `EVERYWHERE` holds the sums.
    """

    pieces: Mapping[str, Mapping[tuple[str, ...], Shelf]]

    def country(self, country: str | None) -> Shelf:
        """Return the faded pieces of a country by product; empty for one without sales."""
        shelves = self.pieces.get(EVERYWHERE if country is None else country, {}).values()
        return {product: pieces for shelf in shelves for product, pieces in shelf.items()}


class PopularityCounter:
    """Adds events up, each faded by its age.

    Args:
        now: The moment that ages are measured from.
        half_life: After this time a purchase counts half.
        products: The products there are, by id; events of others are not counted.
    """

    def __init__(
        self, *, now: datetime, half_life: timedelta, products: Mapping[int, Product]
    ) -> None:
        self._now = now
        self._half_life = half_life
        self._products = products
        self._pieces: defaultdict[tuple[str, int], float] = defaultdict(float)

    def add(self, events: Iterable[Event], countries: Mapping[int, str | None]) -> None:
        """Count events.

        Args:
            events: In any order; other types than those of `SIGNS` are passed over.
            countries: The country of each customer, by id, as far as it is known.
        """
        for event in events:
            sign = SIGNS.get(event.type)
            if sign is None or event.product_id is None or event.product_id not in self._products:
                continue
            pieces = sign * event.quantity * 0.5 ** ((self._now - event.at) / self._half_life)
            country = countries.get(event.customer_id) if event.customer_id is not None else None
            self._pieces[EVERYWHERE, event.product_id] += pieces
            if country:
                self._pieces[country, event.product_id] += pieces

    def finish(self) -> Popularity:
        """Return what was counted: the best of each country and category."""
        shelves: defaultdict[str, defaultdict[tuple[str, ...], Shelf]] = defaultdict(
            lambda: defaultdict(dict)
        )
        # Best first, and of equals the smaller id, so that the same events make the same file.
        for (country, product_id), pieces in sorted(
            self._pieces.items(), key=lambda item: (item[0][0], -item[1], item[0][1])
        ):
            shelf = shelves[country][self._products[product_id].category]
            if pieces > 0 and len(shelf) < MOST_KEPT:
                shelf[product_id] = round(pieces, 6)
        return Popularity(pieces=shelves)


def write_popularity(popularity: Popularity, path: Path) -> None:
    """Write it as JSON, the same bytes for the same popularity."""
    rows = [
        {"country": country, "category": list(category), "pieces": list(shelf.items())}
        for country, categories in sorted(popularity.pieces.items())
        for category, shelf in sorted(categories.items())
        if shelf
    ]
    text = json.dumps({"format": FORMAT, "rows": rows}, ensure_ascii=False)
    path.write_text(text, encoding="utf-8")


def read_popularity(path: Path) -> Popularity:
    """Read what `write_popularity` wrote.

    Raises:
        DataError: The file is not one, or of another version.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["format"] != FORMAT:
            raise ValueError
        pieces: dict[str, dict[tuple[str, ...], Shelf]] = {}
        for row in data["rows"]:
            shelf = {int(product): float(faded) for product, faded in row["pieces"]}
            pieces.setdefault(row["country"], {})[tuple(row["category"])] = shelf
    except (ValueError, KeyError, TypeError):
        raise DataError(
            f"{path.name} was not trained by this version of bestsellers", hint="train it again"
        ) from None
    return Popularity(pieces=pieces)
