"""Writes products with their texts, prices and variants, whole."""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import Connection

from ..bulk import (
    Row as Values,
)
from ..bulk import (
    delete_rows,
    insert_rows,
    lock_writers,
    match_any,
    open_cursor,
    select_rows,
    take_ids,
    update_rows,
)
from ..ordinals import hash_nested
from ..rows import Counts, dump_json
from ..tables import (
    product_categories,
    product_prices,
    product_texts,
    products,
    skus,
    variant_prices,
    variants,
)
from .writer import Row, Writer

COLUMNS = (
    "category",
    "widest_category",
    "narrowest_category",
    "brand",
    "tags",
    "stock",
    "url",
    "image_url",
    "attributes",
    "changed_at",
    "content",
)


class ProductWriter(Writer):
    """Writes `ProductRow`s; each is what its last row says."""

    chunk_rows = 2_000

    def get_key(self, row: Row) -> str:
        """Return the shop's id."""
        key: str = row[0]
        return key

    def write_chunk(self, connection: Connection, rows: list[tuple[int, Row]]) -> Counts:
        """Write products with their indexes within one transaction."""
        lock_writers(connection, "products")
        told = {row[0]: (row, hash_nested(row)) for _, row in rows}
        known = {
            found[0]: found[1:]
            for found in select_rows(
                connection,
                products,
                ("sku", "id", "content", "narrowest_category", "brand"),
                "sku",
                told,
            )
        }
        ids = dict(
            zip(
                [sku for sku in told if sku not in known],
                take_ids(connection, products, len(told) - len(known)),
                strict=True,
            )
        )
        now = time.time_ns() // 1_000_000
        new = [
            (ids[sku], sku, now, *_flatten(row, content, now))
            for sku, (row, content) in told.items()
            if sku in ids
        ]
        changed = [
            (known[sku][0], *_flatten(row, content, now))
            for sku, (row, content) in told.items()
            if sku in known and known[sku][1] != content
        ]
        insert_rows(connection, products, ("id", "sku", "created_at", *COLUMNS), new)
        update_rows(connection, products, "id", COLUMNS, changed)
        written = {row[0] for row in new} | {row[0] for row in changed}
        ids.update((sku, found[0]) for sku, found in known.items())
        parts = {ids[sku]: row for sku, (row, _) in told.items() if ids[sku] in written}
        _replace_parts(connection, {row[0] for row in changed}, parts)
        moved = {
            known[sku][0]
            for sku, (row, _) in told.items()
            if sku in known and (row[1][-1] if row[1] else None, row[2]) != known[sku][2:]
        }
        _mark_buyers(connection, moved)
        return Counts(
            new=len(new),
            updated=len(changed),
            unchanged=len(rows) - len(new) - len(changed),
        )


def _flatten(row: Row, content: str, now: int) -> Values:
    _, category, brand, tags, stock, url, image_url, attributes, *_ = row
    return (
        dump_json(list(category)),
        category[0] if category else None,
        category[-1] if category else None,
        brand,
        dump_json(list(tags)),
        stock,
        url,
        image_url,
        attributes or "{}",
        now,
        content,
    )


def _replace_parts(connection: Connection, changed: set[int], parts: dict[int, Row]) -> None:
    """Write what hangs on products; what hung on the changed ones before goes."""
    for table in (product_categories, product_texts, product_prices, skus):
        delete_rows(connection, table, "product_id", changed)
    kept = _write_variants(connection, changed, parts)
    categories: list[Values] = []
    texts: list[Values] = []
    prices: list[Values] = []
    names: list[Values] = []
    for product, row in parts.items():
        categories += [(product, place, name) for place, name in enumerate(row[1])]
        texts += {text[0]: (product, *text) for text in row[8]}.values()
        prices += {price[0]: (product, *price) for price in row[9]}.values()
        names.append((row[0], product, None))
    insert_rows(connection, product_categories, ("product_id", "position", "name"), categories)
    columns: tuple[str, ...] = ("product_id", "language", "title", "description")
    insert_rows(connection, product_texts, columns, texts)
    columns = ("product_id", "currency", "amount", "list_amount")
    insert_rows(connection, product_prices, columns, prices)
    # A product's own id is its own, whatever other products call their variants.
    owned = "(sku) DO UPDATE SET product_id = excluded.product_id, variant_id = excluded.variant_id"
    columns = ("sku", "product_id", "variant_id")
    insert_rows(connection, skus, columns, names, on_conflict=owned)
    insert_rows(connection, skus, columns, kept)


def _write_variants(
    connection: Connection, changed: set[int], parts: dict[int, Row]
) -> list[Values]:
    """Write the variants of products, and return the row of `skus` for each."""
    before = {
        (product, sku): variant
        for variant, product, sku in select_rows(
            connection, variants, ("id", "product_id", "sku"), "product_id", changed
        )
    }
    told: dict[tuple[int, str], Any] = {
        (product, variant[0]): variant for product, row in parts.items() for variant in row[10]
    }
    gone = [variant for pair, variant in before.items() if pair not in told]
    delete_rows(connection, variant_prices, "variant_id", before.values())
    delete_rows(connection, variants, "id", gone)
    missing = [pair for pair in told if pair not in before]
    ids = {pair: variant for pair, variant in before.items() if pair in told}
    ids.update(zip(missing, take_ids(connection, variants, len(missing)), strict=True))
    values = {pair: (*told[pair][1:3], told[pair][3] or "{}") for pair in told}
    columns = ("title", "stock", "attributes")
    insert_rows(
        connection,
        variants,
        ("id", "product_id", "sku", *columns),
        [(ids[pair], *pair, *values[pair]) for pair in missing],
    )
    update_rows(
        connection,
        variants,
        "id",
        columns,
        [(ids[pair], *values[pair]) for pair in told if pair in before],
    )
    insert_rows(
        connection,
        variant_prices,
        ("variant_id", "currency", "amount", "list_amount"),
        [
            (ids[pair], *price)
            for pair, variant in told.items()
            for price in {price[0]: price for price in variant[4]}.values()
        ],
    )
    return [(sku, product, ids[product, sku]) for product, sku in told]


def _mark_buyers(connection: Connection, moved: set[int]) -> None:
    """Note that the favourites of those who bought a product may be others now."""
    if not moved:
        return
    condition, parameters = match_any(connection, "product_id", sorted(moved))
    open_cursor(connection).execute(
        "INSERT INTO stale_profiles SELECT DISTINCT customer_id FROM events "
        f"WHERE {condition} AND type = 'purchase' AND customer_id IS NOT NULL "
        "ON CONFLICT DO NOTHING",
        parameters,
    )
