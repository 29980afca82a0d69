"""What a recipient and her products are in numbers: the context that a bandit learns from.

The vector has the same length and meaning for everybody, whatever the shop. Amounts and counts are
drawn together by logarithms, days by decay, to between 0 and 1. Words are put into a fixed number
of places by the hashing trick with signs (Weinberger et al., Feature Hashing for Large Scale
Multitask Learning, ICML 2009), and each such part has length 1, or 0 when there is no word.
"""

from __future__ import annotations

import math
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence

from .customer import Customer, TraitValue
from .product import Product

CATEGORY_PLACES = 16
WORD_PLACES = 32

PROFILE = (
    "constant", "has_ordered", "orders", "pieces", "returned", "spent",
    "ordered_lately", "ordered_this_half_year", "viewed_lately", "seen_lately", "views",
    "is_due_again",
)  # fmt: skip
PRODUCTS = ("products", "price", "cheaper_than_hers", "dearer_than_hers", "reduced", "in_stock")

VECTOR_NAMES: tuple[str, ...] = (
    *PROFILE,
    *(f"favourite_category_{place}" for place in range(CATEGORY_PLACES)),
    *PRODUCTS,
    *(f"product_category_{place}" for place in range(CATEGORY_PLACES)),
    *(f"product_word_{place}" for place in range(WORD_PLACES)),
)
"""What stands in each place of the vector."""

_WORD = re.compile(r"\w{2,}")
_MOST_WORDS = 200


def make_vector(customer: Customer, products: Sequence[Product]) -> tuple[float, ...]:
    """Return the vector of a recipient and what is recommended to her, aligned to `VECTOR_NAMES`.

    Args:
        customer: With her rolled-up traits; what is not known counts as nothing.
        products: Best first; the order makes no difference.
    """
    traits = customer.traits
    favourite = traits.get("favourite_category")
    return (
        *_describe_profile(traits),
        *_hash_words([str(favourite)] if favourite else [], CATEGORY_PLACES),
        *_describe_products(traits, products),
        *_hash_words((name for one in products for name in one.category), CATEGORY_PLACES),
        *_hash_words(_list_words(customer.language, products), WORD_PLACES),
    )


def _describe_profile(traits: Mapping[str, TraitValue]) -> tuple[float, ...]:
    orders, pieces = _read(traits, "orders"), _read(traits, "pieces")
    rhythm = _read(traits, "reorder_days")
    since = traits.get("days_since_last_order")
    return (
        1.0,
        float(orders > 0),
        _shrink(orders, 50),
        _shrink(pieces, 200),
        min(1.0, _read(traits, "returned_pieces") / pieces) if pieces else 0.0,
        _shrink(_read(traits, "total_spent"), 10_000),
        _decay(since, 30),
        _decay(since, 180),
        _decay(traits.get("days_since_last_view"), 14),
        _decay(traits.get("days_since_last_seen"), 30),
        _shrink(_read(traits, "views"), 200),
        min(1.0, _read(traits, "days_since_last_order") / (2 * rhythm)) if rhythm else 0.0,
    )


def _describe_products(
    traits: Mapping[str, TraitValue], products: Sequence[Product]
) -> tuple[float, ...]:
    if not products:
        return (0.0,) * len(PRODUCTS)
    currency = traits.get("currency")
    prices = [price for one in products if (price := _find_price(one, currency)) is not None]
    low, high = _read(traits, "price_low"), _read(traits, "price_high")
    return (
        min(1.0, len(products) / 9),
        _shrink(sum(prices) / len(prices), 10_000) if prices else 0.0,
        _mean(price < low for price in prices) if low else 0.0,
        _mean(price > high for price in prices) if high else 0.0,
        _mean(any(_is_reduced(one, name) for name in one.prices) for one in products),
        _mean(one.stock != 0 for one in products),
    )


def _find_price(product: Product, currency: TraitValue) -> float | None:
    amount = product.prices.get(str(currency)) or next(iter(product.prices.values()), None)
    return None if amount is None else float(amount)


def _is_reduced(product: Product, currency: str) -> bool:
    before = product.list_prices.get(currency)
    return before is not None and before > product.prices[currency]


def _list_words(language: str | None, products: Iterable[Product]) -> list[str]:
    texts = [f"{one.title(language)} {one.brand or ''} {' '.join(one.tags)}" for one in products]
    return _WORD.findall(" ".join(texts).casefold())[:_MOST_WORDS]


def _hash_words(words: Iterable[str], places: int) -> list[float]:
    counts = [0.0] * places
    for word in words:
        hashed = zlib.crc32(word.encode("utf-8", "replace"))
        counts[hashed % places] += 1.0 if hashed & 0x8000_0000 else -1.0
    length = math.sqrt(sum(count * count for count in counts))
    return [count / length for count in counts] if length else counts


def _read(traits: Mapping[str, TraitValue], name: str) -> float:
    value = traits.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return 0.0
    return max(0.0, float(value))


def _shrink(value: float, whole: float) -> float:
    """Return 0 for nothing and 1 for `whole` and more."""
    return min(1.0, math.log1p(value) / math.log1p(whole))


def _decay(days: TraitValue, length: float) -> float:
    """Return 1 for today, and near 0 for what is longer ago than a few lengths, or never was."""
    if isinstance(days, bool) or not isinstance(days, int | float) or not math.isfinite(days):
        return 0.0
    return math.exp(-max(0.0, float(days)) / length)


def _mean(flags: Iterable[bool]) -> float:
    values = list(flags)
    return sum(values) / len(values) if values else 0.0
