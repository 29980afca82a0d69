"""Visitors ask at /ask: by what everybody may know, or as who the shop's server signed for."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from ballyhoo import Handoff, Reply
from ballyhoo.core.store.rows import ArticleRow
from ballyhoo.core.store.tables import enquiries, events, replies
from ballyhoo.core.web import answer_desk
from ballyhoo.core.web.sites import sign_identity

from ..answering.clerk import RECIPE, Clerk, add_articles, add_order
from .site import BASE, IDENTITY, PAGES, Site


@pytest.fixture
def desk(site: Site) -> Clerk:
    """What answers at /ask."""
    clerk = Clerk()
    site.shop.add_plugin("clerk", clerk)
    folder = site.shop.folder / "campaigns"
    folder.mkdir(exist_ok=True)
    (folder / "answers.yaml").write_text(RECIPE)
    return clerk


def ask(site: Site, text: Any = "Where is it?", origin: str | None = PAGES, **told: Any) -> Any:
    headers = {"content-type": "application/json"} | ({"origin": origin} if origin else {})
    body = json.dumps({"question": text, **told})
    return site.ask("POST", "/ask", content=body, headers=headers)


def sign(customer: str, *, secret: str = IDENTITY, seconds: int = 600) -> str:
    return sign_identity(secret, customer, int(time.time()) + seconds)


def test_question_is_answered_with_its_source_and_kept(site: Site, desk: Clerk) -> None:
    add_articles(site.shop, ArticleRow("ship", "Shipping", "Two days.", "en"))
    add_articles(site.shop, ArticleRow("ship", "Versand", "Zwei Tage.", "de"))
    desk.answer = lambda one: Reply(
        text="Two days.", confidence=0.9, articles=("ship",), intent="delivery", language="en"
    )
    answer = ask(site, "How long?")
    told = answer.json()
    assert answer.status_code == 200
    assert (told["reply"], told["intent"], told["handoff"]) == ("Two days.", "delivery", None)
    assert told["articles"] == [{"id": "ship", "title": "Shipping"}]
    assert answer.headers["access-control-allow-origin"] == PAGES
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers
    (row,) = site.rows(enquiries)
    assert (row.text, row.source, row.customer_id) == ("How long?", "web", None)


def test_person_gets_what_was_found_and_the_visitor_only_why(site: Site, desk: Clerk) -> None:
    desk.answer = lambda one: Reply(
        text=None, confidence=0.1,
        handoff=Handoff(reason="angry", summary="for us alone", draft="a secret draft"),
    )  # fmt: skip
    answer = ask(site)
    assert answer.json()["handoff"] == {"reason": "angry"}
    assert "secret draft" not in answer.text
    assert "for us alone" not in answer.text


def test_conversation_goes_on_by_its_id_alone(site: Site, desk: Clerk) -> None:
    first = ask(site, "One").json()["conversation"]
    assert ask(site, "Two", conversation=first).json()["conversation"] == first
    assert [turn.text for turn in desk.asked[-1].earlier] == ["One"]
    for made_up in ("made up", "A" * 22, first + "x", first[:-1]):
        assert ask(site, "Three", conversation=made_up).json()["conversation"] != first
        assert desk.asked[-1].earlier == ()


def test_customer_is_known_by_what_the_shops_server_signed(site: Site, desk: Clerk) -> None:
    site.shop.add("ada", "kim")
    add_order(site.shop, "ada", "W-1")
    desk.answer = lambda one: Reply(
        text="{first_name|you} {order.number}" if one.orders else "{first_name|you}",
        confidence=1, order=one.orders[0].number if one.orders else None,
    )  # fmt: skip
    assert ask(site, customer=sign("ada")).json()["reply"] == "Ada W-1"
    assert ask(site, customer=sign("kim")).json()["reply"] == "Kim"
    assert ask(site).json()["reply"] == "you"


WRONG: dict[str, Callable[[], str]] = {
    "of another secret": lambda: sign("ada", secret="another secret"),
    "that has ended": lambda: sign("ada", seconds=-5),
    "of nobody": lambda: sign("nobody"),
    "that was changed": lambda: sign("kim").replace(".", ".x", 1),
    "without a signature": lambda: "v1.99999999999.YWRh.",
    "that is a name": lambda: "ada",
    "that is empty": lambda: "",
}


@pytest.mark.parametrize("make_token", WRONG.values(), ids=WRONG)
def test_wrong_token_is_refused_and_not_taken_for_a_stranger(
    site: Site, desk: Clerk, make_token: Callable[[], str]
) -> None:
    site.shop.add("ada", "kim")
    answer = ask(site, customer=make_token())
    assert answer.status_code == 401
    assert desk.asked == []


def test_nobody_learns_of_somebody_else(site: Site, desk: Clerk) -> None:
    site.shop.add("ada", "kim")
    add_order(site.shop, "ada", "W-1001")
    ada = ask(site, "My parcel is a secret", customer=sign("ada")).json()
    desk.answer = lambda one: Reply(
        text=" ".join((one.text[:0], *(turn.text for turn in one.earlier), "Hello.")),
        confidence=1,
    )
    for token in (sign("kim"), None):
        for text in ("Where is order W-1001?", "I am ada, ada@customers.example", "C-1001"):
            more = {} if token is None else {"customer": token}
            answer = ask(site, text, conversation=ada["conversation"], **more)
            for secret in ("secret", "Tarn", "parcels.example", "Ada"):
                assert secret not in answer.text
    assert all(not one.orders for one in desk.asked[1:])


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"[]", 422),
        (b'{"question": ""}', 422),
        (b'{"question": 7}', 422),
        (b'{"question": "x", "admin": true}', 422),
        (json.dumps({"question": "x" * 5_001}).encode(), 422),
        (json.dumps({"question": "x" * 70_000}).encode(), 413),
        (b'{"question": "\xff"}', 422),
    ],
)
def test_body_that_is_wrong_is_refused_in_words(
    site: Site, desk: Clerk, body: bytes, status: int
) -> None:
    answer = site.ask("POST", "/ask", content=body)
    assert answer.status_code == status
    assert answer.json()["errors"][0]["message"]


@pytest.mark.parametrize("text", ["\x00", "<script>alert(1)</script>", "🥾" * 2000, " "])
def test_any_text_may_be_asked(site: Site, desk: Clerk, text: str) -> None:
    assert ask(site, text).status_code == 200


def test_pages_of_others_may_not_ask(site: Site, desk: Clerk) -> None:
    assert ask(site, origin="https://evil.example").status_code == 403
    assert ask(site, origin=BASE).status_code == 200
    assert ask(site, origin=None).status_code == 200
    preflight = site.ask("OPTIONS", "/ask", headers={"origin": PAGES})
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-headers"] == "content-type"
    assert (
        site.ask("OPTIONS", "/ask", headers={"origin": "https://evil.example"}).status_code == 403
    )


def test_thumbs_are_kept_by_a_signed_id(site: Site, desk: Clerk) -> None:
    enquiry = ask(site).json()["enquiry"]
    for helped in (True, False):
        told = json.dumps({"enquiry": enquiry, "helped": helped})
        assert site.ask("POST", "/ask/feedback", content=told).json() == {"kept": True}
        with site.shop.store.read() as connection:
            assert connection.scalar(select(replies.c.is_helpful)) is helped
        site.shop.clock.advance(seconds=1)
    told = [one.properties for one in site.rows(events) if one.type == "satisfaction"]
    assert [(one["answer"], one["of"]) for one in told] == [(2, 2), (1, 2)]
    for wrong in ("1", enquiry + "x", ""):
        told = json.dumps({"enquiry": wrong, "helped": True})
        assert site.ask("POST", "/ask/feedback", content=told).status_code == 404


def test_responder_that_fails_is_no_page_of_errors(
    site: Site, desk: Clerk, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(one: Any) -> Reply:
        raise RuntimeError("my address is ada@customers.example")

    desk.answer = fail
    caplog.set_level(logging.DEBUG)
    answer = ask(site, "Please write to ada@customers.example")
    assert answer.status_code == 503
    assert answer.json()["errors"][0]["message"] == "it cannot be answered now; ask again later"
    assert "ada@" not in caplog.text


def test_who_asks_too_often_has_to_wait(site: Site, desk: Clerk) -> None:
    answers = [ask(site).status_code for _ in range(25)]
    assert answers[:20] == [200] * 20
    assert 429 in answers


def test_many_at_once_are_answered_each_its_own(site: Site, desk: Clerk) -> None:
    desk.answer = lambda one: Reply(text=f"To {one.text}", confidence=1)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda number: ask(site, f"question {number}"), range(16)))
    assert [one.json()["reply"] for one in answers] == [
        f"To question {number}" for number in range(16)
    ]
    assert len(site.rows(enquiries)) == 16


def test_who_comes_when_too_many_wait_is_told_to_come_back(
    site: Site, desk: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answer_desk, "MOST_WAITING", 2)
    begun, go_on = threading.Semaphore(0), threading.Event()

    def wait(one: Any) -> Reply:
        begun.release()
        assert go_on.wait(20)
        return Reply(text="Late.", confidence=1)

    desk.answer = wait
    with ThreadPoolExecutor(2) as pool:
        first = [pool.submit(ask, site, str(number)) for number in range(2)]
        for _ in first:
            assert begun.acquire(timeout=20)
        refused = ask(site, "one too many")
        go_on.set()
        assert [one.result().json()["reply"] for one in first] == ["Late.", "Late."]
    assert refused.status_code == 503
    assert int(refused.headers["retry-after"]) > 0


PEOPLE = ("ada", "kim", "noor")


@pytest.mark.parametrize("asker", [*PEOPLE, None])
def test_nobody_learns_of_any_other_customers_order(site: Site, asker: str | None) -> None:
    """With the bundled responder: by id, address and number."""
    site.shop.add(*PEOPLE)
    for name in PEOPLE:
        add_order(site.shop, name, f"W-{name}-77", title=f"Shoe of {name}")
    add_articles(site.shop, ArticleRow("ship", "Shipping", "Two days.", "en", ("How long?",)))
    told = {} if asker is None else {"customer": sign(asker)}
    own = ask(site, "Where is my order?", **told)
    assert own.status_code == 200
    assert (f"Shoe of {asker}" in own.text) == (asker is not None)
    for other in PEOPLE:
        if other == asker:
            continue
        for text in (
            f"Where is my order W-{other}-77?",
            f"I am customer {other}, where is my order?",
            f"What did {other}@customers.example order?",
        ):
            answer = ask(site, text, **told)
            assert answer.status_code == 200
            assert f"Shoe of {other}" not in answer.text
