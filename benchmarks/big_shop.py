"""A shop of invented customers and events, as big as is asked for, filled by SQL."""

from __future__ import annotations

from sqlalchemy import text

from ballyhoo.core.store.engine import Store

DAY = 86_400_000
PRODUCTS = 2_000
EVENTS_PER_CUSTOMER = 10


def fill(store: Store, customers: int, now: int) -> None:
    """Fill an empty database by SQL; indexes of events are made after their rows.

    Args:
        store: At the newest revision.
        customers: How many; each has ten events on average, and three of four a consent.
        now: Before which everything happened, in UTC milliseconds.
    """
    is_sqlite = store.dialect == "sqlite"
    counter = (
        "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {0}) "
        "SELECT i FROM n)"
        if is_sqlite
        else "generate_series(1, {0})"
    )

    def chance(most: int) -> str:
        return f"abs(random() % {most})" if is_sqlite else f"floor(random() * {most})::bigint"

    def pick(values: str) -> str:
        names = values.split()
        if is_sqlite:
            cases = " ".join(f"WHEN {place} THEN '{name}'" for place, name in enumerate(names))
            return f"CASE {chance(len(names))} {cases} END"
        return f"('{{{','.join(names)}}}'::text[])[1 + {chance(len(names))}]"

    def rows(count: int) -> str:
        return counter.format(count) + (" AS s" if is_sqlite else " AS s(i)")

    json_type = "" if is_sqlite else "::jsonb"
    true = "1" if is_sqlite else "true"
    statements = [
        f"""INSERT INTO addresses (id, kind, hash)
            SELECT i, 'email', 'h' || i FROM {rows(customers)}""",
        f"""INSERT INTO customers (id, key, email_id, country, language, created_at, traits)
            SELECT i, 'C' || i, i, {pick("DE AT FR NL IT ES PL SE")}, {pick("de fr en")},
            {now} - {chance(1500)} * {DAY},
            ('{{"tier":"' || {pick("gold silver bronze none")} || '"}}'){json_type}
            FROM {rows(customers)}""",
        f"""INSERT INTO standings (address_id, channel, is_given, since)
            SELECT i, 'email', {true}, 0 FROM {rows(customers)} WHERE i % 4 > 0""",
        f"""INSERT INTO products (id, sku, created_at, changed_at, content)
            SELECT i, 'P' || i, 0, 0, '' FROM {rows(PRODUCTS)}""",
        f"""INSERT INTO product_categories (product_id, position, name)
            SELECT i, 0, CASE WHEN i % 5 = 0 THEN 'shoes' ELSE 'c' || i % 50 END
            FROM {rows(PRODUCTS)}""",
        f"""INSERT INTO events (id, key, customer_id, product_id, type, at, quantity, value,
            currency, source)
            SELECT i, 'e' || i, 1 + {chance(customers)}, 1 + {chance(PRODUCTS)},
            {pick("view view view view view view cart purchase purchase open")},
            {now} - {chance(730 * 24 * 3600)} * 1000, 1, {chance(9000)}, 'EUR', 'bench'
            FROM {rows(customers * EVENTS_PER_CUSTOMER)}""",
    ]
    indexes = drop_indexes(store)
    for statement in statements:
        with store.begin() as connection:
            connection.exec_driver_sql(statement.replace("%", "%%") if not is_sqlite else statement)
    for index in indexes:
        with store.begin() as connection:
            connection.exec_driver_sql(index)
    with store.begin() as connection:
        connection.exec_driver_sql(
            """INSERT INTO profiles (customer_id, orders, pieces, returned_pieces, total_spent,
               currency, last_order_at, views)
               SELECT customer_id, count(CASE type WHEN 'purchase' THEN 1 END),
               count(CASE type WHEN 'purchase' THEN 1 END), 0,
               coalesce(sum(CASE type WHEN 'purchase' THEN value END), 0), 'EUR',
               max(CASE type WHEN 'purchase' THEN at END), count(CASE type WHEN 'view' THEN 1 END)
               FROM events GROUP BY customer_id"""
        )
        run = "'bench', 'planning', 1, '', '', 0"
        connection.exec_driver_sql(
            "INSERT INTO runs (id, campaign, state, seed, recipe, recipe_hash, created_at) "
            f"VALUES (1, {run}), (2, {run})"
        )
    autocommit = store.engine.execution_options(isolation_level="AUTOCOMMIT")
    with autocommit.connect() as connection:
        connection.exec_driver_sql("ANALYZE" if is_sqlite else "VACUUM ANALYZE")


def drop_indexes(store: Store) -> list[str]:
    """Drop the indexes of events that stand for no constraint, and return how to make them."""
    query = {
        "sqlite": "SELECT name, sql FROM sqlite_master WHERE tbl_name = 'events' "
        "AND type = 'index' AND sql IS NOT NULL",
        "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'events' "
        "AND indexname LIKE 'ix%'",
    }[store.dialect]
    with store.begin() as connection:
        found = connection.execute(text(query)).all()
        for name, _ in found:
            connection.exec_driver_sql(f"DROP INDEX {name}")
    return [str(definition) for _, definition in found]
