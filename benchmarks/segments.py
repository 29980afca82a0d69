"""How long segments take, against SQL written by hand by somebody who knows the tables.

Measured on SQLite and PostgreSQL, in databases filled by SQL: five segments from simple to nasty,
each counted as `sql_segment` answers it and as the hand-written statement does; and planning a
message for every customer against one bare INSERT ... SELECT. The two of a pair take turns, and
who begins changes each round, after a first round that does not count; short ones take more turns.
The figure is the median of the ratios round by round, so that a machine that slows down slows both.
Both databases have statistics (ANALYZE); PostgreSQL is the server of the tests, without fsync.

    python benchmarks/segments.py [--quick] [--save]
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from big_shop import DAY, EVENTS_PER_CUSTOMER, fill
from postgres_server import CARELESS, run_postgresql
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

NOW = datetime(2026, 6, 1, tzinfo=UTC)
NOW_MS = int(NOW.timestamp() * 1000)
FEWEST_ROUNDS, SECONDS = 6, 40
"""Of one pair: it goes on for so many seconds, and so many rounds at least."""


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
    customers, most = (20_000, 8) if arguments.quick else (1_000_000, 40)
    figures: dict[str, Any] = {"postgres_worst_ratio": None}
    plans: list[tuple[float, float]] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        run_postgresql(Path(folder), CARELESS) as server,
    ):
        for dialect, url in (("sqlite", f"sqlite:///{folder}/shop.db"), ("postgres", server)):
            if url is None:
                continue
            engine = open_engine(url)
            upgrade_engine(engine)
            with Store(engine) as store:
                report(
                    f"{dialect}: filled in {timed(lambda: fill(store, customers, NOW_MS)):.0f} s"
                )
                ratios = measure_segments(store, most)
                figures[f"{dialect}_ratios"] = ratios
                figures[f"{dialect}_worst_ratio"] = max(ratios.values())
                plans.append(measure_plan(store, customers, most))
                figures[f"{dialect}_plan_ratio"] = plans[-1][0]
    figures["plan_ratio"] = max(ratio for ratio, _ in plans)
    figures["longest_transaction_seconds"] = max(seconds for _, seconds in plans)
    figures["scale"] = f"{customers:,} customers, {customers * EVENTS_PER_CUSTOMER:,} events"
    if arguments.save:
        save_result("segments", figures)
    print(json.dumps(figures))


def measure_segments(store: Store, most: int) -> dict[str, float]:
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

        mine, other, ratios[name] = compare(ours, theirs, most)
        said = f"{sizes['ours']:>9,} people, by hand {sizes['theirs']:>9,}"
        report(f"{store.dialect:10} {name:9} {mine:7.3f} s  by hand {other:7.3f} s  {said}")
        if name != "nasty":  # there the two draw different samples
            assert sizes["ours"] == sizes["theirs"], name
    return ratios


def measure_plan(store: Store, customers: int, most: int) -> tuple[float, float]:
    """Return the time of planning a message for everybody over that of one bare statement.

    And the longest that one transaction of it took, in seconds.
    """
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

    mine, other, ratio = compare(ours, bare, most, empty)
    report(
        f"{store.dialect:10} plan      {mine:7.3f} s  bare    {other:7.3f} s  "
        f"longest transaction {longest[0]:.3f} s"
    )
    return ratio, round(longest[0], 3)


def compare(
    ours: Callable[[], None],
    theirs: Callable[[], None],
    most: int,
    after: Callable[[], None] = lambda: None,
) -> tuple[float, float, float]:
    """Return the median seconds of each of two, and the median of the ratios round by round.

    There are `most` rounds at most; `after` each call something is undone.
    """
    times: dict[Callable[[], None], list[float]] = {ours: [], theirs: []}
    began = time.perf_counter()
    for number in range(most + 1):
        if number > FEWEST_ROUNDS and time.perf_counter() - began > SECONDS:
            break
        for call in (ours, theirs) if number % 2 else (theirs, ours):
            times[call].append(timed(call))
            after()
    mine, other = times[ours][1:], times[theirs][1:]
    ratios = [one / another for one, another in zip(mine, other, strict=True)]
    return median(mine), median(other), round(median(ratios), 3)


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
