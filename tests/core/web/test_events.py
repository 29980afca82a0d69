"""Shops tell events: by a key or a signature, each once, all of a batch or none of it."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from ballyhoo.core.store.rows import ConsentRow
from ballyhoo.core.store.tables import events
from ballyhoo.core.web.signatures import has_key, is_signed, sign_webhook
from ballyhoo.core.web.told import Wrong, read_events

from .site import SECRET, Site

KEY = {"authorization": "Bearer a key of the shop"}


def happened(**changes: Any) -> dict[str, Any]:
    return {
        "id": "e-1", "type": "view", "at": "2026-03-02T08:00:00+01:00", "customer": "ada",
        "product": "tarn", **changes,
    }  # fmt: skip


def tell(site: Site, *told: Any, headers: dict[str, str] = KEY) -> Any:
    return site.ask("POST", "/events", json={"events": list(told)}, headers=headers)


@pytest.fixture
def shelf(site: Site) -> Site:
    site.shop.add("ada", consents=(ConsentRow("email", True, 1),))
    site.shop.add_products("tarn")
    return site


def test_events_are_stored_each_once(shelf: Site) -> None:
    first = tell(shelf, happened(), happened(id="e-2", type="purchase", value=9.5, currency="EUR"))
    assert (first.status_code, first.json()) == (200, {"stored": 2, "errors": []})
    assert tell(shelf, happened()).json() == {"stored": 1, "errors": []}
    rows = shelf.rows(events)
    assert [(one.key, one.type, one.value, one.currency) for one in rows] == [
        ("e-1", "view", None, None), ("e-2", "purchase", 950, "EUR"),
    ]  # fmt: skip
    assert rows[0].at == 1_772_434_800_000
    assert rows[0].customer_id == shelf.shop.find("ada")


def test_an_unsubscribe_that_is_told_holds_before_the_next_mark(shelf: Site) -> None:
    tell(shelf, happened(type="unsubscribe", product=None))
    run = shelf.shop.run()
    assert shelf.shop.receipt(run).skipped == {"no_consent": 1}


def test_who_and_what_is_not_known_is_said_and_the_others_are_stored(shelf: Site) -> None:
    answer = tell(
        shelf, happened(customer="bob"), happened(id="e-2"), happened(id="e-3", product="x")
    )
    assert answer.status_code == 200
    assert answer.json()["stored"] == 1
    assert [(one["item"], one["field"]) for one in answer.json()["errors"]] == [
        (0, "customer"), (2, "product"),
    ]  # fmt: skip
    assert "bob" not in answer.text


def test_one_that_is_wrong_refuses_the_whole_batch_and_each_mistake_is_named(shelf: Site) -> None:
    answer = tell(shelf, happened(), happened(id="e-2", at="yesterday", quantity=-1), happened(x=1))
    assert answer.status_code == 422
    assert {(one["item"], one["field"]) for one in answer.json()["errors"]} == {
        (1, "at"), (1, "quantity"), (2, "x"),
    }  # fmt: skip
    assert shelf.rows(events) == []


@pytest.mark.parametrize(
    "changes",
    [{"at": "2026-03-02T08:00:00"}, {"value": 5}, {"value": -1, "currency": "EUR"}, {"id": ""},
     {"type": "Drop Table"}, {"properties": {"a": "x" * 9_000}}, {"customer": "a\nb"}],
)  # fmt: skip
def test_fields_are_checked(shelf: Site, changes: dict[str, Any]) -> None:
    assert tell(shelf, happened(**changes)).status_code == 422


@pytest.mark.parametrize(
    "headers",
    [{}, {"authorization": "Bearer another"}, {"authorization": "a key of the shop"},
     {"authorization": "Bearer "}],
)  # fmt: skip
def test_without_a_key_nothing_is_told(shelf: Site, headers: dict[str, str]) -> None:
    assert tell(shelf, happened(), headers=headers).status_code == 401
    assert shelf.rows(events) == []


def signed(body: bytes, *, at: int, secret: str = SECRET) -> dict[str, str]:
    return {
        "webhook-id": "m-1",
        "webhook-timestamp": str(at),
        "webhook-signature": f"v1,bm9uZQ== {sign_webhook(secret, 'm-1', at, body)}",
    }


def test_who_signs_needs_no_key(shelf: Site) -> None:
    body = json.dumps({"events": [happened()]}).encode()
    now = int(time.time())
    ask = lambda headers: shelf.ask("POST", "/events", content=body, headers=headers)  # noqa: E731
    assert ask(signed(body, at=now)).status_code == 200
    assert ask(signed(body, at=now - 900)).status_code == 401
    assert ask(signed(body + b" ", at=now)).status_code == 401
    assert ask(signed(body, at=now, secret="whsec_b3RoZXI=")).status_code == 401


def test_a_signature_is_the_one_of_the_standard() -> None:
    """The example of the specification of Standard Webhooks."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    body = b'{"test": 2432232314}'
    given = sign_webhook(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert given == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@given(
    st.dictionaries(
        st.sampled_from(["webhook-id", "webhook-timestamp", "webhook-signature", "authorization"]),
        st.text(),
    )
)
def test_no_headers_that_are_made_up_are_believed(headers: dict[str, str]) -> None:
    assert not is_signed(headers, b"{}", [SECRET], now=1.0)
    assert not has_key(headers, ["a key of the shop"])


@given(
    st.binary(max_size=200)
    | st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["events", "id", "at", "type", "value"]), inner, max_size=3
            )
        ),
    ).map(lambda value: json.dumps(value).encode())
)
def test_any_body_is_answered(body: bytes) -> None:
    with pytest.raises(Wrong) as raised:
        read_events(body)
    assert raised.value.errors
    assert all(one["message"] for one in raised.value.errors)


def test_events_of_many_requests_at_once_are_all_stored(shelf: Site) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda n: tell(shelf, *[happened(id=f"{n}-{k}") for k in range(5)]), range(40))
        )
    assert {one.status_code for one in answers} == {200}
    with shelf.shop.store.read() as connection:
        keys = connection.execute(select(events.c.key)).scalars().all()
    assert len(keys) == len(set(keys)) == 200
