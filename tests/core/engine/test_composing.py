"""What changed since the plan is looked at again when a message is claimed; then it stays so."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from ballyhoo import FieldLimits, Message, Reason, Receipt
from ballyhoo.core.store.rights import erase_customer
from ballyhoo.core.store.tables import customers, product_texts

from .plugins import Capture, Critic
from .shop import BEGIN, Shop, at, make_recipe, to_ms

BUYERS = {"where": "country = 'DE' AND orders = 0"}
PRICED = {
    "recommend": {"plugin": "shelf", "top": 1},
    "deliver": {"fields": {"subject": "{product.name}", "body": "Now {price}, {first_name|you}."}},
}


def rename(shop: Shop, product: int, title: str) -> None:
    """Give a product another title in all languages."""
    with shop.store.begin() as connection:
        connection.execute(
            update(product_texts).where(product_texts.c.product_id == product).values(title=title)
        )


def shown(shop: Shop) -> list[dict[str, Any]]:
    """Return what was told to the world."""
    return [json.loads(message.content) for message in shop.channel.sent]


def plan_priced(shop: Shop, **blocks: Any) -> Any:
    [shop.recommender.products] = [shop.add_products("tarn", "firn")]
    run = shop.plan(make_recipe(**PRICED, **blocks))
    shop.prepare(run)
    return run


def test_who_ordered_meanwhile_gets_no_win_back(shop: Shop) -> None:
    shop.add("ada", "bob")
    shop.add_products("tarn")
    run = shop.plan(make_recipe(segment=BUYERS))
    shop.order("ada", "tarn")
    shop.deliver(run)
    assert shop.fates(run) == {"ada": "skipped: left_segment", "bob": "sent"}
    assert shop.receipt(run).adds_up


def test_a_segment_that_streams_is_not_asked_about_a_few(shop: Shop) -> None:
    from .plugins import Stream

    ids = shop.add("ada", "bob")
    asked: list[int] = []

    def answer(context: Any) -> Any:
        asked.append(1)
        return list(ids)

    shop.add_plugin("stream", Stream(answer))
    run = shop.plan(make_recipe(segment={"plugin": "stream"}))
    shop.deliver(run)
    assert shop.receipt(run).states == {"sent": 2}
    assert len(asked) <= 2  # once for the plan, and once to see that it streams


def test_a_segment_that_raises_when_it_is_looked_at_again_loses_nothing(shop: Shop) -> None:
    from sqlalchemy import select

    from .plugins import Stream

    shop.add("ada", "bob")
    is_broken = False

    def answer(context: Any) -> Any:
        if is_broken:
            raise ConnectionError
        return select(customers.c.id)

    shop.add_plugin("stream", Stream(answer))
    run = shop.plan(make_recipe(segment={"plugin": "stream"}))
    is_broken = True
    shop.deliver(run)
    assert shop.receipt(run).states == {"ready": 2}
    is_broken = False
    shop.deliver(run)
    assert shop.receipt(run).states == {"sent": 2}


def test_a_price_that_changed_is_shown_as_it_is_now(shop: Shop) -> None:
    shop.add("ada")
    run = plan_priced(shop)
    shop.add_products("tarn", price=9_950)
    shop.deliver(run)
    assert shown(shop)[0]["fields"] == {"subject": "Tarn shoe", "body": "Now €99.50, Ada."}


def test_a_product_that_is_sold_out_is_not_written_about(shop: Shop) -> None:
    shop.add("ada")
    run = plan_priced(shop)
    shop.add_products("tarn", stock=0)
    shop.deliver(run)
    assert shop.fates(run) == {"ada": "skipped: sold_out"}
    assert shop.channel.sent == []


@pytest.mark.parametrize("stock", [0, None])
def test_a_product_that_was_no_fuller_when_it_was_chosen_is(shop: Shop, stock: int | None) -> None:
    """Whoever recommends what is sold out knows why; of None nobody counts the pieces."""
    shop.add("ada")
    shop.recommender.products = shop.add_products("tarn", stock=stock)
    run = shop.run(make_recipe(**PRICED))
    assert shop.fates(run) == {"ada": "sent"}


def test_a_product_that_the_filters_do_not_let_pass_any_more_is_not_written_about(
    shop: Shop,
) -> None:
    shop.add("ada")
    [shop.recommender.products] = [shop.add_products("tarn", "firn")]
    filtered = {**PRICED["recommend"], "where": "price < 120"}
    run = shop.plan(make_recipe(**{**PRICED, "recommend": filtered}))
    shop.prepare(run)
    shop.add_products("tarn", price=12_500)
    shop.deliver(run)
    assert shop.fates(run) == {"ada": "skipped: filtered_out"}


def test_a_product_that_the_filters_still_let_pass_is_written_about(shop: Shop) -> None:
    shop.add("ada")
    [shop.recommender.products] = [shop.add_products("tarn")]
    filtered = {**PRICED["recommend"], "where": "price < 120"}
    run = shop.run(make_recipe(**{**PRICED, "recommend": filtered}))
    assert shop.fates(run) == {"ada": "sent"}


def test_a_product_that_is_gone_is_not_written_about(shop: Shop) -> None:
    """Chosen, and no product any more."""
    shop.add("ada", "bob")
    run = plan_priced(shop)
    content = json.loads(json.dumps(shop.rows(run)["ada"]["content"]))
    content["products"][0]["id"] = 999_999
    shop.tamper(run, "ada", content=content)
    shop.deliver(run)
    assert shop.fates(run) == {"ada": "skipped: sold_out", "bob": "sent"}


def test_an_offer_that_ended_is_made_to_nobody(shop: Shop) -> None:
    shop.add("ada")
    offer = {"code": "SPRING", "ends": "2026-03-03"}
    fields = {"subject": {"max_chars": 60}, "body": {"max_words": 9}}
    run = shop.plan(make_recipe(generate={"offer": offer, "fields": fields}))
    shop.prepare(run)
    shop.clock.set(at(23, 59, day=3))
    later = shop.plan(make_recipe("late", generate={"offer": offer, "fields": fields}))
    shop.prepare(later)
    shop.deliver(run)
    assert shop.fates(run) == {"ada": "sent"}  # its last day counts
    shop.clock.set(at(0, day=4))
    shop.deliver(later)
    assert shop.fates(later) == {"ada": "skipped: offer_ended"}


def test_an_offer_that_is_over_before_copy_is_made_is_left_out(shop: Shop) -> None:
    shop.add("ada")
    offers = [{"code": "OLD", "ends": "2026-03-01"}, {"code": "NEW", "where": "country = 'DE'"}]
    run = shop.run(make_recipe(generate={"offer": offers}))
    assert [message.offer.code for message in shop.channel.sent if message.offer] == ["NEW"]
    assert shop.fates(run) == {"ada": "sent"}


class TestALaterAttempt:
    """It is the same message: the facts of the first mark, its date and its bytes."""

    def attempt_twice(self, shop: Shop, change: Callable[[], object]) -> tuple[Any, Any]:
        shop.add("ada")
        run = plan_priced(shop)
        shop.channel.answer("ada@customers.example", Receipt.later("greylisted"))
        contents: list[bytes] = []
        shop.channel.after_mark = lambda message: contents.append(message.content)
        shop.deliver(run)
        first = dict(shop.rows(run)["ada"])
        assert (first["state"], first["attempts"]) == ("ready", 1)
        shop.clock.advance(hours=1)
        change()
        shop.deliver(run)
        second = dict(shop.rows(run)["ada"])
        assert second["state"] == "sent"
        assert contents[0] == contents[1]
        return first, second

    def test_shows_the_price_and_the_name_of_the_first(self, shop: Shop) -> None:
        def change() -> None:
            shop.add_products("tarn", price=1, stock=0)
            shop.add("ada", first_name="Adele")

        first, second = self.attempt_twice(shop, change)
        assert second["body_hash"] == first["body_hash"]
        assert second["facts"] == first["facts"]
        assert shown(shop)[0]["date"] == BEGIN.isoformat()
        assert "€119.00, Ada" in shown(shop)[0]["fields"]["body"]

    def test_has_the_same_key(self, shop: Shop) -> None:
        keys: set[str] = set()
        shop.channel.before_mark = lambda message: keys.add(message.key)
        self.attempt_twice(shop, lambda: None)
        assert len(keys) == 1

    def test_keeps_only_the_facts_that_it_used(self, shop: Shop) -> None:
        first, _ = self.attempt_twice(shop, lambda: None)
        assert set(first["facts"]["slots"]) == {"product.name", "price", "first_name"}
        assert set(first["facts"]) == {"slots", "products", "dated_at"}

    def test_names_the_product_that_led_to_another_as_the_first_named_it(self, shop: Shop) -> None:
        [firn] = shop.add_products("firn")
        shop.recommender.reason = Reason(kind="bought", product_id=firn)
        named: list[str] = []

        def keep(message: Message) -> None:
            [one] = message.products
            named.append(one.led_by.title("en") if one.led_by is not None else "")

        shop.channel.before_mark = keep
        self.attempt_twice(shop, lambda: rename(shop, firn, "Another"))
        assert named == ["Firn shoe", "Firn shoe"]

    def test_is_not_made_when_she_left_the_segment(self, shop: Shop) -> None:
        shop.add("ada")
        [shop.recommender.products] = [shop.add_products("tarn")]
        run = shop.plan(make_recipe(segment=BUYERS))
        shop.channel.answer("ada@customers.example", Receipt.later("greylisted"))
        shop.deliver(run)
        shop.order("ada", "tarn")
        shop.clock.advance(hours=1)
        shop.deliver(run)
        assert shop.fates(run) == {"ada": "skipped: left_segment"}


def test_a_slot_without_a_value_or_default_skips_her_alone(shop: Shop) -> None:
    shop.add("ada")
    shop.add("bob", first_name=None)
    fields = {"subject": "Hello {first_name}", "body": "{last_name|}Look."}
    run = shop.run(make_recipe(deliver={"fields": fields}))
    assert shop.fates(run) == {"ada": "sent", "bob": "skipped: unfilled_slot"}
    assert shown(shop)[0]["fields"] == {"subject": "Hello Ada", "body": "Look."}


def test_a_default_takes_the_place_of_a_value(shop: Shop) -> None:
    shop.add("bob", first_name=None)
    shop.run()
    assert shown(shop)[0]["fields"]["subject"] == "Hello you"


def test_a_field_that_is_too_long_once_it_is_filled_skips_her(shop: Shop) -> None:
    shop.add("ada")
    shop.add("bob", first_name="B" * 300)
    run = shop.run()
    assert shop.fates(run) == {"ada": "sent", "bob": "skipped: too_long"}


def test_limits_of_the_recipe_are_kept_with_slots_filled(shop: Shop) -> None:
    shop.add("ada")
    shop.add("bob", first_name="Bartholomew Ignatius")
    fields = {"subject": {"max_chars": 12}, "body": {"max_words": 3}}
    run = shop.run(make_recipe(generate={"fields": fields}))
    assert shop.fates(run) == {"ada": "sent", "bob": "skipped: too_long"}


def test_an_address_that_the_channel_cannot_write_to_skips_her_alone(shop: Shop) -> None:
    shop.add("ada")
    shop.add("bob", email="bad@customers.example")
    run = shop.run()
    assert shop.fates(run) == {"ada": "sent", "bob": "skipped: bad_address"}


@pytest.mark.parametrize("word", ["unprintable", "explode"])
def test_a_layout_that_fails_for_one_message_fails_that_one_alone(shop: Shop, word: str) -> None:
    names = [f"c{number:02}" for number in range(30)]
    shop.add(*names)
    shop.add("c13", first_name=word)
    run = shop.run()
    fates = shop.fates(run)
    assert fates.pop("c13") == "failed: render_failed"
    assert set(fates.values()) == {"sent"}
    assert shop.read(run).state == "finished"


def test_a_template_that_needs_what_one_product_lacks_fails_that_message_alone(shop: Shop) -> None:
    (shop.folder / "templates").mkdir()
    (shop.folder / "templates/letter.txt.j2").write_text("{{ products[0].prices.EUR }}")
    ids = shop.add_products("tarn", "firn")
    shop.add("ada", "bob")
    ada = shop.find("ada")
    shop.recommender.choose = lambda customer: ids[:1] if customer.id == ada else []
    run = shop.run(
        make_recipe(
            recommend={"plugin": "shelf"},
            deliver={"fields": {"subject": "s", "body": "b"}, "template": "letter.txt.j2"},
        )
    )
    assert shop.fates(run) == {"ada": "sent", "bob": "failed: render_failed"}
    assert shop.channel.sent[0].content == b"119.00"


class TestACopyWithoutTheVerdictOfEachReviewer:
    """It is never sent, whatever the ledger says."""

    def prepare(self, shop: Shop, **generate: Any) -> Any:
        shop.add_plugin("critic", Critic("forbidden"))
        shop.add("ada")
        run = shop.plan(make_recipe(generate=generate, review={"critic": {}}))
        shop.prepare(run)
        content = dict(shop.rows(run)["ada"]["content"])
        assert content["reviewers"] == ["copy_guard", "critic"]
        return run, content

    @pytest.mark.parametrize("reviewers", [None, [], ["copy_guard"], ["critic"], ["x", "critic"]])
    def test_when_a_verdict_is_missing(self, shop: Shop, reviewers: Any) -> None:
        run, content = self.prepare(shop)
        shop.tamper(run, "ada", content={**content, "reviewers": reviewers or []})
        shop.deliver(run)
        assert shop.fates(run) == {"ada": "skipped: refused_copy"}
        assert shop.channel.sent == []

    @pytest.mark.parametrize("generator", ["recipe", "fallback"])
    def test_when_it_says_that_a_person_wrote_it(self, shop: Shop, generator: str) -> None:
        fallback = {"subject": "Hello", "body": "Look."}
        run, content = self.prepare(shop, fallback=fallback)
        del content["reviewers"]
        shop.tamper(run, "ada", content={**content, "by": {"generator": generator}})
        shop.deliver(run)
        assert shop.fates(run) == {"ada": "skipped: refused_copy"}
        real = {"fields": fallback, "by": {"generator": "fallback"}}
        shop.tamper(run, "ada", state="ready", reason=None, due_at=0, content=real)
        shop.deliver(run)
        assert shop.fates(run) == {"ada": "sent"}

    def test_when_there_is_no_copy_at_all(self, shop: Shop) -> None:
        run, _ = self.prepare(shop)
        shop.tamper(run, "ada", content=None)
        shop.deliver(run)
        assert shop.fates(run) == {"ada": "skipped: refused_copy"}
        assert shop.channel.sent == []

    def test_when_the_run_has_it_all_it_is_sent(self, shop: Shop) -> None:
        run, _ = self.prepare(shop)
        shop.deliver(run)
        assert shop.fates(run) == {"ada": "sent"}


def test_each_message_is_rendered_once_for_each_attempt(shop: Shop) -> None:
    shop.add(*(f"c{number}" for number in range(40)))
    shop.run()
    assert set(shop.channel.rendered.values()) == {1}


def test_who_was_erased_since_is_not_written_to(shop: Shop) -> None:
    shop.add("ada", "bob")
    run = shop.plan()
    erase_customer(shop.store, "ada")
    shop.deliver(run)
    assert sorted(shop.receipt(run).states.items()) == [("sent", 1), ("skipped", 1)]


def test_a_message_says_its_date_in_the_order_of_the_clock(shop: Shop) -> None:
    shop.add("ada")
    run = shop.plan()
    shop.clock.advance(timedelta(hours=3))
    shop.deliver(run)
    assert shop.rows(run)["ada"]["facts"]["dated_at"] == to_ms(BEGIN + timedelta(hours=3))
    assert shop.channel.sent[0].dated_at == BEGIN + timedelta(hours=3)


def test_the_language_of_a_message_is_that_of_its_reader(shop: Shop) -> None:
    shop.add("ada", language="de-AT")
    shop.add("bob", language=None)
    run = plan_priced(shop)
    shop.deliver(run)
    assert {one["to"][:3]: one["fields"]["subject"] for one in shown(shop)} == {
        "ada": "Tarnschuh",
        "bob": "Tarn shoe",
    }


def test_a_channel_for_phones_writes_to_the_phone(shop: Shop) -> None:
    texts = Capture("sms", "phone")
    shop.add_plugin("texts", texts)
    shop.add("ada", says="sms", phone="+447700900001")
    shop.run(make_recipe(deliver={"plugin": "texts"}))
    assert texts.addresses == ["+447700900001"]


def test_fields_come_in_the_order_of_the_recipe(shop: Shop) -> None:
    """Whatever the database makes of it: a layout may go through them."""
    fields = {name: {"max_words": 80} for name in ("subject", "a", "body")}
    declared = {name: FieldLimits() for name in fields}
    letters = Capture(fields=declared)
    shop.add_plugin("letters", letters)
    shop.add("ada")
    run = shop.run(make_recipe(generate={"fields": fields}, deliver={"plugin": "letters"}))
    assert [list(message.fields) for message in letters.sent] == [["subject", "a", "body"]]
    assert shop.fates(run) == {"ada": "sent"}


class TestANewAddress:
    """She told the shop of it since the plan was made."""

    def test_is_written_to_instead_of_the_old_one(self, shop: Shop) -> None:
        shop.add("ada", "bob")
        run = shop.plan()
        shop.add("ada", email="new@customers.example")
        shop.go_on(run)
        assert sorted(shop.channel.addresses) == ["bob@customers.example", "new@customers.example"]
        assert shop.fates(run) == {"ada": "sent", "bob": "sent"}
        assert shop.rows(run)["ada"]["attempts"] == 1

    def test_is_asked_about_before_it_is_written_to(self, shop: Shop) -> None:
        shop.add("ada", "bob", "cyd")
        shop.suppress("new@customers.example")
        run = shop.plan()
        shop.add("ada", email="new@customers.example")
        shop.add("bob", email="cyd@customers.example")
        shop.go_on(run)
        fates = shop.fates(run)
        assert fates["ada"] == "skipped: suppressed"
        assert sorted((fates["bob"], fates["cyd"])) == ["sent", "skipped: same_address"]
        assert shop.channel.addresses == ["cyd@customers.example"]

    def test_of_somebody_who_has_none_any_more_is_none(self, shop: Shop) -> None:
        shop.add("ada")
        run = shop.plan()
        with shop.store.begin() as connection:
            connection.execute(customers.update().values(email_id=None))
        shop.go_on(run)
        assert shop.fates(run) == {"ada": "skipped: no_address"}

    def test_does_not_change_where_a_later_attempt_goes(self, shop: Shop) -> None:
        """It may be out already; and it is the same message, to the byte."""
        shop.add("ada")
        run = shop.plan()
        shop.channel.answer("ada@customers.example", Receipt.later("greylisted"))
        shop.deliver(run)
        shop.add("ada", email="new@customers.example")
        shop.clock.advance(hours=1)
        shop.go_on(run)
        assert shop.channel.addresses == ["ada@customers.example"]
