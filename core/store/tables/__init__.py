"""The tables of the store, by subject; `metadata` holds all of them."""

from __future__ import annotations

from .assets import assets
from .audit import audit
from .catalogue import (
    product_categories,
    product_prices,
    product_texts,
    products,
    reviews,
    skus,
    variant_prices,
    variants,
)
from .columns import metadata
from .consent import addresses, consents, erased_keys, key_checks, standings, suppressions
from .events import events, profiles, stale_profiles
from .knowledge import WORDLESS, articles, enquiries, replies
from .ledger import (
    batches,
    copies,
    lessons,
    links,
    message_events,
    messages,
    owners,
    propensities,
    rates,
    runs,
)
from .listeners import listeners
from .orders import order_lines, orders
from .people import customers
from .preferences import declined_topics, preferences

__all__ = [
    "WORDLESS",
    "addresses",
    "articles",
    "assets",
    "audit",
    "batches",
    "consents",
    "copies",
    "customers",
    "declined_topics",
    "enquiries",
    "erased_keys",
    "events",
    "key_checks",
    "lessons",
    "links",
    "listeners",
    "message_events",
    "messages",
    "metadata",
    "order_lines",
    "orders",
    "owners",
    "preferences",
    "product_categories",
    "product_prices",
    "product_texts",
    "products",
    "profiles",
    "propensities",
    "rates",
    "replies",
    "reviews",
    "runs",
    "skus",
    "stale_profiles",
    "standings",
    "suppressions",
    "variant_prices",
    "variants",
]
