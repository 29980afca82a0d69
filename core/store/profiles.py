"""Keeps the profile of each customer equal to what her events say.

Purchases are events of the type `purchase`; those with one order number, or without one but with
one moment, are one order. Money is counted in the currency of the latest purchase (of two at one
moment, the first in the alphabet); returns in it are taken off.

- orders, first_order_at, last_order_at: of the purchases.
- pieces, returned_pieces: quantities bought and sent back.
- total_spent: value of purchases less value of returns, in `currency`.
- reorder_days: whole days between orders, on average; None with fewer than two orders.
- price_low, price_high: the price of a piece below which a quarter, and three quarters, of her
  purchases lie (nearest rank), in `currency`.
- favourite_category, favourite_brand: of the products that she bought most pieces of; of equals
  the one bought last, then the first in the alphabet.
- views, last_viewed_product_id, last_viewed_at: of the views of products.
- last_seen_at: her latest event of her own doing, which bounces and complaints are not.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection

from .bulk import open_cursor
from .engine import Store

CUSTOMERS_AT_ONCE = 5_000
FIRST_CUSTOMERS = 500
SECONDS_AT_ONCE = 0.2
"""How long SQLite may be locked: customers are taken at once accordingly."""

DAY = 86_400_000

PASSIVE = ("bounce", "complaint")
"""Types of events that the customer has not done herself."""

_COLUMNS = (
    "orders",
    "pieces",
    "returned_pieces",
    "total_spent",
    "currency",
    "first_order_at",
    "last_order_at",
    "reorder_days",
    "price_low",
    "price_high",
    "favourite_category",
    "favourite_brand",
    "views",
    "last_viewed_product_id",
    "last_viewed_at",
    "last_seen_at",
)

_FAVOURITE = """
    SELECT customer_id, name FROM (
        SELECT b.customer_id AS customer_id, p.{column} AS name,
            row_number() OVER (
                PARTITION BY b.customer_id
                ORDER BY sum(b.quantity) DESC, max(b.at) DESC, p.{column}
            ) AS place
        FROM bought b JOIN products p ON p.id = b.product_id
        WHERE p.{column} IS NOT NULL
        GROUP BY b.customer_id, p.{column}
    ) ranked WHERE place = 1
"""

# CROSS JOIN keeps SQLite from reading all events; PostgreSQL orders joins as it likes.
_TOLD = """told AS MATERIALIZED (
    SELECT e.customer_id AS customer_id, e.type AS type, e.product_id AS product_id, e.at AS at,
        e.quantity AS quantity, e.value AS value, e.currency AS currency,
        e.order_key AS order_key
    FROM touched_customers t CROSS JOIN events e WHERE e.customer_id = t.customer_id{before}
),"""

_ROLLED_UP = f"""
bought AS MATERIALIZED (
    SELECT customer_id, product_id, at, quantity, value, currency,
        coalesce(order_key, '@' || at) AS order_name
    FROM told WHERE type = 'purchase'
),
money AS (
    SELECT customer_id, currency FROM (
        SELECT customer_id, currency, row_number() OVER (
            PARTITION BY customer_id ORDER BY at DESC, currency
        ) AS place
        FROM bought WHERE currency IS NOT NULL
    ) latest WHERE place = 1
),
purchases AS (
    SELECT b.customer_id AS customer_id, count(DISTINCT b.order_name) AS orders,
        sum(b.quantity) AS pieces, min(b.at) AS first_at, max(b.at) AS last_at,
        coalesce(sum(CASE WHEN b.currency = m.currency THEN b.value END), 0) AS paid
    FROM bought b LEFT JOIN money m ON m.customer_id = b.customer_id
    GROUP BY b.customer_id
),
priced AS (
    SELECT b.customer_id AS customer_id, b.value / b.quantity AS price,
        row_number() OVER (PARTITION BY b.customer_id ORDER BY b.value / b.quantity) AS place,
        count(*) OVER (PARTITION BY b.customer_id) AS total
    FROM bought b JOIN money m ON m.customer_id = b.customer_id AND m.currency = b.currency
    WHERE b.quantity > 0 AND b.value IS NOT NULL
),
prices AS (
    SELECT customer_id,
        min(CASE WHEN place * 4 >= total THEN price END) AS low,
        min(CASE WHEN place * 4 >= total * 3 THEN price END) AS high
    FROM priced GROUP BY customer_id
),
returned AS (
    SELECT e.customer_id AS customer_id, sum(e.quantity) AS pieces,
        coalesce(sum(CASE WHEN e.currency = m.currency THEN e.value END), 0) AS paid_back
    FROM told e LEFT JOIN money m ON m.customer_id = e.customer_id
    WHERE e.type = 'return'
    GROUP BY e.customer_id
),
viewed AS (
    SELECT customer_id, product_id, at, total FROM (
        SELECT e.customer_id AS customer_id, e.product_id AS product_id, e.at AS at,
            count(*) OVER (PARTITION BY e.customer_id) AS total,
            row_number() OVER (
                PARTITION BY e.customer_id ORDER BY e.at DESC, e.product_id
            ) AS place
        FROM told e
        WHERE e.type = 'view' AND e.product_id IS NOT NULL
    ) views WHERE place = 1
),
seen AS (
    SELECT e.customer_id AS customer_id,
        max(CASE WHEN e.type NOT IN {PASSIVE} THEN e.at END) AS at
    FROM told e
    GROUP BY e.customer_id
),
categories AS ({_FAVOURITE.format(column="narrowest_category")}),
brands AS ({_FAVOURITE.format(column="brand")})
"""

_PROFILES = f"""
SELECT s.customer_id AS customer_id,
    coalesce(p.orders, 0), coalesce(p.pieces, 0), coalesce(r.pieces, 0),
    coalesce(p.paid, 0) - coalesce(r.paid_back, 0),
    m.currency, p.first_at, p.last_at,
    CASE WHEN p.orders > 1 THEN (p.last_at - p.first_at) / ((p.orders - 1) * {DAY}) END,
    q.low, q.high, c.name, b.name,
    coalesce(v.total, 0), v.product_id, v.at, s.at
FROM seen s
LEFT JOIN purchases p ON p.customer_id = s.customer_id
LEFT JOIN returned r ON r.customer_id = s.customer_id
LEFT JOIN money m ON m.customer_id = s.customer_id
LEFT JOIN prices q ON q.customer_id = s.customer_id
LEFT JOIN viewed v ON v.customer_id = s.customer_id
LEFT JOIN categories c ON c.customer_id = s.customer_id
LEFT JOIN brands b ON b.customer_id = s.customer_id
"""

_COMPUTE = (
    f"WITH {_TOLD.format(before='')} {_ROLLED_UP} "
    f"INSERT INTO profiles (customer_id, {', '.join(_COLUMNS)}) {_PROFILES}"
)


def refresh_profiles(
    store: Store,
    progress: Callable[[int, int | None], None] | None = None,
    *,
    at_once: int | None = None,
) -> int:
    """Bring every profile that is older than its events up to date, in short transactions.

    Args:
        store: An open store.
        progress: Called after each transaction with how many customers are done, and of how many.
        at_once: How many customers PostgreSQL takes in one transaction, where others write all
            the time and wait for it; as many as are quickest in all when None.

    Returns:
        How many customers there were.
    """
    if at_once is None:
        _renew_statistics(store)
    done = 0
    size = FIRST_CUSTOMERS if store.dialect == "sqlite" else at_once or CUSTOMERS_AT_ONCE
    while True:
        started = time.perf_counter()
        with store.begin() as connection:
            count = _refresh_some(connection, size)
        done += count
        if progress is not None and count:
            progress(done, None)
        if count < size:
            return done
        if store.dialect == "sqlite":
            # Some have five events, some five thousand: nobody else can write meanwhile.
            fitting = size * SECONDS_AT_ONCE / max(time.perf_counter() - started, 0.001)
            size = max(1, min(int(fitting), 2 * size, CUSTOMERS_AT_ONCE))


def compute_profiles(
    connection: Connection, ids: Sequence[int], *, before: int
) -> dict[int, dict[str, Any]]:
    """Return profiles as they were at a moment, columns by name; nothing is stored.

    Args:
        connection: Within any transaction.
        ids: Of which customers; one without events before the moment is left out.
        before: The moment, in UTC milliseconds.
    """
    given: Any
    if connection.dialect.name == "sqlite":
        wanted, mark, given = "SELECT value FROM json_each(?)", "?", json.dumps(list(ids))
    else:
        wanted, mark, given = "SELECT unnest(CAST(%s AS bigint[]))", "%s", list(ids)
    told = _TOLD.format(before=f" AND e.at < {mark}")
    cursor = open_cursor(connection)
    cursor.execute(
        f"WITH touched_customers(customer_id) AS ({wanted}), {told} {_ROLLED_UP} {_PROFILES}",
        (given, before),
    )
    names = ("customer_id", *_COLUMNS)
    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return {row.pop("customer_id"): row for row in rows}


def _renew_statistics(store: Store) -> None:
    """Tell PostgreSQL what an import has just made of the tables, or it plans for empty ones."""
    if store.dialect != "postgresql":
        return
    with store.begin() as connection:
        cursor = open_cursor(connection)
        cursor.execute(
            f"SELECT count(*) FROM (SELECT 1 FROM stale_profiles LIMIT {CUSTOMERS_AT_ONCE}) marks"
        )
        if cursor.fetchone()[0] == CUSTOMERS_AT_ONCE:
            cursor.execute("ANALYZE events, products")


def _refresh_some(connection: Connection, size: int) -> int:
    cursor = open_cursor(connection)
    is_sqlite = connection.dialect.name == "sqlite"
    at_end = "" if is_sqlite else "ON COMMIT DELETE ROWS"
    cursor.execute(
        "CREATE TEMPORARY TABLE IF NOT EXISTS touched_customers "
        f"(customer_id BIGINT PRIMARY KEY) {at_end}"
    )
    cursor.execute("DELETE FROM touched_customers")
    # The marks go first: whoever writes an event now waits for this, or is seen by it.
    wait = "" if is_sqlite else "FOR UPDATE SKIP LOCKED"
    cursor.execute(
        "INSERT INTO touched_customers SELECT customer_id FROM stale_profiles "
        f"ORDER BY customer_id LIMIT {size} {wait}"
    )
    count = int(cursor.rowcount)
    if count == 0:
        return 0
    touched = "IN (SELECT customer_id FROM touched_customers)"
    cursor.execute(f"DELETE FROM stale_profiles WHERE customer_id {touched}")
    cursor.execute(f"DELETE FROM profiles WHERE customer_id {touched}")
    if not is_sqlite:
        cursor.execute("ANALYZE touched_customers")
    cursor.execute(_COMPUTE)
    return count
