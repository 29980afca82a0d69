"""Mail that was taken is answered by workers, also when nobody hears the ring."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import redis

from ballyhoo import ReceivedMail, open_mailroom
from ballyhoo.core.workspace import Workspace
from ballyhoo.workers.app import Parts, make_parts

from .shop import PLAIN, Shop

DESK = """\
from ballyhoo import Reply, hookimpl


@hookimpl
def respond(context, enquiries):
    return [Reply(text="An answer.", confidence=1.0) for _ in enquiries]
"""


@pytest.fixture
def parts(shop: Shop) -> Iterator[Parts]:
    """What a worker process has, of a shop that answers mail."""
    settings = shop.folder / "ballyhoo.toml"
    known = settings.read_text()
    assert '"writer.py"' in known
    settings.write_text(known.replace('"writer.py"', '"writer.py", "desk.py"'))
    (shop.folder / "desk.py").write_text(DESK)
    (shop.folder / "campaigns/answers.yaml").write_text(
        "respond: {plugin: desk}\ndeliver: {plugin: outbox}\n"
    )
    made = make_parts(Workspace(shop.folder))
    yield made
    made.station.close()
    made.app.close()


def take(shop: Shop, number: int) -> int:
    """Take a mail, as whoever reads the mailbox does, and ring; return the run's id."""
    with open_mailroom(Workspace(shop.folder), "tests") as room:
        mail = ReceivedMail(
            key=f"mail:{number}", sender=f"p{number}@new.example", text="Why?",
            at=datetime.now(UTC),
        )  # fmt: skip
        assert room.take(mail) == "new"
        assert room.work().is_left_to_workers
        return room.run_id


def test_a_ring_has_mail_answered_and_the_reply_sent(shop: Shop, parts: Parts) -> None:
    run_id = take(shop, 1)
    parts.work.plan(run_id)
    assert parts.bells.count_waiting("inbound") == 1
    assert parts.bells.count_waiting("generate") == 0
    parts.work.answer(run_id)
    assert parts.bells.count_waiting("deliver") == 1
    parts.work.deliver(run_id)
    assert shop.count(run_id).states == {"sent": 1}
    parts.work.answer(run_id)  # a ring that comes twice comes to nothing
    assert len(shop.list_files(run_id)) == 1
    assert shop.read(run_id).state == "running"


def test_a_ring_that_was_lost_is_made_up_for_by_the_sweep(shop: Shop, parts: Parts) -> None:
    run_id = take(shop, 1)
    redis.Redis.from_url(parts.app.conf.broker_url).flushall()
    assert parts.sweeper.sweep()
    assert parts.bells.count_waiting("inbound") == 1
    parts.work.answer(run_id)
    parts.work.deliver(run_id)
    assert shop.count(run_id).states == {"sent": 1}


def test_a_ring_for_a_campaign_answers_nothing(shop: Shop, parts: Parts) -> None:
    run_id = shop.start(PLAIN, name="spring")
    parts.work.answer(run_id)
    assert shop.read(run_id).state == "planning"
