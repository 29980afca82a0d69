"""The dispatch holds a channel to its protocol, and loses nothing when the channel does not."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError

from ballyhoo import Message, Receipt
from ballyhoo.core.engine.delivering import Delivery
from ballyhoo.core.engine.runs import load_run
from ballyhoo.core.errors import EnvironmentMissing, PluginError
from ballyhoo.core.store.ledger.history import read_history
from ballyhoo.core.store.tables import messages

from .shop import Shop, make_recipe


def deliver(shop: Shop, delivers: Any, *names: str) -> Any:
    """Plan a run for some people, and let a channel deliver it as it likes."""
    shop.add(*(names or ("ada", "bob")))
    run = shop.plan()
    shop.channel.delivers = delivers
    shop.deliver(run)
    return run


def test_a_message_that_is_sent_without_a_mark_is_refused_and_comes_again(shop: Shop) -> None:
    errors: list[PluginError] = []

    def rush(dispatch: Any) -> None:
        for message in dispatch:
            with pytest.raises(PluginError, match="without a mark") as caught:
                dispatch.settle(message, Receipt.sent())
            errors.append(caught.value)

    run = deliver(shop, rush)
    assert len(errors) == 2
    assert shop.receipt(run).states == {"ready": 2}
    shop.channel.delivers = None
    shop.deliver(run)
    assert shop.receipt(run).states == {"sent": 2}


@pytest.mark.parametrize("receipt", [Receipt.later("4xx"), Receipt.failed("5xx")])
def test_what_goes_wrong_before_the_mark_needs_none(shop: Shop, receipt: Receipt) -> None:
    def refuse(dispatch: Any) -> None:
        for message in dispatch:
            dispatch.settle(message, receipt)

    run = deliver(shop, refuse)
    state = "ready" if receipt.outcome == "later" else "failed"
    assert shop.receipt(run).states == {state: 2}
    assert {row["attempts"] for row in shop.rows(run).values()} == {1}


def test_a_message_is_settled_once(shop: Shop) -> None:
    def settle_twice(dispatch: Any) -> None:
        for message in dispatch:
            assert dispatch.mark(message)
            dispatch.settle(message, Receipt.sent())
            with pytest.raises(PluginError, match="does not have"):
                dispatch.settle(message, Receipt.failed("after all"))

    run = deliver(shop, settle_twice)
    assert shop.receipt(run).states == {"sent": 2}


def test_a_message_of_somebody_else_is_neither_marked_nor_settled(shop: Shop) -> None:
    shop.add("eve", country="FR")
    other = shop.plan(make_recipe("other", segment={"where": "country = 'FR'"}))
    foreign = shop.rows(other)["eve"]["id"]

    def meddle(dispatch: Any) -> None:
        for message in dispatch:
            strange = Message(
                id=foreign, key="x", run_id=other.id, campaign="other", address="eve@x.example",
                fields={}, dated_at=shop.clock.now(),
            )  # fmt: skip
            assert not dispatch.mark(strange)
            with pytest.raises(PluginError, match="does not have"):
                dispatch.settle(strange, Receipt.sent())
            shop.channel.send(dispatch, message)

    run = deliver(shop, meddle)
    assert shop.receipt(run).states == {"sent": 2}
    assert shop.fates(other) == {"eve": "ready"}


@pytest.mark.parametrize(
    "receipt",
    [
        None,
        "250 OK",
        Receipt(outcome="bounced"),  # type: ignore[arg-type]
        Receipt(outcome="sent", detail=b"250"),  # type: ignore[arg-type]
        Receipt(outcome="sent", code="250"),  # type: ignore[arg-type]
        Receipt(outcome="sent", provider_id=7),  # type: ignore[arg-type]
        Receipt(outcome="later", retry_after_seconds="soon"),  # type: ignore[arg-type]
    ],
)
def test_what_is_no_receipt_is_refused_and_the_message_may_be_out(shop: Shop, receipt: Any) -> None:
    def answer_nonsense(dispatch: Any) -> None:
        for message in dispatch:
            assert dispatch.mark(message)
            dispatch.settle(message, receipt)

    run = deliver(shop, answer_nonsense)
    # The first one was marked, so it may be out; the others go on.
    assert shop.receipt(run).states == {"unknown": 1, "ready": 1}


def test_what_is_left_when_deliver_returns_goes_back_or_is_unknown(shop: Shop) -> None:
    def leave(dispatch: Any) -> None:
        for number, message in enumerate(dispatch):
            if number == 0:
                assert dispatch.mark(message)
            if number == 2:
                return

    run = deliver(shop, leave, *(f"c{number}" for number in range(150)))
    assert shop.receipt(run).states == {"ready": 149, "unknown": 1}
    for row in shop.rows(run).values():
        assert row["lease_owner"] is row["lease_until"] is None
        assert row["attempts"] == (1 if row["state"] == "unknown" else 0)


def test_a_receipt_after_deliver_returned_comes_too_late(shop: Shop) -> None:
    kept: list[Any] = []

    def forget(dispatch: Any) -> None:
        for message in dispatch:
            assert dispatch.mark(message)
            kept.append((dispatch, message))

    run = deliver(shop, forget)
    dispatch, message = kept[0]
    with pytest.raises(PluginError, match="after it was done"):
        dispatch.settle(message, Receipt.sent())
    assert not dispatch.mark(message)
    assert list(dispatch) == []
    assert shop.receipt(run).states == {"unknown": 2}


def test_several_threads_share_what_is_due(shop: Shop) -> None:
    def share(dispatch: Any) -> None:
        def work() -> None:
            for message in dispatch:
                shop.channel.send(dispatch, message)

        with ThreadPoolExecutor(8) as pool:
            for lane in [pool.submit(work) for _ in range(8)]:
                lane.result()

    run = deliver(shop, share, *(f"c{number}" for number in range(230)))
    assert shop.receipt(run).states == {"sent": 230}
    assert len(set(shop.channel.addresses)) == 230


def test_a_channel_may_be_asynchronous(shop: Shop) -> None:
    async def work(dispatch: Any) -> None:
        async for message in dispatch:
            if await dispatch.mark_async(message):
                shop.channel.sent.append(message)
                await dispatch.settle_async(message, Receipt.sent())

    async def work_together(dispatch: Any) -> None:
        await asyncio.gather(*(work(dispatch) for _ in range(8)))

    run = deliver(
        shop,
        lambda dispatch: asyncio.run(work_together(dispatch)),
        *(f"c{number}" for number in range(230)),
    )
    assert shop.receipt(run).states == {"sent": 230}
    assert len(set(shop.channel.addresses)) == 230


def test_a_mark_that_nobody_waits_for_any_more_stops_no_other(shop: Shop) -> None:
    """A channel that gives a mark a second, and goes on with the next message."""

    async def hurry(dispatch: Any) -> None:
        number = 0
        async for message in dispatch:
            number += 1
            if number % 2:
                asking = asyncio.ensure_future(dispatch.mark_async(message))
                await asyncio.sleep(0)
                asking.cancel()
                continue
            if await dispatch.mark_async(message):
                shop.channel.sent.append(message)
                await dispatch.settle_async(message, Receipt.sent())

    run = deliver(
        shop, lambda dispatch: asyncio.run(hurry(dispatch)), *(f"c{n}" for n in range(20))
    )
    states = shop.receipt(run).states
    assert states["sent"] == 10
    # Whether a cancelled mark was made before it was cancelled is a matter of luck.
    assert states.get("ready", 0) + states.get("unknown", 0) == 10


def test_a_task_that_is_cancelled_while_it_waits_for_a_message_loses_none(shop: Shop) -> None:
    async def give_up(dispatch: Any) -> None:
        async def take() -> None:
            async for _ in dispatch:
                pass

        task = asyncio.ensure_future(take())
        await asyncio.sleep(0)
        task.cancel()

    run = deliver(shop, lambda dispatch: asyncio.run(give_up(dispatch)))
    assert shop.receipt(run).states == {"ready": 2}


def test_what_cannot_be_composed_now_is_given_back(shop: Shop) -> None:
    shop.add(*(f"c{number}" for number in range(130)))
    run = shop.plan(make_recipe(deliver={"fields": {"subject": "s", "body": "{first_name}"}}))

    def lack(*_: Any) -> Any:
        raise EnvironmentMissing("the layout's server is away")

    render, shop.channel._render = shop.channel._render, lack  # type: ignore[method-assign]
    found = shop.deliver(run)
    assert found.waits_for == "the layout's server is away"
    assert shop.receipt(run).states == {"ready": 130}
    assert {row["crashes"] for row in shop.rows(run).values()} == {0}
    shop.channel._render = render  # type: ignore[method-assign]
    shop.deliver(run)
    assert shop.receipt(run).states == {"sent": 130}


def test_an_answer_in_strange_characters_loses_no_receipt(shop: Shop) -> None:
    strange = "550 \x00 \ud800 caf\xe9 \\u0000"
    shop.add("ada", "bob", "cyd")
    run = shop.plan()
    shop.channel.answer("ada@customers.example", Receipt.failed(strange))
    shop.channel.answer("bob@customers.example", Receipt.sent(detail=strange, provider_id=strange))
    shop.deliver(run)
    assert shop.fates(run) == {"ada": "failed: refused", "bob": "sent", "cyd": "sent"}
    kept = "550 \ufffd \ufffd caf\xe9 \\u0000"
    rows = shop.rows(run)
    assert rows["ada"]["last_error"] == rows["bob"]["last_error"] == kept
    assert rows["bob"]["provider_id"] == kept
    with shop.store.read() as connection:
        [event] = read_history(connection, rows["ada"]["id"])
    assert event["detail"] == kept


@pytest.mark.parametrize("is_made", [False, True], ids=["not-made", "made-and-not-heard-of"])
def test_a_commit_that_fails_is_made_again_and_counts_once(shop: Shop, is_made: bool) -> None:
    """The server goes away in a commit; whether it was made nobody can tell."""
    shop.add("ada", "bob")
    run = shop.plan()
    failed: list[int] = []

    @event.listens_for(shop.store.engine, "commit")
    def fail(connection: Any) -> None:
        if threading.current_thread().name != "committer" or len(failed) == 4:
            return
        failed.append(1)
        if is_made:
            raw = connection.connection.dbapi_connection
            raw.execute("COMMIT") if shop.store.dialect == "sqlite" else raw.commit()
        raise OperationalError("COMMIT", {}, sqlite3.OperationalError("the server went away"))

    shop.deliver(run)
    assert len(failed) == 4
    assert shop.receipt(run).states == {"sent": 2}
    assert len(shop.channel.sent) == 2


def test_nothing_is_claimed_when_a_delivery_is_over(shop: Shop) -> None:
    run = deliver(shop, None, *(f"c{number}" for number in range(150)))
    with shop.store.read() as connection:
        leased = select(messages.c.id).where(
            messages.c.run_id == run.id, messages.c.lease_token.is_not(None)
        )
        assert connection.execute(leased).all() == []


def test_failures_that_another_process_counted_are_forgotten_when_something_was_sent(
    shop: Shop,
) -> None:
    shop.add("ada", "bob", "cyd", "dan")
    run = shop.plan()
    shop.channel.delivers = fail
    with shop.open_engine() as other:
        for _ in range(2):
            Delivery(other, load_run(other, run.id)).deliver_due()
    shop.channel.delivers = send_one
    shop.deliver(run)
    shop.channel.delivers = fail
    shop.deliver(run)
    assert shop.read(run).state == "running"


def fail(dispatch: Any) -> None:
    raise RuntimeError("it broke")


def send_one(dispatch: Any) -> None:
    message = next(iter(dispatch))
    assert dispatch.mark(message)
    dispatch.settle(message, Receipt.sent())
