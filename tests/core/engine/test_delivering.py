"""What a channel answers becomes the message's state; what goes wrong too often pauses the run."""

from __future__ import annotations

import logging
import random
from datetime import timedelta
from typing import Any

import pytest

from ballyhoo import Receipt
from ballyhoo.core.engine.controlling import cancel_run, resume_run
from ballyhoo.core.engine.outcomes import (
    FIRST_WAIT_SECONDS,
    LONGEST_ASKED_SECONDS,
    LONGEST_WAIT_SECONDS,
    MOST_ATTEMPTS,
    find_wait,
    hide_identity,
)
from ballyhoo.core.errors import EnvironmentMissing
from ballyhoo.core.store.ledger.doubts import MOST_UNKNOWNS
from ballyhoo.core.store.ledger.history import read_history
from ballyhoo.core.store.ledger.marks import settle_messages

from .plugins import Capture
from .shop import BEGIN, Shop, make_recipe, to_ms

ADA = "ada@customers.example"


def read_events(shop: Shop, run: Any, name: str) -> list[dict[str, Any]]:
    with shop.store.read() as connection:
        return read_history(connection, shop.rows(run)[name]["id"])


def test_a_message_that_was_sent_keeps_what_the_other_side_said(shop: Shop) -> None:
    shop.add("ada")
    run = shop.plan()
    shop.channel.answer(ADA, Receipt.sent(detail="queued as 7F", code=250, provider_id="7F"))
    shop.deliver(run)
    row = shop.rows(run)["ada"]
    assert (row["state"], row["provider_id"], row["last_code"]) == ("sent", "7F", "250")
    assert (row["last_error"], row["sent_at"], row["attempts"]) == ("queued as 7F", to_ms(BEGIN), 1)
    assert read_events(shop, run, "ada") == []  # what went well at once needs no row


def test_a_refused_message_fails_and_does_not_count_as_sent(shop: Shop) -> None:
    shop.add("ada")
    run = shop.plan()
    shop.channel.answer(ADA, Receipt.failed("no such mailbox", code=550))
    shop.deliver(run)
    row = shop.rows(run)["ada"]
    assert (row["state"], row["reason"], row["last_code"]) == ("failed", "refused", "550")
    assert (row["last_error"], row["sent_at"]) == ("no such mailbox", None)
    [event] = read_events(shop, run, "ada")
    assert (event["kind"], event["outcome"], event["code"]) == ("attempt", "failed", 550)


def test_a_message_that_was_put_off_is_tried_again_later_and_later(shop: Shop) -> None:
    shop.add("ada")
    run = shop.plan()
    shop.channel.answer(ADA, *[Receipt.later("busy", code=451)] * (MOST_ATTEMPTS - 1))
    waits = []
    for attempt in range(1, MOST_ATTEMPTS):
        shop.deliver(run)
        row = shop.rows(run)["ada"]
        assert (row["state"], row["attempts"], row["sent_at"]) == ("ready", attempt, None)
        waits.append((row["due_at"] - shop.engine.now) / 1000)
        longest = min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2 ** (attempt - 1))
        assert longest / 2 <= waits[-1] <= longest
        shop.clock.advance(seconds=waits[-1] - 0.01)
        shop.deliver(run)
        assert shop.rows(run)["ada"]["attempts"] == attempt  # not yet
        shop.clock.advance(seconds=0.01)
    shop.deliver(run)
    assert shop.fates(run) == {"ada": "sent"}
    events = read_events(shop, run, "ada")
    assert [event["attempt"] for event in events] == list(range(1, MOST_ATTEMPTS + 1))
    assert [event["outcome"] for event in events] == ["later"] * (MOST_ATTEMPTS - 1) + ["sent"]


def test_a_message_that_is_put_off_too_often_fails(shop: Shop) -> None:
    shop.add("ada")
    run = shop.plan()
    shop.channel.answer(ADA, *[Receipt.later("busy")] * (MOST_ATTEMPTS + 5))
    for _ in range(MOST_ATTEMPTS + 5):
        shop.deliver(run)
        shop.clock.advance(hours=5)
    assert shop.fates(run) == {"ada": "failed: too_many_attempts"}
    assert shop.rows(run)["ada"]["attempts"] == MOST_ATTEMPTS


def test_what_the_other_side_asks_for_is_waited_for(shop: Shop) -> None:
    shop.add("ada")
    run = shop.plan()
    shop.channel.answer(ADA, Receipt.later("busy", retry_after_seconds=7200))
    shop.deliver(run)
    assert shop.rows(run)["ada"]["due_at"] == to_ms(BEGIN + timedelta(hours=2))


@pytest.mark.parametrize("asked", [float("inf"), 1e300, float("nan"), -5.0, 0.0])
def test_what_nobody_can_wait_for_is_not_waited_for(asked: float) -> None:
    wait = find_wait(1, asked, random.Random(1))
    assert FIRST_WAIT_SECONDS / 2 <= wait <= LONGEST_ASKED_SECONDS


@pytest.mark.parametrize(
    ("said", "address", "kept"),
    [
        ("550 <Ada@Customers.Example> unknown", ADA, "550 <(the address)> unknown"),
        ("try bob@other.example instead", ADA, "try (an address) instead"),
        ("447700900001 is off", "+447700900001", "(the address) is off"),
        ("+44 7700 900002 is off", "+447700900001", "(a number) is off"),
        ("250 2.0.0 OK 1612", ADA, "250 2.0.0 OK 1612"),
    ],
)
def test_an_answer_is_kept_without_the_address(said: str, address: str, kept: str) -> None:
    assert hide_identity(said, address) == kept


def test_an_unknown_message_is_held_for_a_person(shop: Shop) -> None:
    shop.add("ada")
    run = shop.plan()
    shop.channel.answer(ADA, Receipt.unknown("no answer after the dot"))
    shop.go_on(run)
    row = shop.rows(run)["ada"]
    assert (row["state"], row["unknowns"], row["sent_at"]) == ("unknown", 1, to_ms(BEGIN))
    assert shop.read(run).state == "finished"
    shop.clock.advance(days=1)
    shop.go_on(run)
    assert shop.fates(run) == {"ada": "unknown"}


class TestResend:
    """`on_unknown: resend`: at least once instead of at most once."""

    RECIPE = make_recipe(policy={"on_unknown": "resend"})

    def test_an_unknown_message_is_sent_again_under_the_same_key(self, shop: Shop) -> None:
        shop.add("ada")
        run = shop.plan(self.RECIPE)
        keys: list[tuple[str, bytes]] = []
        shop.channel.before_mark = lambda message: keys.append((message.key, message.content))
        shop.channel.answer(ADA, Receipt.unknown("lost"))
        shop.deliver(run)
        assert shop.fates(run) == {"ada": "ready"}
        shop.clock.advance(hours=1)
        shop.go_on(run)
        assert shop.fates(run) == {"ada": "sent"}
        assert len(keys) == 2
        assert len(set(keys)) == 1

    def test_what_is_lost_again_and_again_stays_unknown(self, shop: Shop) -> None:
        shop.add("ada")
        run = shop.plan(self.RECIPE)
        shop.channel.answer(ADA, *[Receipt.unknown("lost")] * 9)
        for _ in range(9):
            shop.go_on(run)
            shop.clock.advance(hours=5)
        row = shop.rows(run)["ada"]
        assert (row["state"], row["unknowns"]) == ("unknown", MOST_UNKNOWNS)
        assert shop.read(run).state == "finished"

    def test_what_a_channel_left_behind_is_sent_again(self, shop: Shop) -> None:
        shop.add("ada")
        run = shop.plan(self.RECIPE)
        shop.channel.delivers = lambda dispatch: [dispatch.mark(one) for one in dispatch]
        shop.deliver(run)
        assert shop.fates(run) == {"ada": "unknown"}
        shop.channel.delivers = None
        shop.go_on(run)
        assert shop.fates(run) == {"ada": "sent"}

    @pytest.mark.parametrize(
        "change",
        ["unsubscribes", "leaves the segment", "is refused", "is too late", "is cancelled",
         "cannot be shown"],
    )  # fmt: skip
    def test_what_is_not_sent_again_after_all_may_still_be_out(
        self, shop: Shop, change: str
    ) -> None:
        shop.add("ada")
        shop.add_products("tarn")
        run = shop.plan(
            make_recipe(
                segment={"where": "country = 'DE' AND orders = 0"},
                policy={"on_unknown": "resend", "expires": "2d"},
            )
        )
        shop.channel.answer(ADA, Receipt.unknown("lost"))
        shop.deliver(run)
        assert shop.fates(run) == {"ada": "ready"}
        shop.clock.advance(hours=1)
        match change:
            case "unsubscribes":
                shop.channel.before_mark = lambda message: shop.unsubscribe("ada")
            case "leaves the segment":
                shop.order("ada", "tarn")
            case "is refused":
                shop.channel.answer(ADA, Receipt.failed("never heard of her"))
            case "is too late":
                shop.clock.advance(days=2)
            case "is cancelled":
                cancel_run(shop.store, run.id, now=shop.engine.now)
            case "cannot be shown":
                shop.channel._render = _fail  # type: ignore[method-assign]
        for _ in range(3):
            shop.go_on(run)
            shop.clock.advance(hours=1)
        row = shop.rows(run)["ada"]
        assert row["state"] == "unknown"
        assert row["unknowns"] == MOST_UNKNOWNS  # nobody sends it again by himself
        assert row["sent_at"] is not None  # caps count from it
        assert shop.receipt(run).adds_up
        assert shop.channel.sent == []


def _fail(*_: Any) -> bytes:
    raise ZeroDivisionError


class TestALateAnswer:
    """Its sender stood still for so long that the message counts as unknown; then it wakes up."""

    @pytest.mark.parametrize("state", ["sent", "failed", "ready"])
    def test_still_counts(self, shop: Shop, state: str) -> None:
        shop.add("ada")
        run = shop.plan()
        tokens: list[str] = []

        def stand_still(message: Any) -> None:
            tokens.append(shop.rows(run)["ada"]["lease_token"])
            shop.tamper(run, "ada", state="unknown", unknowns=1, lease_owner=None, lease_until=None)

        shop.channel.after_mark = stand_still
        receipt = {"sent": Receipt.sent(), "failed": Receipt.failed("no"),
                   "ready": Receipt.later("busy")}[state]  # fmt: skip
        shop.channel.answer(ADA, receipt)
        shop.deliver(run)
        row = shop.rows(run)["ada"]
        assert (row["state"], row["unknowns"]) == (state, 0)
        assert row["lease_token"] is None

    def test_does_not_count_once_somebody_decided(self, shop: Shop) -> None:
        shop.add("ada")
        run = shop.plan()
        shop.channel.delivers = lambda dispatch: [dispatch.mark(one) for one in dispatch]
        shop.deliver(run)
        row = shop.rows(run)["ada"]
        shop.tamper(run, "ada", state="sent", lease_token=None)
        late = (row["id"], "failed", "refused", None, None, None, "no", 0)
        with shop.store.begin() as connection:
            assert settle_messages(connection, row["lease_token"] or "-", [late]) == []
        assert shop.fates(run) == {"ada": "sent"}

    def test_of_a_first_attempt_leaves_no_doubt_about_the_second(self, shop: Shop) -> None:
        """What failed for certain is failed, and what an earlier attempt left open is open."""
        shop.add("ada")
        run = shop.plan()
        shop.channel.answer(ADA, Receipt.failed("no"))

        def stand_still(message: Any) -> None:
            shop.tamper(run, "ada", state="unknown", unknowns=2)

        shop.channel.after_mark = stand_still
        shop.deliver(run)
        assert shop.fates(run) == {"ada": "unknown: refused"}


class TestAChannelThatRaises:
    def test_three_times_in_a_row_pauses_the_run(self, shop: Shop) -> None:
        shop.add("ada", "bob")
        run = shop.start()

        def fail(dispatch: Any) -> None:
            raise ConnectionResetError("ada@customers.example hung up")

        shop.channel.delivers = fail
        end = shop.go_on(run)
        assert end.row.state == "paused"
        assert end.row.reason == (
            "the channel failed 3 times in a row: "
            "the plugin 'capture' raised ConnectionResetError in its hook 'deliver'"
        )
        assert shop.receipt(run).states == {"ready": 2}
        assert {row["attempts"] for row in shop.rows(run).values()} == {0}

    def test_may_raise_now_and_then(self, shop: Shop) -> None:
        shop.add(*(f"c{number}" for number in range(12)))
        run = shop.start()

        def stumble(dispatch: Any) -> None:
            for number, message in enumerate(dispatch):
                if number == 2:
                    raise ConnectionResetError
                shop.channel.send(dispatch, message)

        shop.channel.delivers = stumble
        assert shop.go_on(run).row.state == "finished"
        assert shop.receipt(run).states == {"sent": 12}

    def test_after_a_mark_leaves_that_message_unknown_and_the_others_as_they_were(
        self, shop: Shop
    ) -> None:
        shop.add("ada", "bob")
        run = shop.plan()
        shop.channel.answer(ADA, ConnectionResetError())
        shop.deliver(run)
        assert shop.fates(run) == {"ada": "unknown", "bob": "ready"}
        shop.go_on(run)
        assert shop.fates(run) == {"ada": "unknown", "bob": "sent"}

    def test_goes_on_when_a_person_says_so(self, shop: Shop) -> None:
        shop.add("ada")
        run = shop.start()
        shop.channel.delivers = lambda dispatch: 1 / 0
        assert shop.go_on(run).row.state == "paused"
        shop.channel.delivers = None
        resume_run(shop.store, shop.registry, run.id)
        assert shop.go_on(run).row.state == "finished"
        assert shop.fates(run) == {"ada": "sent"}

    def test_that_something_is_not_there_is_waited_for(self, shop: Shop) -> None:
        shop.add("ada")
        run = shop.start()

        def lack(dispatch: Any) -> None:
            raise EnvironmentMissing("the server does not answer")

        shop.channel.delivers = lack
        for _ in range(5):
            end = shop.go_on(run)
            assert end.waits_for == "the server does not answer"
        assert shop.read(run).state in ("running", "waiting")
        shop.channel.delivers = None
        assert shop.go_on(run).row.state == "finished"

    def test_that_takes_nothing_is_paused_too(self, shop: Shop) -> None:
        shop.add("ada")
        run = shop.start()
        shop.channel.delivers = lambda dispatch: None
        end = shop.go_on(run)
        assert end.row.state == "paused"
        assert shop.fates(run) == {"ada": "ready"}

    def test_that_takes_messages_and_gives_them_back_is_paused_too(self, shop: Shop) -> None:
        shop.add("ada", "bob")
        run = shop.start()
        shop.channel.delivers = lambda dispatch: list(dispatch) and None
        assert shop.go_on(run).row.state == "paused"
        assert shop.receipt(run).states == {"ready": 2}

    def test_says_no_name_in_the_log(self, shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
        shop.add("ada")
        run = shop.start()

        def fail(dispatch: Any) -> None:
            raise KeyError("Ada Lovelace <ada@customers.example>")

        shop.channel.delivers = fail
        with caplog.at_level(logging.DEBUG):
            shop.go_on(run)
        written = caplog.text + "".join(str(vars(record)) for record in caplog.records)
        assert "KeyError" in written
        assert "in fail" in written  # where it was
        assert "Lovelace" not in written
        assert "customers.example" not in written


class TestTheCircuitBreaker:
    def test_pauses_when_too_much_goes_wrong(self, shop: Shop) -> None:
        names = [f"c{number:02}" for number in range(60)]
        shop.add(*names)
        run = shop.start()
        for name in names[5:]:
            shop.channel.answer(f"{name}@customers.example", Receipt.failed("refused"))
        end = shop.go_on(run)
        assert end.row.state == "paused"
        assert end.row.reason == "15 of the last 20 messages failed"
        assert shop.receipt(run).states == {"failed": 15, "ready": 40, "sent": 5}

    def test_sees_it_also_when_few_leave_at_a_time(self, shop: Shop) -> None:
        """A slow rate: each delivery is of one message."""
        names = [f"c{number:02}" for number in range(40)]
        shop.add(*names)
        for name in names:
            shop.channel.answer(f"{name}@customers.example", Receipt.failed("refused"))
        run = shop.start(make_recipe(deliver={"rate": "20/h"}))
        for _ in range(25):
            shop.go_on(run)
            shop.clock.advance(minutes=3)
        assert shop.read(run).state == "paused"
        assert shop.receipt(run).states == {"failed": 20, "ready": 20}

    def test_begins_to_count_anew_when_a_person_lets_it_go_on(self, shop: Shop) -> None:
        names = [f"c{number:02}" for number in range(50)]
        shop.add(*names)
        for name in names[:20]:
            shop.channel.answer(f"{name}@customers.example", Receipt.failed("refused"))
        run = shop.start()
        assert shop.go_on(run).row.state == "paused"
        resume_run(shop.store, shop.registry, run.id)
        assert shop.go_on(run).row.state == "finished"
        assert shop.receipt(run).states == {"failed": 20, "sent": 30}


def test_each_variant_goes_by_its_own_channel(shop: Shop) -> None:
    other = Capture(consent="email")
    shop.add_plugin("other", other)
    shop.add(*(f"c{number}" for number in range(30)))
    variants = {"a": {}, "b": {"deliver": {"plugin": "other"}}}
    run = shop.run(make_recipe(experiment={"variants": variants}))
    counted = shop.receipt(run).variants
    assert {"a": len(shop.channel.sent), "b": len(other.sent)} == counted
    assert shop.read(run).state == "finished"
