"""What came from outside is kept once, and holds before the next mark."""

from __future__ import annotations

import threading
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from ballyhoo import Event, Message, Noted, Receipt, Returned, SoftLimit, Trace
from ballyhoo.core.links import SignedLinks
from ballyhoo.core.store.tables import events, message_events, standings, suppressions
from ballyhoo.core.stored_inbox import StoreInbox
from ballyhoo.core.tokens import Tokens

from .shop import Shop, make_recipe

SIGNS = SignedLinks("", Tokens(("a signing key",)), b"a reference key")


@pytest.fixture
def inbox(shop: Shop) -> StoreInbox:
    return open_for(shop)


def open_for(shop: Shop) -> StoreInbox:
    return StoreInbox(shop.store, source="mail", signs=SIGNS, clock=shop.clock)


def send(shop: Shop, *names: str, campaign: str = "letter") -> Any:
    """Send a letter to everybody, some new people among them, and return the run."""
    if names:
        shop.add(*names)
    return shop.run(make_recipe(campaign=campaign))


def token_of(shop: Shop, run: Any, name: str) -> str:
    return SIGNS.tokens.sign_return_path(shop.rows(run)[name]["id"])


def trace(shop: Shop, run: Any, name: str) -> Trace:
    return Trace(tokens=(token_of(shop, run, name),))


def bounce(
    shop: Shop, key: str = "return-1", *, is_permanent: bool = True, **facts: Any
) -> Returned:
    given = {"kind": "bounce", "at": shop.clock.now(), "status": "5.1.1", **facts}
    return Returned(id=key, is_permanent=is_permanent, **given)


def reasons(shop: Shop) -> list[str]:
    """Return why addresses are suppressed."""
    with shop.store.read() as connection:
        return list(connection.execute(select(suppressions.c.reason)).scalars())


def count_events(shop: Shop, kind: str) -> int:
    counted = select(func.count()).where(message_events.c.kind == kind)
    with shop.store.read() as connection:
        return connection.execute(counted).scalar_one()


def test_a_bounce_for_good_suppresses_the_address_at_once(shop: Shop, inbox: StoreInbox) -> None:
    run = send(shop, "ann", "ben")
    noted = inbox.note_return(trace(shop, run, "ann"), bounce(shop))
    id = shop.rows(run)["ann"]["id"]
    assert noted == Noted(message_id=id, is_new=True, is_suppressed=True, is_proven=True)
    assert reasons(shop) == ["bounce"]
    again = send(shop, campaign="another")
    assert shop.fates(again) == {"ann": "skipped: suppressed", "ben": "sent"}


def test_the_same_return_again_changes_nothing(shop: Shop, inbox: StoreInbox) -> None:
    run = send(shop, "ann")
    inbox.note_return(trace(shop, run, "ann"), bounce(shop))
    noted = inbox.note_return(trace(shop, run, "ann"), bounce(shop))
    assert not noted.is_new
    assert count_events(shop, "bounce") == 1


def test_one_return_that_many_tell_at_once_is_kept_once(shop: Shop) -> None:
    run = send(shop, "ann")
    where, what = trace(shop, run, "ann"), bounce(shop)
    told: list[Noted] = []
    threads = [
        threading.Thread(target=lambda: told.append(open_for(shop).note_return(where, what)))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(noted.is_new for noted in told) == [False] * 5 + [True]
    assert count_events(shop, "bounce") == 1


def test_a_bounce_proves_that_an_unknown_message_was_out(shop: Shop, inbox: StoreInbox) -> None:
    run = send(shop, "ann", "ben")
    shop.tamper(run, "ann", state="unknown", unknowns=1)
    shop.tamper(run, "ben", state="unknown", unknowns=1)
    inbox.note_return(trace(shop, run, "ann"), bounce(shop))
    assert shop.fates(run) == {"ann": "sent", "ben": "unknown"}
    assert count_events(shop, "resolved") == 1


def test_an_address_that_fails_for_a_time_is_given_up_after_the_third_message(
    shop: Shop, inbox: StoreInbox
) -> None:
    noted = []
    for number in range(3):
        run = send(shop, "ann", campaign=f"letter-{number}")
        soft = bounce(shop, f"r{number}", is_permanent=False, status="4.2.2")
        noted.append(inbox.note_return(trace(shop, run, "ann"), soft).is_suppressed)
        shop.clock.advance(timedelta(days=2))
    assert noted == [False, False, True]


def test_two_notices_about_one_message_count_once(shop: Shop, inbox: StoreInbox) -> None:
    run = send(shop, "ann")
    for number in range(5):
        soft = bounce(shop, f"r{number}", is_permanent=False)
        assert not inbox.note_return(trace(shop, run, "ann"), soft).is_suppressed


def test_old_failures_are_forgotten(shop: Shop, inbox: StoreInbox) -> None:
    for number in range(4):
        run = send(shop, "ann", campaign=f"letter-{number}")
        soft = bounce(shop, f"r{number}", is_permanent=False)
        assert not inbox.note_return(trace(shop, run, "ann"), soft).is_suppressed
        shop.clock.advance(timedelta(days=8))


def test_a_click_shows_that_mail_arrives_and_clears_what_failed_before(
    shop: Shop, inbox: StoreInbox
) -> None:
    for number in range(4):
        run = send(shop, "ann", campaign=f"letter-{number}")
        if number == 2:
            with shop.store.begin() as connection:
                seen = {"message_id": shop.rows(run)["ann"]["id"], "kind": "click",
                        "at": shop.engine.now, "source": "web"}  # fmt: skip
                connection.execute(insert(message_events).values(seen))
        shop.clock.advance(timedelta(hours=1))
        soft = bounce(shop, f"r{number}", is_permanent=False)
        assert not inbox.note_return(trace(shop, run, "ann"), soft).is_suppressed


def test_a_limit_of_none_never_gives_an_address_up(shop: Shop, inbox: StoreInbox) -> None:
    run = send(shop, "ann")
    soft = bounce(shop, is_permanent=False)
    never, one = SoftLimit(messages=0), SoftLimit(messages=1)
    assert not inbox.note_return(trace(shop, run, "ann"), soft, limit=never).is_suppressed
    soft = bounce(shop, "r2", is_permanent=False)
    assert inbox.note_return(trace(shop, run, "ann"), soft, limit=one).is_suppressed


def test_a_delay_is_noted_and_counts_for_nothing(shop: Shop, inbox: StoreInbox) -> None:
    run = send(shop, "ann")
    delay = Returned(id="d", kind="delay", at=shop.clock.now())
    noted = inbox.note_return(trace(shop, run, "ann"), delay, limit=SoftLimit(messages=1))
    assert noted.is_new
    assert not noted.is_suppressed
    assert (count_events(shop, "delay"), count_events(shop, "bounce")) == (1, 0)


def test_a_complaint_suppresses_and_is_an_event_of_the_customer(
    shop: Shop, inbox: StoreInbox
) -> None:
    run = send(shop, "ann")
    complaint = Returned(id="c", kind="complaint", at=shop.clock.now())
    assert inbox.note_return(trace(shop, run, "ann"), complaint).is_suppressed
    assert not inbox.note_return(trace(shop, run, "ann"), complaint).is_new
    inbox.close()
    assert reasons(shop) == ["complaint"]
    assert kinds_of(shop, "ann") == ["complaint"]
    assert shop.fates(send(shop, campaign="another")) == {"ann": "skipped: suppressed"}


def test_an_unsubscribe_takes_the_consent_back_and_suppresses_nothing(
    shop: Shop, inbox: StoreInbox
) -> None:
    run = send(shop, "ann")
    inbox.note_return(
        trace(shop, run, "ann"), Returned(id="u", kind="unsubscribe", at=shop.clock.now())
    )
    assert reasons(shop) == []
    with shop.store.read() as connection:
        assert connection.execute(select(standings.c.is_given)).scalars().all() == [False]
    assert shop.fates(send(shop, campaign="another")) == {"ann": "skipped: no_consent"}


def test_a_report_that_names_an_address_alone_is_no_proof(shop: Shop, inbox: StoreInbox) -> None:
    run = send(shop, "ann")
    shop.tamper(run, "ann", state="unknown", unknowns=1)
    where = Trace(addresses=("ann@customers.example",))
    noted = inbox.note_return(where, bounce(shop))
    assert (noted.is_new, noted.is_suppressed, noted.is_proven) == (True, False, False)
    assert shop.fates(run) == {"ann": "unknown"}


def test_a_reference_of_ours_with_the_address_is_a_proof(shop: Shop, inbox: StoreInbox) -> None:
    run = send(shop, "ann", "ben")
    row = shop.rows(run)["ann"]
    message = Message(id=row["id"], key="k", run_id=run.id, campaign="letter", address="",
                      fields={}, dated_at=shop.clock.now())  # fmt: skip
    sign = (SIGNS.reference(message), run.id)
    stolen = Trace(references=(sign,), addresses=("ben@customers.example",))
    assert not inbox.note_return(stolen, bounce(shop, "r0")).is_proven
    own = Trace(references=(sign,), addresses=("ann@customers.example",))
    noted = inbox.note_return(own, bounce(shop, "r1"))
    assert (noted.message_id, noted.is_suppressed) == (row["id"], True)


@pytest.mark.parametrize(
    "where",
    [
        Trace(),
        Trace(tokens=("aaaaaaaaaaaaaaaaaaaaaaaa", "", "?", "é", "a" * 400)),
        Trace(addresses=("stranger@elsewhere.example",)),
        Trace(references=(("a" * 24, 1),)),
        Trace(references=(("a" * 24, 10**30),), addresses=("ann@customers.example",)),
    ],
)
def test_what_is_none_of_ours_changes_nothing(shop: Shop, inbox: StoreInbox, where: Trace) -> None:
    shop.add("ann")
    assert inbox.note_return(where, bounce(shop)) == Noted()
    assert reasons(shop) == []


def test_an_address_that_nobody_wrote_to_is_not_suppressed(shop: Shop, inbox: StoreInbox) -> None:
    shop.add("ann")
    shop.plan()
    noted = inbox.note_return(Trace(addresses=("ann@customers.example",)), bounce(shop))
    assert noted == Noted()


def test_a_server_whose_clock_is_wrong_does_not_move_the_moment(
    shop: Shop, inbox: StoreInbox
) -> None:
    run = send(shop, "ann")
    wrong = bounce(shop, at=shop.clock.now() + timedelta(days=4_000))
    inbox.note_return(trace(shop, run, "ann"), wrong)
    with shop.store.read() as connection:
        kept = select(message_events.c.at).where(message_events.c.kind == "bounce")
        assert connection.execute(kept).scalar() == shop.engine.now


def kinds_of(shop: Shop, name: str) -> list[str]:
    found = select(events.c.type).where(events.c.customer_id == shop.find(name))
    with shop.store.read() as connection:
        return list(connection.execute(found.order_by(events.c.id)).scalars())


def test_an_event_is_kept_once_with_its_value(shop: Shop, inbox: StoreInbox) -> None:
    [ann] = shop.add("ann")
    event = Event(id="e1", type="purchase", at=shop.clock.now(), customer_id=ann,
                  value=Decimal("19.90"), currency="EUR", properties={"page": "ü"})  # fmt: skip
    assert [inbox.record_event(event), inbox.record_event(event)] == [True, False]
    with shop.store.read() as connection:
        row = connection.execute(select(events)).mappings().one()
    assert (row["value"], row["source"], row["properties"]) == (1990, "mail", {"page": "ü"})


def test_an_unsubscribe_as_an_event_holds_before_the_next_mark(
    shop: Shop, inbox: StoreInbox
) -> None:
    shop.add("ann", "ben")
    run = shop.plan()
    shop.prepare(run)
    inbox.record_event(
        Event(id="e", type="unsubscribe", at=shop.clock.now(), customer_id=shop.find("ann"))
    )
    shop.deliver(run)
    assert shop.fates(run) == {"ann": "skipped: no_consent", "ben": "sent"}


def test_an_address_that_is_suppressed_holds_before_the_next_mark(
    shop: Shop, inbox: StoreInbox
) -> None:
    shop.add("ann", "ben")
    run = shop.plan()
    shop.prepare(run)
    for _ in range(2):
        inbox.suppress_address("email", "ann@customers.example", reason="bounce")
    shop.deliver(run)
    assert shop.fates(run) == {"ann": "skipped: suppressed", "ben": "sent"}


def test_a_customer_is_found_by_her_address_of_this_kind(shop: Shop, inbox: StoreInbox) -> None:
    [ann] = shop.add("ann", phone="+447700900001")
    assert inbox.find_customer("email", "ann@customers.example") == ann
    assert inbox.find_customer("phone", "+447700900001") == ann
    assert inbox.find_customer("phone", "ann@customers.example") is None
    assert inbox.find_customer("email", "nobody@customers.example") is None


@pytest.mark.parametrize(
    ("receipt", "fate"),
    [
        (Receipt.sent(provider_id="q1"), "sent"),
        (Receipt.failed("no", code=550), "failed: refused"),
        (Receipt.later("busy", code=451), "ready"),
        (Receipt.unknown("?"), "unknown"),
    ],
)
def test_a_receipt_that_comes_later_says_what_an_unknown_message_is(
    shop: Shop, inbox: StoreInbox, receipt: Receipt, fate: str
) -> None:
    run = send(shop, "ann")
    shop.tamper(run, "ann", state="unknown", unknowns=1)
    assert inbox.resolve_message(f"{run.id}-{shop.find('ann')}", receipt)
    assert shop.fates(run) == {"ann": fate}
    if fate == "ready":
        assert shop.read(run).state == "running"
        shop.go_on(run)
        assert shop.fates(run) == {"ann": "sent"}


def test_a_receipt_changes_nothing_of_which_the_end_is_known(shop: Shop, inbox: StoreInbox) -> None:
    run = send(shop, "ann")
    assert inbox.resolve_message(f"{run.id}-{shop.find('ann')}", Receipt.failed("no"))
    assert shop.fates(run) == {"ann": "sent"}


@pytest.mark.parametrize("key", ["", "7", "7-", "-7", "x-1", "9-9", "1-" + "9" * 60, "١-١"])
def test_a_key_of_no_message_is_said_to_be_none(inbox: StoreInbox, key: str) -> None:
    assert not inbox.resolve_message(key, Receipt.sent())
