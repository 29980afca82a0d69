"""What holds over all runs of a campaign: a cron line, a limit, a run that was cancelled."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from ballyhoo.core.campaign import Campaign, load_campaign
from ballyhoo.core.engine.embedded import RunEnd, run_here
from ballyhoo.core.engine.engine import Engine, open_engine
from ballyhoo.core.engine.starting import start_run
from ballyhoo.core.store.engine import Store
from ballyhoo.core.store.ledger.receipts import RunReceipt, count_receipt
from ballyhoo.core.store.ledger.runs import move_run
from ballyhoo.core.store.rows import ConsentRow, CustomerRow, EventRow
from ballyhoo.core.store.tables import customers, messages
from ballyhoo.core.store.writers import open_writer
from ballyhoo.core.workspace import Workspace
from ballyhoo.testing import SimulatedClock

BEGIN = datetime(2026, 3, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)
LETTER = """\
campaign: letter
segment: {where: country = 'DE'}
deliver: {fields: {subject: Hello, body: Come and look.}}
"""
MONTHLY = LETTER + "policy: {again: after 30d}\n"


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(BEGIN)


@pytest.fixture
def engine(store: Store, clock: SimulatedClock, tmp_path: Path) -> Iterator[Engine]:
    with open_engine(Workspace(tmp_path), store=store, clock=clock, sleep=None) as opened:
        yield opened


def add_customers(store: Store, clock: SimulatedClock, *names: str) -> None:
    consent = (ConsentRow("email", True, 0),)
    rows = [
        CustomerRow(name, email=f"{name}@customers.example", country="DE", consents=consent)
        for name in names
    ]
    with open_writer(store, "customers", now=clock.now()) as writer:
        writer.write(rows)


def unsubscribe(store: Store, clock: SimulatedClock, name: str) -> None:
    at = int(clock.now().timestamp() * 1000)
    with open_writer(store, "events", now=clock.now()) as writer:
        writer.write([EventRow(None, "unsubscribe", at, customer_key=name)])


def write_recipe(engine: Engine, text: str) -> Campaign:
    path = engine.folder / "letter.yaml"
    path.write_text(text)
    return load_campaign(path, registry=engine.registry, workspace=engine.folder)


def run(engine: Engine, campaign: Campaign, limit: int | None = None) -> RunEnd:
    """Do what `ballyhoo run letter.yaml --new` does."""
    start = start_run(engine, campaign, engine.folder, limit=limit, seed=1)
    return run_here(engine, start.run_id)


def cancel(engine: Engine, run_id: int) -> None:
    with engine.store.begin() as connection:
        assert move_run(connection, run_id, ("running", "waiting"), "cancelled")


def read_receipt(engine: Engine, run_id: int) -> RunReceipt:
    with engine.store.read() as connection:
        return count_receipt(connection, run_id)


def list_sent(store: Store) -> dict[str, list[datetime]]:
    """When each customer was written to, over all runs."""
    found = (
        select(customers.c.key, messages.c.sent_at)
        .join(messages, messages.c.recipient == customers.c.id)
        .where(messages.c.state == "sent")
        .order_by(messages.c.sent_at)
    )
    sent: dict[str, list[datetime]] = defaultdict(list)
    with store.read() as connection:
        for key, at in connection.execute(found):
            sent[key].append(datetime.fromtimestamp(at / 1000, UTC))
    return dict(sent)


def test_a_daily_cron_line_over_forty_days_writes_as_often_as_the_recipe_says(
    engine: Engine, clock: SimulatedClock
) -> None:
    add_customers(engine.store, clock, "ada", "bob", "cyd")
    campaign = write_recipe(engine, MONTHLY)
    seen: Counter[str] = Counter()
    for day in range(40):
        clock.set(BEGIN + day * DAY)
        if day == 7:
            add_customers(engine.store, clock, "dan")
        if day == 20:
            unsubscribe(engine.store, clock, "cyd")
        end = run(engine, campaign)
        assert end.row.state == "finished"
        receipt = read_receipt(engine, end.row.id)
        assert receipt.adds_up
        seen.update(receipt.skipped)
    assert list_sent(engine.store) == {
        "ada": [BEGIN, BEGIN + 30 * DAY],
        "bob": [BEGIN, BEGIN + 30 * DAY],
        "cyd": [BEGIN],
        "dan": [BEGIN + 7 * DAY, BEGIN + 37 * DAY],
    }
    # Everybody was looked at every day: 3 people, dan from day 7 on, 7 messages sent.
    assert seen.total() == 3 * 40 + 33 - 7
    assert seen == {"again": 2 * 38 + 19 + 31, "no_consent": 20}


def test_without_a_word_about_it_a_daily_cron_line_writes_to_each_person_once(
    engine: Engine, clock: SimulatedClock
) -> None:
    add_customers(engine.store, clock, "ada", "bob")
    campaign = write_recipe(engine, LETTER)
    for day in (0, 1, 2, 7, 29, 30, 31, 365):
        clock.set(BEGIN + day * DAY)
        run(engine, campaign)
    assert list_sent(engine.store) == {"ada": [BEGIN], "bob": [BEGIN]}


@pytest.mark.parametrize("text", [LETTER, MONTHLY], ids=["never", "after-30d"])
def test_fifty_first_and_then_all_write_to_each_person_once(
    engine: Engine, clock: SimulatedClock, text: str
) -> None:
    names = [f"c{number}" for number in range(120)]
    add_customers(engine.store, clock, *names)
    campaign = write_recipe(engine, text)
    few = read_receipt(engine, run(engine, campaign, limit=50).row.id)
    assert few.states == {"sent": 50, "skipped": 70}
    assert few.skipped == {"limit": 70}
    clock.advance(hours=1)
    whole = read_receipt(engine, run(engine, campaign).row.id)
    assert whole.states == {"sent": 70, "skipped": 50}
    assert whole.skipped == {"again": 50}
    sent = list_sent(engine.store)
    assert sorted(sent) == sorted(names)
    assert all(len(moments) == 1 for moments in sent.values())


def test_a_cancelled_run_and_its_repetition_write_to_each_person_once(
    engine: Engine, clock: SimulatedClock
) -> None:
    names = [f"c{number}" for number in range(60)]
    add_customers(engine.store, clock, *names)
    slow = write_recipe(engine, LETTER.replace("deliver: {", "deliver: {rate: 25/h, "))
    first = run(engine, slow)
    clock.advance(hours=1)
    run_here(engine, first.row.id)
    before = read_receipt(engine, first.row.id)
    assert 0 < before.states["sent"] < 60
    cancel(engine, first.row.id)
    assert run_here(engine, first.row.id).row.state == "cancelled"
    assert read_receipt(engine, first.row.id).adds_up
    second = run(engine, write_recipe(engine, LETTER))
    after = read_receipt(engine, second.row.id)
    assert after.states["sent"] == 60 - before.states["sent"]
    assert after.skipped == {"again": before.states["sent"]}
    sent = list_sent(engine.store)
    assert sorted(sent) == sorted(names)
    assert all(len(moments) == 1 for moments in sent.values())
