"""What is taken is answered once, belongs to a run that never ends, and can be forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import select

from ballyhoo import Context, Enquiry, Handoff, ReceivedMail, Reply, hookimpl
from ballyhoo.core.answering.recipe import load_answers
from ballyhoo.core.engine.sweeping import sweep
from ballyhoo.core.errors import BallyhooError
from ballyhoo.core.mailroom.mailroom import Mailroom
from ballyhoo.core.setting_tables import Retention
from ballyhoo.core.store.pruning import prune_store
from ballyhoo.core.store.rights import erase_customer, erase_recipient, export_customer
from ballyhoo.core.store.tables import addresses, enquiries, messages, replies, runs
from ballyhoo.core.stored_inbox import StoreInbox

from ..engine.shop import Shop

RECIPE = "respond: {plugin: desk, handoff: support@desk.example}\ndeliver: {plugin: capture}\n"
SECRET = "my secret question"


class Desk:
    """Answers what has `?` in it, and hands over the rest."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    @hookimpl
    def respond(self, context: Context, enquiries: Sequence[Enquiry]) -> list[Reply]:
        self.asked += [one.key for one in enquiries]
        return [
            Reply(text=f"An answer to {one.text}", confidence=1.0)
            if "?" in one.text
            else Reply(
                text=None,
                confidence=0.0,
                handoff=Handoff(reason="low_confidence", summary="Asks.", draft=one.text),
            )
            for one in enquiries
        ]


@pytest.fixture
def desk(shop: Shop) -> Desk:
    desk = Desk()
    shop.add_plugin("desk", desk)
    (shop.folder / "campaigns").mkdir()
    (shop.folder / "campaigns/answers.yaml").write_text(RECIPE)
    return desk


def open_room(shop: Shop, engine: Any = None, **how: Any) -> Mailroom:
    engine = engine or shop.engine
    inbox = StoreInbox(engine.store, source="tests", clock=shop.clock)
    given = {"name": "mail", "executor": None, "most_a_day": 10, **how}
    campaign = load_answers(shop.workspace)
    return Mailroom(engine, campaign, shop.folder, inbox=inbox, **given)


def make_mail(shop: Shop, number: int = 1, text: str = "Why?", **facts: Any) -> ReceivedMail:
    given = {"sender": "zoe@new.example", "at": shop.clock.now(), **facts}
    return ReceivedMail(key=f"mail:{number}", text=text, message_id=f"<{number}@x>", **given)


def read(shop: Shop, *columns: Any) -> list[Any]:
    with shop.store.read() as connection:
        rows = connection.execute(
            select(*columns).order_by(columns[0].table.primary_key.columns[0])
        )
        return [row[0] if len(row) == 1 else tuple(row) for row in rows]


def test_a_mail_is_taken_once_also_by_several_at_once(shop: Shop, desk: Desk) -> None:
    found: list[str] = []
    room = open_room(shop)
    mails = [make_mail(shop, number) for number in range(8)]

    def take() -> None:
        found.extend(room.take(mail) for mail in mails)

    threads = [Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == ["known"] * 24 + ["new"] * 8
    assert read(shop, messages.c.state) == ["planned"] * 8
    assert room.work().answered == 8
    assert sorted(desk.asked) == sorted(mail.key for mail in mails)
    assert len(shop.channel.sent) == 8


def test_several_answer_and_each_mail_is_given_to_one_of_them(shop: Shop, desk: Desk) -> None:
    rooms = [open_room(shop)]
    for number in range(40):
        rooms[0].take(make_mail(shop, number, sender=f"p{number}@new.example"))
    done: list[int] = []
    with shop.open_engine() as other:
        rooms.append(open_room(shop, other))
        threads = [
            Thread(target=lambda room=room: done.append(room.work().answered)) for room in rooms
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sum(done) == 40
    assert len(desk.asked) == len(set(desk.asked)) == 40
    assert len(shop.channel.sent) == 40


def test_the_run_of_an_inbox_goes_on_for_ever(shop: Shop, desk: Desk) -> None:
    room = open_room(shop)
    room.take(make_mail(shop))
    sweep(shop.engine)
    room.work()
    shop.clock.advance(days=400)
    sweep(shop.engine)
    assert read(shop, runs.c.campaign, runs.c.state, runs.c.audience) == [
        ("inbox:mail", "running", 1)
    ]
    assert open_room(shop).run_id == room.run_id
    assert open_room(shop, name="other").run_id != room.run_id


def test_what_waits_is_answered_by_the_recipe_as_it_is_then(shop: Shop, desk: Desk) -> None:
    room = open_room(shop)
    room.take(make_mail(shop))
    (shop.folder / "campaigns/answers.yaml").write_text(f"# changed\n{RECIPE}")
    other = open_room(shop)
    assert other.run_id != room.run_id
    sweep(shop.engine)
    with pytest.raises(BallyhooError, match="cancelled"):
        room.take(make_mail(shop, 2))
    assert other.work().answered == 1
    sweep(shop.engine)
    assert read(shop, runs.c.state, runs.c.audience) == [("finished", 0), ("running", 1)]


def test_erasing_reaches_mail_that_proved_nothing(shop: Shop, desk: Desk) -> None:
    [ann] = shop.add("ann")
    room = open_room(shop)
    hers = {"sender": "ann@customers.example", "text": SECRET}
    room.take(make_mail(shop, 1, **hers))
    room.take(make_mail(shop, 2, is_proved=True, **hers))
    room.take(make_mail(shop, 3, sender="zoe@new.example", text=f"Zoe has {SECRET}"))
    assert room.work().handed_off == 3
    assert read(shop, enquiries.c.customer_id) == [None, ann, None]
    told = export_customer(shop.store, "ann")
    assert [one["text"] for one in told["enquiries"]] == [SECRET, SECRET]
    assert [one["reply"]["draft"] for one in told["enquiries"]] == [SECRET, SECRET]
    assert len(told["messages"]) == 2
    erase_customer(shop.store, "ann")
    assert read(shop, enquiries.c.text) == [None, None, f"Zoe has {SECRET}"]
    [zoe] = [
        id for id, address in read(shop, addresses.c.id, addresses.c.address)
        if address == "zoe@new.example"
    ]  # fmt: skip
    assert erase_recipient(shop.store, -zoe, actor="tests") is not None
    left = [
        *read(shop, enquiries.c.text), *read(shop, replies.c.draft),
        *map(str, read(shop, messages.c.content)),
    ]  # fmt: skip
    assert "secret" not in str(left)
    assert "zoe" not in str(read(shop, addresses.c.address))
    # The mail is still in the mailbox: it is known, and comes to nothing.
    assert room.take(make_mail(shop, 1, **hers)) == "known"


def test_who_is_erased_before_the_answer_gets_none(shop: Shop, desk: Desk) -> None:
    shop.add("ann")
    room = open_room(shop)
    room.take(make_mail(shop, sender="ann@customers.example", is_proved=True))
    erase_customer(shop.store, "ann")
    assert room.work().answered == 0
    assert desk.asked == []
    assert read(shop, messages.c.state, messages.c.reason) == [("skipped", "no_address")]


def test_mail_that_is_kept_long_enough_loses_its_words(shop: Shop, desk: Desk) -> None:
    room = open_room(shop)
    room.take(make_mail(shop, text=SECRET))
    room.work()
    shop.clock.advance(days=40)
    prune_store(shop.store, Retention(bodies_days=30, enquiries_days=30), now=shop.clock.now())
    assert read(shop, messages.c.content) == [None, None]
    assert read(shop, enquiries.c.text) == [None]
    assert room.take(make_mail(shop, text=SECRET)) == "known"


def test_a_reply_heeds_only_to_and_neither_hours_nor_consent(shop: Shop, desk: Desk) -> None:
    (shop.folder / "campaigns/answers.yaml").write_text(
        f'{RECIPE}policy: {{quiet_hours: "00:00-23:59", cap: {{messages: 1, per: 7d}}}}\n'
    )
    shop.add("ann", says="")
    room = open_room(shop)
    room.take(make_mail(shop, 1, sender="ann@customers.example", is_proved=True))
    room.take(make_mail(shop, 2, sender="ann@customers.example", is_proved=True))
    room.work()
    assert len(shop.channel.sent) == 2
    shop.set(safety=shop.engine.settings.safety.model_copy(update={"only_to": ["@desk.example"]}))
    room.take(make_mail(shop, 3))
    room.work()
    assert read(shop, messages.c.state, messages.c.reason)[-1] == ("skipped", "only_to")
