"""A test message: what a run would send, to somebody else, and without a trace."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

import pytest
from sqlalchemy import func, select

from ballyhoo import DataError, EnvironmentMissing, PluginError, PolicyError, Receipt
from ballyhoo.core.engine.trying import SentTest, send_test_messages
from ballyhoo.core.engine.unrecorded import UnrecordedDispatch
from ballyhoo.core.setting_tables import Safety
from ballyhoo.core.store.tables import addresses, batches, events, message_events, messages, runs
from ballyhoo.testing import sample_messages

from .shop import Shop, make_recipe

ME = "me@agency.example"


def try_out(shop: Shop, *to: str, recipe: str | None = None, **how: Any) -> SentTest:
    campaign = shop.load(make_recipe() if recipe is None else recipe)
    return send_test_messages(shop.engine, campaign, to or (ME,), **how)


def count_rows(shop: Shop) -> dict[str, int]:
    with shop.store.read() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (runs, batches, messages, events, message_events, addresses)
        }


def test_it_is_what_the_run_sends_but_for_address_and_mark(shop: Shop) -> None:
    shop.add("ada", "bo")
    shop.recommender.products = shop.add_products("trail", "road")
    recipe = make_recipe(recommend={"plugin": "shelf"}, generate={})
    before = count_rows(shop)
    sent = try_out(shop, recipe=recipe)
    [test] = shop.channel.sent
    assert count_rows(shop) == before
    assert [one.outcome for one in sent.outcomes] == ["sent"]
    shop.run(recipe)
    [real] = [one for one in shop.channel.sent[1:] if one.customer_id == sent.customer]
    shown = json.loads(real.content)
    shown["to"] = ME
    shown["fields"]["subject"] = "[Test] Hello Ada"
    assert json.loads(test.content) == shown
    assert (test.address, real.address) == (ME, "ada@customers.example")


def test_copy_is_written_once_for_the_one_message(shop: Shop) -> None:
    shop.add(*(f"c{number}" for number in range(50)))
    sent = try_out(shop, ME, "you@agency.example", recipe=make_recipe(generate={}))
    assert len(shop.scribe.briefs) == 1
    assert shop.channel.addresses == [ME, "you@agency.example"]
    assert len(sent.outcomes) == 2


def test_each_test_has_a_key_of_its_own_that_no_message_of_a_run_has(shop: Shop) -> None:
    shop.add("ada")
    try_out(shop, ME, "you@agency.example")
    try_out(shop, ME)
    keys = [one.key for one in shop.channel.sent]
    assert len(set(keys)) == 3
    assert all(one.startswith("test-") for one in keys)
    shop.run()
    assert len(shop.channel.sent) == 4, "a test is no message of the campaign"


def test_one_address_gets_one_test_however_it_is_written(shop: Shop) -> None:
    shop.add("ada")
    assert len(try_out(shop, ME, f" {ME} ").outcomes) == 1


def test_the_message_is_that_of_the_customer_who_is_named(shop: Shop) -> None:
    ids = shop.add("ada", "bo")
    for name in ("bo", str(ids[1])):
        assert try_out(shop, customer=name).customer == ids[1]
    assert [one.fields["subject"] for one in shop.channel.sent] == ["[Test] Hello Bo"] * 2
    with pytest.raises(DataError, match="no such customer"):
        try_out(shop, customer="cy")


def test_without_a_name_it_is_the_first_who_would_get_one_whatever_she_got_before(
    shop: Shop,
) -> None:
    shop.add("no", says="")
    ada, _ = shop.add("ada", "bo")
    recipe = make_recipe(policy={"cap": {"messages": 1, "per": "7d"}})
    shop.run(recipe)
    shop.set(safety=Safety(only_to=["@agency.example"]))
    assert try_out(shop, recipe=recipe).customer == ada


def test_the_variant_is_the_one_that_the_run_gives_her(shop: Shop) -> None:
    names = [f"c{number}" for number in range(12)]
    shop.add(*names)
    experiment = {"variants": {"warm": {}, "plain": {}}, "holdout": "10%"}
    recipe = make_recipe(experiment=experiment)
    tried = {name: try_out(shop, recipe=recipe, customer=name).variant for name in names}
    rows = shop.rows(shop.run(recipe))
    told = {name: row["variant"] for name, row in rows.items() if row["state"] == "sent"}
    assert set(told.values()) == {"warm", "plain"}
    assert {name: tried[name] for name in told} == told
    assert try_out(shop, recipe=recipe).variant in ("warm", "plain")


def test_an_address_that_must_not_be_written_to_gets_no_test_either(shop: Shop) -> None:
    shop.add("ada")
    shop.suppress("gone@agency.example")
    with pytest.raises(PolicyError, match="address 2 of --to is suppressed") as caught:
        try_out(shop, ME, "gone@agency.example")
    assert "gone" not in str(caught.value)
    shop.set(safety=Safety(only_to=["@agency.example", "Boss@shop.example"]))
    assert try_out(shop, "boss@shop.example", "Me@Agency.example").worst.outcome == "sent"
    with pytest.raises(PolicyError, match="the address of --to is not in") as caught:
        try_out(shop, "ada@customers.example")
    assert "ada" not in str(caught.value)
    with pytest.raises(DataError, match="cannot be written to") as caught:
        try_out(shop, "bad@agency.example")
    assert "bad@" not in str(caught.value)
    assert len(shop.channel.sent) == 2


def test_nothing_is_generated_for_an_address_that_is_refused(shop: Shop) -> None:
    shop.add("ada")
    shop.suppress(ME)
    with pytest.raises(PolicyError):
        try_out(shop, recipe=make_recipe(generate={}))
    assert shop.scribe.briefs == []


@pytest.mark.parametrize(
    ("receipt", "outcome"),
    [
        (Receipt.failed(f"no mailbox {ME}", code=550), "failed"),
        (Receipt.later("not now"), "later"),
        (Receipt.unknown("lost"), "unknown"),
    ],
)
def test_the_outcome_is_the_channels_without_the_address(
    shop: Shop, receipt: Receipt, outcome: str
) -> None:
    shop.add("ada")
    shop.channel.answer(ME, receipt)
    sent = try_out(shop, "you@agency.example", ME)
    assert [one.outcome for one in sent.outcomes] == ["sent", outcome]
    assert sent.worst.outcome == outcome
    assert ME not in sent.worst.detail


def test_what_the_channel_did_not_settle_is_unknown_or_was_not_sent(shop: Shop) -> None:
    shop.add("ada")

    def send_badly(dispatch: Any) -> None:
        first = next(iter(dispatch))
        assert dispatch.mark(first)
        assert not dispatch.mark(first)
        raise ZeroDivisionError

    shop.channel.delivers = send_badly
    sent = try_out(shop, ME, "you@agency.example")
    assert [one.outcome for one in sent.outcomes] == ["unknown", "later"]
    assert "ZeroDivisionError" in sent.worst.detail


def test_a_server_that_is_not_there_is_said_as_it_is(shop: Shop) -> None:
    shop.add("ada")

    def find_no_server(dispatch: Any) -> None:
        raise EnvironmentMissing("no server")

    shop.channel.delivers = find_no_server
    with pytest.raises(EnvironmentMissing, match="no server"):
        try_out(shop)


def test_she_for_whom_there_would_be_no_message_is_told_why(shop: Shop) -> None:
    shop.add("nowhere", email=None)
    with pytest.raises(DataError, match="no address that this channel could use"):
        try_out(shop, customer="nowhere")
    with pytest.raises(DataError, match="nobody of the audience"):
        try_out(shop)
    shop.add("ada", first_name=None)
    fields = {"subject": "Hello {first_name}", "body": "Look."}
    with pytest.raises(DataError, match="a slot of the copy has neither a value nor a default"):
        try_out(shop, recipe=make_recipe(deliver={"fields": fields}))
    assert shop.channel.sent == []


def test_a_template_that_is_wrong_is_said_in_its_own_words(shop: Shop) -> None:
    shop.add("ada")
    fields = {"subject": "unprintable", "body": "Look."}
    with pytest.raises(DataError, match="the layout cannot show this"):
        try_out(shop, recipe=make_recipe(deliver={"fields": fields}))


def test_no_log_line_holds_the_address(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    shop.add("ada")
    with caplog.at_level(logging.DEBUG):
        try_out(shop)
    assert ME not in caplog.text


def test_the_dispatch_gives_each_message_once_and_keeps_to_the_protocol() -> None:
    messages_ = sample_messages(3)
    dispatch = UnrecordedDispatch("post", messages_)
    assert not dispatch.mark(messages_[0])
    with pytest.raises(PluginError, match="does not have"):
        dispatch.settle(messages_[0], Receipt.failed("x"))

    async def send_all() -> None:
        async for message in dispatch:
            if message is messages_[0]:
                with pytest.raises(PluginError, match="without a mark"):
                    await dispatch.settle_async(message, Receipt.sent())
            assert await dispatch.mark_async(message)
            assert not await dispatch.mark_async(message)
            await dispatch.settle_async(message, Receipt.sent(code=250))
            assert not dispatch.mark(message)
            with pytest.raises(PluginError, match="does not have"):
                dispatch.settle(message, Receipt.sent())

    asyncio.run(send_all())
    assert list(dispatch) == []
    assert set(dispatch.receipts) == {one.key for one in messages_}
