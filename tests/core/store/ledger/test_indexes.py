"""Nothing that the engine does again and again reads through all messages there are.

Every statement over the ledger that a run executes is explained by the database itself, with the
ledger full of messages of other runs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Connection, event, insert

from ballyhoo import Receipt
from ballyhoo.core.engine.controlling import cancel_run
from ballyhoo.core.engine.delivering import Delivery
from ballyhoo.core.engine.planning import plan_run
from ballyhoo.core.engine.preparing import prepare_next
from ballyhoo.core.engine.sweeping import settle_state, sweep
from ballyhoo.core.store.engine import Store
from ballyhoo.core.store.ledger.plans import zone_dues
from ballyhoo.core.store.ledger.receipts import count_receipt
from ballyhoo.core.store.ledger.single import find_message
from ballyhoo.core.store.planning import held_audience
from ballyhoo.core.store.tables import addresses, batches, messages, runs

from ...engine.shop import Shop, make_recipe

OLD_RUNS, OLD_PEOPLE = 10, 1_000


@dataclass(frozen=True)
class Statement:
    """A statement that was executed, with its parameters."""

    text: str
    parameters: Any


def fill(store: Store) -> None:
    """Put many messages of other runs into the ledger, in every state there is."""
    ends = ("sent", "skipped", "failed", "unknown", "cancelled", "expired", "ready", "planned")
    with store.begin() as connection:
        connection.execute(
            insert(addresses),
            [{"id": 10_000 + one, "kind": "email", "address": f"o{one}", "hash": f"h{one}"}
             for one in range(OLD_PEOPLE)],
        )  # fmt: skip
        for number in range(OLD_RUNS):
            values = {"campaign": f"old-{number % 4}", "state": "finished", "seed": 1}
            run_id = connection.execute(
                insert(runs)
                .values(recipe="r" * 3_000, recipe_hash="h", created_at=1, **values)
                .returning(runs.c.id)
            ).scalar_one()
            connection.execute(
                insert(batches),
                [{"run_id": run_id, "variant": "", "state": "done"} for _ in range(50)],
            )
            connection.execute(
                insert(messages),
                [
                    {
                        "run_id": run_id, "recipient": 10_000 + one, "address_id": 10_000 + one,
                        "channel": "email", "state": ends[one % len(ends)], "created_at": 1,
                        "due_at": 1, "sent_at": 1 if ends[one % len(ends)] == "sent" else None,
                    }
                    for one in range(OLD_PEOPLE)
                ],
            )  # fmt: skip


def analyze(store: Store) -> None:
    """Make statistics, as a database does by itself in time; SQLite never does."""
    with store.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()


@contextmanager
def record(store: Store) -> Iterator[list[Statement]]:
    """Record the statements that are executed in the block, each text once."""
    found: dict[str, Statement] = {}

    def note(_: Any, __: Any, text: str, parameters: Any, ___: Any, is_many: bool) -> None:
        if not is_many and re.match(r"\s*(SELECT|UPDATE|INSERT|DELETE|WITH)", text):
            found.setdefault(text, Statement(text, parameters))

    event.listen(store.engine, "before_cursor_execute", note)
    statements: list[Statement] = []
    try:
        yield statements
    finally:
        event.remove(store.engine, "before_cursor_execute", note)
    statements += found.values()


def explain_lines(connection: Connection, statement: Statement) -> list[str]:
    """Return the lines of a statement's plan, as SQLite tells it."""
    asked = f"EXPLAIN QUERY PLAN {statement.text}"
    return [str(row[-1]) for row in connection.exec_driver_sql(asked, statement.parameters)]


def explain_nodes(connection: Connection, statement: Statement) -> Iterator[dict[str, Any]]:
    """Yield the nodes of a statement's plan, as PostgreSQL tells it."""
    asked = f"EXPLAIN (FORMAT JSON) {statement.text}"
    found = connection.exec_driver_sql(asked, statement.parameters).scalar_one()
    plan = json.loads(found) if isinstance(found, str) else found
    return walk(plan[0]["Plan"])


def find_scans(connection: Connection, statement: Statement, table: str) -> list[str]:
    """Return the lines of a statement's plan that read through all of a table."""
    if connection.dialect.name == "sqlite":
        names = "|".join({table, *re.findall(rf"{table} AS (\w+)", statement.text)})
        scan = re.compile(
            rf"^SCAN ({names})(?! USING INDEX ix_\w+_(leased|waiting|planned|ready))\b"
        )
        return [line for line in explain_lines(connection, statement) if scan.match(line)]
    return [
        f"{node['Node Type']} on {node['Relation Name']}: {node.get('Filter')}"
        for node in explain_nodes(connection, statement)
        if node.get("Relation Name") == table and node["Node Type"] == "Seq Scan"
    ]


def walk(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in node.get("Plans", ()):
        yield from walk(below)


def assert_no_scan(store: Store, statements: list[Statement], *tables: str) -> None:
    assert any("messages" in one.text for one in statements)
    with store.engine.connect() as connection:
        for temporary in (held_audience, zone_dues):
            temporary.create(connection, checkfirst=True)
        if connection.dialect.name == "postgresql":
            # Of so few rows it would rather read all than use an index that is there.
            connection.exec_driver_sql("SET enable_seqscan = off")
        scans = {
            one.text: lines
            for one in statements
            for table in tables
            if table in one.text and (lines := find_scans(connection, one, table))
        }
        connection.rollback()
    assert not scans, "\n\n".join(f"{text}\n  {lines}" for text, lines in scans.items())


@pytest.fixture(params=["with-statistics", "without"])
def run(request: pytest.FixtureRequest, shop: Shop) -> Any:
    """A run with copy, a cap and an experiment, in a ledger that is full."""
    fill(shop.store)
    if request.param == "with-statistics":
        analyze(shop.store)
    shop.add(*(f"c{number}" for number in range(30)))
    policy = {"cap": {"messages": 3, "per": "7d"}, "priority": 2, "expires": "9d",
              "on_unknown": "resend"}  # fmt: skip
    variants = {"a": {}, "b": {"policy": {"again": "after 30d"}}}
    recipe = make_recipe(
        generate={}, policy=policy, experiment={"variants": variants, "holdout": "10%"}
    )
    return shop.start(recipe)


WORK: dict[str, Callable[[Shop, Any], object]] = {
    "plan": lambda shop, run: plan_run(shop.engine, run),
    "prepare": lambda shop, run: prepare_next(shop.engine, run),
    "deliver": lambda shop, run: Delivery(shop.engine, run).deliver_due(),
    "settle_state": lambda shop, run: settle_state(shop.store, run.id, now=shop.engine.now),
    "sweep": lambda shop, run: sweep(shop.engine),
    "renew": lambda shop, run: shop.engine.owner.renew(),
    "expire": lambda shop, run: (
        shop.clock.advance(days=10), settle_state(shop.store, run.id, now=shop.engine.now)
    ),
    "cancel": lambda shop, run: cancel_run(shop.store, run.id, now=shop.engine.now),
}  # fmt: skip


@pytest.mark.parametrize("what", WORK)
def test_nothing_reads_through_all_messages(shop: Shop, run: Any, what: str) -> None:
    if what != "plan":
        plan_run(shop.engine, run)
    if what not in ("plan", "prepare"):
        shop.prepare(run)
    shop.channel.answer("c1@customers.example", Receipt.later("busy"))
    shop.channel.answer("c2@customers.example", Receipt.unknown("lost"))
    shop.channel.before_mark = lambda message: (
        shop.unsubscribe("c3") if message.address.startswith("c3@") else None
    )
    with record(shop.store) as statements:
        WORK[what](shop, run)
    assert_no_scan(shop.store, statements, "messages")


@pytest.mark.parametrize(
    "experiment", [None, {"variants": {"a": {}, "b": {}}}], ids=["plain", "arms"]
)
def test_what_is_due_is_found_in_its_order_and_never_sorted(shop: Shop, experiment: Any) -> None:
    """A run may have a million messages that are ready, and claims a hundred at a time."""
    shop.add(*(f"c{number}" for number in range(30)))
    run = shop.start(make_recipe(**({} if experiment is None else {"experiment": experiment})))
    plan_run(shop.engine, run)
    with record(shop.store) as statements:
        Delivery(shop.engine, run).deliver_due()
        settle_state(shop.store, run.id, now=shop.engine.now)
    asked = [one for one in statements if "ORDER BY messages.variant" in one.text]
    assert len(asked) >= 3
    with shop.store.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET enable_seqscan = off")
            connection.exec_driver_sql("SET enable_bitmapscan = off")
        sorts = {one.text: find_sorts(connection, one) for one in asked}
        connection.rollback()
    assert not [text for text, lines in sorts.items() if lines], sorts


def find_sorts(connection: Connection, statement: Statement) -> list[str]:
    """Return what of a statement's plan puts rows in order by itself."""
    if connection.dialect.name == "sqlite":
        return [line for line in explain_lines(connection, statement) if "FOR ORDER BY" in line]
    return [
        f"Sort by {node['Sort Key']}"
        for node in explain_nodes(connection, statement)
        if "Sort" in node["Node Type"] and "due_at" in str(node["Sort Key"])
    ]


def test_a_run_is_read_by_its_own_messages(shop: Shop, run: Any) -> None:
    plan_run(shop.engine, run)
    with record(shop.store) as statements, shop.store.read() as connection:
        count_receipt(connection, run.id)
        find_message(connection, run.id, shop.find("c1"))
    assert_no_scan(shop.store, statements, "messages")


def test_leases_are_looked_for_among_leases(shop: Shop, run: Any) -> None:
    """Batches and runs stay in the database for years."""
    plan_run(shop.engine, run)
    with record(shop.store) as statements:
        sweep(shop.engine)
        shop.engine.owner.renew()
    assert_no_scan(shop.store, statements, "batches")


def test_what_a_run_keeps_of_its_workspace_is_read_once(shop: Shop, run: Any) -> None:
    """It may be many megabytes, and every process looks at every open run again and again."""
    with record(shop.store) as statements:
        shop.go_on(run)
        sweep(shop.engine)
        settle_state(shop.store, run.id, now=shop.engine.now)
    assert not [one.text for one in statements if "runs.files" in one.text]


def test_the_test_would_see_a_scan(shop: Shop, run: Any) -> None:
    with record(shop.store) as statements, shop.store.read() as connection:
        connection.exec_driver_sql("SELECT count(*) FROM messages WHERE provider_id = 'x'")
    with pytest.raises(AssertionError, match="provider_id"):
        assert_no_scan(shop.store, statements, "messages")
