"""A product, and a recommendation of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

ReasonKind = Literal[
    "bought", "viewed", "goes_with", "similar", "popular", "new", "own_history", "promoted"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A thing sold.

    Attributes:
        id: Ballyhoo's own integer id.
        sku: The shop's id of it.
        titles: Title by language (BCP 47).
        descriptions: Description by language, plain text.
        category: Path from the widest to the narrowest (`("clothing", "shoes")`).
        brand: Maker, or None.
        tags: Free words.
        prices: Price by ISO 4217 currency.
        list_prices: Price before reduction by currency; missing when there is none.
        stock: Pieces left; None when it is not counted.
        url: Where it is sold, or None.
        image_url: Its picture, or None.
        attributes: Free facts (`material`, `fit`).
    """

    id: int
    sku: str
    titles: Mapping[str, str]
    descriptions: Mapping[str, str] = field(default_factory=dict)
    category: tuple[str, ...] = ()
    brand: str | None = None
    tags: tuple[str, ...] = ()
    prices: Mapping[str, Decimal] = field(default_factory=dict)
    list_prices: Mapping[str, Decimal] = field(default_factory=dict)
    stock: int | None = None
    url: str | None = None
    image_url: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)

    def title(self, language: str | None = None) -> str:
        """Return the title in `language`, else in its base language, else in any, else the sku."""
        for tag in (language, language.split("-")[0]) if language else ():
            if tag in self.titles:
                return self.titles[tag]
        return next(iter(self.titles.values()), self.sku)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a product was recommended, in a form that a template can put into words.

    Attributes:
        kind: One of `ReasonKind`.
        product_id: The product that led to it (`bought`, `viewed`, `goes_with`, `similar`).
        category: The category it is popular or new in.
    """

    kind: ReasonKind
    product_id: int | None = None
    category: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """One recommended product.

    Attributes:
        product_id: Which.
        score: Higher is better; comparable within one customer's list only.
        reason: Why, as a customer may read it.
        is_fallback: Whether it was chosen without knowing anything of her, such as what sells
            best: plans and receipts count those who got nothing else.
    """

    product_id: int
    score: float
    reason: Reason
    is_fallback: bool = False
