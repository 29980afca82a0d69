"""Who is erased in the middle of a run gets nothing more, and leaves nothing that tells who she is.

What the engine logs and says of others holds no identity either.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from ballyhoo import Receipt
from ballyhoo.core.engine.controlling import cancel_run
from ballyhoo.core.engine.planning import plan_run
from ballyhoo.core.store.rights import erase_customer
from ballyhoo.core.store.rows import dump_json
from ballyhoo.core.store.tables import message_events, messages

from .shop import Shop, make_recipe

SECRETS = ("Ada", "Lovelace", "ada@", "447700900815", "cust-ada", "analytical")
BUSY = Receipt.later("ada@customers.example is busy; call +447700900815")


def add_ada(shop: Shop) -> None:
    shop.add("bob", "cyd")
    shop.add("cust-ada", email="ada@customers.example", first_name="Ada", last_name="Lovelace",
             phone="+447700900815", traits=dump_json({"hobby": "analytical engines"}))  # fmt: skip
    shop.scribe.write = lambda brief: {
        "subject": "Hello {first_name}",
        "body": f"You like {brief.traits.get('hobby', 'nothing')}.",
    }


def plan(shop: Shop, **blocks: Any) -> Any:
    add_ada(shop)
    return shop.start(make_recipe(generate={"traits": ["hobby"]}, **blocks))


def read_all(shop: Shop) -> str:
    """Return everything that the ledger has, as text."""
    with shop.store.read() as connection:
        rows = [
            dict(row._mapping)
            for table in (messages, message_events)
            for row in connection.execute(select(table))
        ]
    return repr(rows)


def erase(shop: Shop) -> None:
    erase_customer(shop.store, "cust-ada")


MOMENTS: dict[str, Callable[[Shop, Any], None]] = {
    "planned": lambda shop, run: plan_run(shop.engine, run) and None,
    "ready": lambda shop, run: plan_run(shop.engine, run) and shop.prepare(run) and None,
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_who_is_erased_before_hers_is_sent_gets_nothing(shop: Shop, moment: str) -> None:
    run = plan(shop)
    MOMENTS[moment](shop, run)
    erase(shop)
    shop.go_on(run)
    assert sorted(shop.channel.addresses) == ["bob@customers.example", "cyd@customers.example"]
    assert shop.receipt(run).skipped == {"no_address": 1}
    assert not [secret for secret in SECRETS if secret in read_all(shop)]
    assert shop.receipt(run).adds_up


def test_who_is_erased_between_claim_and_mark_gets_nothing(shop: Shop) -> None:
    run = plan(shop)

    def be_erased(message: Any) -> None:
        if message.address.startswith("ada"):
            erase(shop)

    shop.channel.before_mark = be_erased
    shop.go_on(run)
    assert "ada@customers.example" not in shop.channel.addresses
    assert not [secret for secret in SECRETS if secret in read_all(shop)]


def test_who_is_erased_while_hers_is_put_off_gets_nothing(shop: Shop) -> None:
    run = plan(shop)
    shop.channel.answer("ada@customers.example", BUSY)
    shop.go_on(run)
    erase(shop)
    shop.clock.advance(hours=2)
    shop.go_on(run)
    assert "ada@customers.example" not in shop.channel.addresses
    assert not [secret for secret in SECRETS if secret in read_all(shop)]
    assert shop.read(run).state == "finished"


@pytest.mark.parametrize("receipt", [BUSY, Receipt.failed(BUSY.detail), Receipt.sent()])
def test_who_is_erased_while_hers_is_being_sent_leaves_nothing(
    shop: Shop, receipt: Receipt
) -> None:
    run = plan(shop)

    def be_erased(message: Any) -> None:
        if message.address.startswith("ada"):
            erase(shop)

    shop.channel.after_mark = be_erased
    shop.channel.answer("ada@customers.example", receipt)
    shop.go_on(run)
    assert not [secret for secret in SECRETS if secret in read_all(shop)]
    assert shop.receipt(run).adds_up


def test_who_was_sent_something_is_counted_and_no_more(shop: Shop) -> None:
    run = plan(shop)
    shop.go_on(run)
    assert any(secret in read_all(shop) for secret in SECRETS)
    erase(shop)
    assert not [secret for secret in SECRETS if secret in read_all(shop)]
    assert shop.receipt(run).states == {"sent": 3}


def test_who_is_erased_with_an_unknown_message_is_not_sent_it_again(shop: Shop) -> None:
    run = plan(shop, policy={"on_unknown": "resend"})
    shop.channel.answer("ada@customers.example", Receipt.unknown("lost"))
    shop.go_on(run)
    erase(shop)
    shop.clock.advance(hours=2)
    shop.go_on(run)
    assert "ada@customers.example" not in shop.channel.addresses
    assert shop.receipt(run).states == {"sent": 2, "unknown": 1}


@pytest.mark.parametrize("what", ["goes well", "is refused", "raises", "lies", "cannot be made",
                                  "cannot be shown", "is cancelled"])  # fmt: skip
def test_nobody_is_named_in_the_log_nor_in_what_the_ledger_says(
    shop: Shop, caplog: pytest.LogCaptureFixture, what: str
) -> None:
    run = plan(shop)
    match what:
        case "is refused":
            for name in ("ada", "bob"):
                shop.channel.answer(f"{name}@customers.example", Receipt.failed(BUSY.detail))
        case "raises":
            shop.channel.answer("ada@customers.example", KeyError("Ada Lovelace"))
        case "lies":
            shop.channel.delivers = lambda dispatch: [
                dispatch.settle(message, message.address) for message in dispatch
            ]
        case "cannot be made":
            shop.scribe.write = lambda brief: {}["Ada Lovelace <ada@customers.example>"]
        case "cannot be shown":
            shop.channel._render = lambda options, message: {}[message.address]  # type: ignore[method-assign,assignment,index]
        case "is cancelled":
            shop.channel.before_mark = lambda message: (
                cancel_run(shop.store, run.id, now=shop.engine.now)
                if shop.read(run).state != "cancelled"
                else None
            )
    with caplog.at_level(logging.DEBUG, logger="ballyhoo"):
        for _ in range(3):
            shop.go_on(run)
            shop.clock.advance(hours=2)
    logged = [record for record in caplog.records if record.name.startswith("ballyhoo")]
    written = caplog.text + "".join(str(vars(record)) for record in logged)
    with shop.store.read() as connection:
        events = connection.execute(select(message_events.c.data)).all()
        errors = connection.execute(select(messages.c.last_error, messages.c.reason)).all()
    said = written + repr(events) + repr(errors) + repr(shop.read(run).reason)
    assert not [secret for secret in SECRETS if secret in said]
