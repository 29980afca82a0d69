"""What holds over all runs of a campaign: a cron line, a limit, a run that was cancelled."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from ballyhoo.core.engine.controlling import cancel_run
from ballyhoo.core.store.tables import customers, messages

from .shop import BEGIN, Shop, make_recipe

DAY = timedelta(days=1)
MONTHLY = {"policy": {"again": "after 30d"}}


def list_sent(shop: Shop) -> dict[str, list[datetime]]:
    """When each customer was written to, over all runs."""
    found = (
        select(customers.c.key, messages.c.sent_at)
        .join(messages, messages.c.recipient == customers.c.id)
        .where(messages.c.state == "sent")
        .order_by(messages.c.sent_at)
    )
    sent: dict[str, list[datetime]] = defaultdict(list)
    with shop.store.read() as connection:
        for key, at in connection.execute(found):
            sent[key].append(datetime.fromtimestamp(at / 1000, UTC))
    return dict(sent)


def test_a_daily_cron_line_over_forty_days_writes_as_often_as_the_recipe_says(shop: Shop) -> None:
    shop.add("ada", "bob", "cyd")
    seen: Counter[str] = Counter()
    for day in range(40):
        shop.clock.set(BEGIN + day * DAY)
        if day == 7:
            shop.add("dan")
        if day == 20:
            shop.unsubscribe("cyd")
        run = shop.run(make_recipe(**MONTHLY))
        assert shop.read(run).state == "finished"
        receipt = shop.receipt(run)
        assert receipt.adds_up
        seen.update(receipt.skipped)
    sent = list_sent(shop)
    assert sent == {
        "ada": [BEGIN, BEGIN + 30 * DAY],
        "bob": [BEGIN, BEGIN + 30 * DAY],
        "cyd": [BEGIN],
        "dan": [BEGIN + 7 * DAY, BEGIN + 37 * DAY],
    }
    assert len(shop.channel.sent) == sum(map(len, sent.values()))
    # Everybody was looked at every day: three people, dan from day 7 on, 7 messages sent.
    assert seen == {"again": 2 * 38 + 19 + 31, "no_consent": 20}
    assert seen.total() == 3 * 40 + 33 - 7


def test_without_a_word_about_it_a_daily_cron_line_writes_to_each_person_once(shop: Shop) -> None:
    shop.add("ada", "bob")
    for day in (0, 1, 2, 7, 29, 30, 31, 365):
        shop.clock.set(BEGIN + day * DAY)
        shop.run()
    assert list_sent(shop) == {"ada": [BEGIN], "bob": [BEGIN]}


@pytest.mark.parametrize("blocks", [{}, MONTHLY], ids=["never", "after-30d"])
def test_fifty_first_and_then_all_write_to_each_person_once(
    shop: Shop, blocks: dict[str, Any]
) -> None:
    names = [f"c{number}" for number in range(120)]
    shop.add(*names)
    few = shop.receipt(shop.run(make_recipe(**blocks), limit=50))
    assert few.states == {"sent": 50, "skipped": 70}
    assert few.skipped == {"limit": 70}
    shop.clock.advance(hours=1)
    whole = shop.receipt(shop.run(make_recipe(**blocks)))
    assert whole.states == {"sent": 70, "skipped": 50}
    assert whole.skipped == {"again": 50}
    check_once(shop, names)


def test_a_cancelled_run_and_its_repetition_write_to_each_person_once(shop: Shop) -> None:
    names = [f"c{number}" for number in range(60)]
    shop.add(*names)
    first = shop.run(make_recipe(deliver={"rate": "25/h"}))
    shop.clock.advance(hours=1)
    shop.go_on(first)
    done = shop.receipt(first).states["sent"]
    assert 0 < done < 60
    cancelled = cancel_run(shop.store, first.id, now=shop.engine.now)
    assert cancelled.messages == 60 - done
    assert shop.go_on(first).row.state == "cancelled"
    assert shop.receipt(first).states == {"sent": done, "cancelled": 60 - done}
    second = shop.receipt(shop.run())
    assert second.states == {"sent": 60 - done, "skipped": done}
    assert second.skipped == {"again": done}
    check_once(shop, names)


def check_once(shop: Shop, names: list[str]) -> None:
    """Everybody was written to, and nobody twice."""
    assert {name: len(moments) for name, moments in list_sent(shop).items()} == dict.fromkeys(
        names, 1
    )
    assert len(shop.channel.sent) == len(names)
