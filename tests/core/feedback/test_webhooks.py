"""Endpoints are told what happened: signed, in order, at least once, and never for long."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest

from ballyhoo.core.feedback import reaching
from ballyhoo.core.feedback.looking import list_problems
from ballyhoo.core.feedback.reaching import Unreached, is_public, post
from ballyhoo.core.feedback.standing import list_standings, resume
from ballyhoo.core.feedback.telling import register_all, tell_all
from ballyhoo.core.store.listeners import ListenerRow
from ballyhoo.core.web.signatures import is_signed
from ballyhoo.core.webhook import Webhook

from ..engine.shop import Shop, make_recipe
from .diary import Diary
from .endpoint import Endpoint, open_endpoint
from .test_telling import MEASURED, click

SECRET = "whsec_YSBsb25nIHJhbmRvbSB0ZXh0IG9mIHRoZSBzaG9w"


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with open_endpoint() as opened:
        yield opened


def listen(shop: Shop, endpoint: Endpoint, **more: Any) -> None:
    webhook = Webhook(
        url=f"http://127.0.0.1:{endpoint.port}/told?shop=1", secret=SECRET, name="crm",
        **{"allow_private": True, **more},
    )  # fmt: skip
    shop.set(webhooks=[webhook])
    register_all(shop.engine)


def tell(shop: Shop) -> None:
    tell_all(shop.engine)


def standing(shop: Shop) -> ListenerRow:
    found = list_standings(shop.store, ["webhook:crm"])
    return next(one.row for one in found if one.row.name == "webhook:crm")


def test_what_became_of_messages_is_posted_signed_and_without_names(
    shop: Shop, endpoint: Endpoint
) -> None:
    listen(shop, endpoint)
    shop.add("ada")
    shop.add_products("cork")
    run = shop.run(make_recipe(deliver=MEASURED))
    message = shop.rows(run)["ada"]["id"]
    shop.clock.advance(timedelta(minutes=5))
    click(shop, message)
    shop.happen("ada", "view", sku="cork")
    shop.clock.advance(timedelta(minutes=5))
    shop.order("ada", "cork")
    tell(shop)
    for headers, body in endpoint.asked:
        assert is_signed(headers, body, [SECRET], now=time.time())
        assert not is_signed(headers, body + b" ", [SECRET], now=time.time())
        assert b"customers.example" not in body
        assert b"Ada" not in body
    about = {"id": message, "run": run.id, "campaign": "letter"}
    sent, clicked, converted = endpoint.events
    assert (sent["type"], sent["customer"]) == ("sent", "ada")
    assert sent["message"] == {**about, "variant": None, "channel": "email"}
    assert clicked["type"] == "click"
    assert (converted["type"], converted["message"]) == ("conversion", about)
    assert (converted["product"], converted["value"], converted["currency"]) == (
        "cork", "119.00", "EUR",
    )  # fmt: skip


def test_an_endpoint_is_told_the_kinds_that_it_wants(shop: Shop, endpoint: Endpoint) -> None:
    listen(shop, endpoint, kinds=["unsubscribe"])
    shop.add("ada")
    shop.run()
    shop.unsubscribe("ada")
    tell(shop)
    assert [one["type"] for one in endpoint.events] == ["unsubscribe"]
    (one,) = list_standings(shop.store, ["webhook:crm"])
    assert one.behind == 0


def test_an_endpoint_that_fails_gets_the_same_again_when_it_is_back(
    shop: Shop, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch, diary: Diary
) -> None:
    monkeypatch.setattr("ballyhoo.core.feedback.endpoints.SECONDS", 0.2)
    listen(shop, endpoint)
    shop.add("ada", "bo")
    endpoint.answers = [500, "hang", "cut", "drip", 302]
    endpoint.headers = {"location": "http://127.0.0.1:1/elsewhere"}
    shop.run()
    said = [standing(shop).last_error]
    for _ in range(4):
        shop.clock.advance(timedelta(hours=6))
        shop.unsubscribe("bo")  # more happens meanwhile
        tell(shop)
        said.append(standing(shop).last_error)
    assert said == [
        "it answered 500",
        "no answer within 0.2 s",
        "it cannot be reached: RemoteDisconnected",
        "no answer within 0.2 s",
        "it answered 302, and redirects are not followed",
    ]
    assert standing(shop).failures == 5
    assert diary.types == ["sent", "sent", *["unsubscribe"] * 4]
    shop.clock.advance(timedelta(hours=6))
    tell(shop)
    first = endpoint.asked[0]
    assert len({headers["webhook-id"] for headers, _ in endpoint.asked[:6]}) == 1
    assert {body for _, body in endpoint.asked[:6]} == {first[1]}
    assert endpoint.asked[6][0]["webhook-id"] != first[0]["webhook-id"]
    taken = [json.loads(body)["data"]["events"] for _, body in endpoint.asked[5:]]
    assert [one["type"] for some in taken for one in some] == diary.types
    assert standing(shop).last_error is None


def test_after_three_days_it_is_paused_and_goes_on_from_its_place(
    shop: Shop, endpoint: Endpoint
) -> None:
    listen(shop, endpoint)
    shop.add("ada")
    endpoint.answers = [503] * 100
    shop.run()
    waits = []
    while standing(shop).paused_at is None:
        row = standing(shop)
        assert row.due_at is not None
        waits.append(row.due_at - shop.engine.now)
        shop.clock.advance(timedelta(milliseconds=waits[-1]))
        tell(shop)
    assert sum(waits) >= 3 * 86_400_000
    assert sum(waits) < 4 * 86_400_000
    assert 12 < len(waits) < 50
    (problem,) = list_problems(shop.store, shop_workspace(shop))
    assert problem == (
        "webhook:crm is paused, behind by 1: it answered 503; "
        "'ballyhoo feedback --resume webhook:crm' lets it be told again"
    )
    asked = len(endpoint.asked)
    endpoint.answers = []
    tell(shop)
    assert len(endpoint.asked) == asked
    resume(shop.store, "webhook:crm", skips=False)
    tell(shop)
    assert [one["type"] for one in endpoint.events[asked:]] == ["sent"]


def shop_workspace(shop: Shop) -> Any:
    shop.workspace.__dict__["settings"] = shop.engine.settings
    return shop.workspace


def test_who_answers_gone_is_paused_and_who_asks_for_time_gets_it(
    shop: Shop, endpoint: Endpoint
) -> None:
    listen(shop, endpoint)
    shop.add("ada")
    endpoint.answers, endpoint.headers = [429, 410], {"retry-after": "3600"}
    shop.run()
    row = standing(shop)
    assert row.due_at == shop.engine.now + 3_600_000
    shop.clock.advance(timedelta(hours=1))
    tell(shop)
    assert standing(shop).paused_at is not None
    assert standing(shop).last_error == "it answered 410: it wants no more"


def test_an_address_of_a_network_of_our_own_is_not_asked(shop: Shop, endpoint: Endpoint) -> None:
    listen(shop, endpoint, allow_private=False)
    shop.add("ada")
    shop.run()
    assert endpoint.asked == []
    assert "allow_private" in str(standing(shop).last_error)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b:1::1", "64:ff9b::a00:1",
        "ff02::1",
    ],
)  # fmt: skip
def test_what_is_not_of_the_public_net_is_known(address: str) -> None:
    assert not is_public(address)


def test_what_is_of_the_public_net_is_known() -> None:
    assert all(is_public(one) for one in ("9.9.9.9", "2620:fe::fe", "::ffff:9.9.9.9"))


def test_a_name_is_looked_up_once_and_the_address_that_was_looked_at_is_asked(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = iter([["127.0.0.1"]])  # a second look would find nothing
    monkeypatch.setattr(reaching, "look_up", lambda host, port: next(found))
    url = urlsplit(f"http://rebound.example:{endpoint.port}/")
    answer = post(url, {}, b"{}", allows_private=True, seconds=5)
    assert answer.status == 204
    assert endpoint.asked[0][0]["host"] == f"rebound.example:{endpoint.port}"
    monkeypatch.setattr(reaching, "look_up", lambda host, port: ["127.0.0.1", "10.0.0.1"])
    with pytest.raises(Unreached, match="a network of our own"):
        post(url, {}, b"{}", allows_private=False, seconds=5)


def test_a_server_without_a_certificate_is_not_told(endpoint: Endpoint) -> None:
    url = urlsplit(f"https://127.0.0.1:{endpoint.port}/")
    with pytest.raises(Unreached, match="no safe connection"):
        post(url, {}, b"{}", allows_private=True, seconds=5)
    assert endpoint.asked == []
