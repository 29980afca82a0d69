"""Orders are shared among messages to the last cent, and machines' clicks are none."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballyhoo.core.attribution.clicks import keep_people
from ballyhoo.core.attribution.orders import Deed, Order, make_orders
from ballyhoo.core.attribution.rules import Rule, read_rule
from ballyhoo.core.attribution.sharing import Touch, share_order
from ballyhoo.core.store.outcomes import TouchRow

LINEAR = Rule(attribution="linear_click", window=timedelta(days=7))
LAST = Rule(attribution="last_click", window=timedelta(days=7))
DAY = 86_400_000

deeds = st.lists(
    st.builds(
        Deed,
        customer_id=st.integers(1, 3),
        type=st.sampled_from(["purchase", "purchase", "return"]),
        at=st.integers(0, 20).map(lambda days: days * DAY),
        product_id=st.sampled_from([None, 1, 2]),
        quantity=st.integers(0, 3),
        value=st.one_of(st.none(), st.integers(0, 10_001)),
        currency=st.sampled_from(["EUR", "JPY"]),
        order=st.sampled_from([None, "a", "b"]),
    ),
    max_size=12,
)
touches = st.lists(
    st.builds(
        Touch,
        message_id=st.integers(1, 5),
        run_id=st.integers(1, 2),
        at=st.integers(0, 20 * 24).map(lambda hours: hours * DAY // 24),
    ),
    max_size=8,
)


@given(deeds, touches)
def test_what_is_attributed_linearly_adds_up_to_the_orders_that_are(
    told: list[Deed], reached: list[Touch]
) -> None:
    for order in make_orders(told):
        shares = share_order(order, reached, LINEAR)
        within = {one.message_id for one in reached if 0 <= order.at - one.at <= 7 * DAY}
        assert {share.message_id for share in shares} == within
        for currency, value in order.values.items():
            parts = [share.values[currency] for share in shares]
            if shares:
                assert sum(parts) == value
                assert max(parts) - min(parts) <= 1


@given(deeds, touches)
def test_the_last_message_has_all_of_an_order_and_no_other_any(
    told: list[Deed], reached: list[Touch]
) -> None:
    for order in make_orders(told):
        shares = share_order(order, reached, LAST)
        within = [one for one in reached if 0 <= order.at - one.at <= 7 * DAY]
        assert len(shares) == min(1, len(within))
        for share in shares:
            assert dict(share.values) == order.values
            latest = max(one.at for one in within)
            assert share.message_id in {one.message_id for one in within if one.at == latest}


@given(deeds)
def test_orders_hold_every_purchase_once_and_never_more_than_was_paid(told: list[Deed]) -> None:
    orders = make_orders(told)
    bought = [one for one in told if one.type == "purchase"]
    names = {(one.customer_id, one.order or one.at) for one in bought}
    assert len(orders) == len(names)
    for currency in ("EUR", "JPY"):
        paid = sum(one.value or 0 for one in bought if one.currency == currency)
        back = sum(one.value or 0 for one in told if one.currency == currency) - paid
        left = sum(order.values.get(currency, 0) for order in orders)
        assert paid - back <= left <= paid or any(one.value is None for one in told)
        assert all(order.values.get(currency, 0) >= 0 for order in orders)


def buy(at: int = 0, **facts: object) -> Deed:
    given_facts = {"product_id": 1, "value": 1_000, "currency": "EUR", **facts}
    return Deed(customer_id=1, type="purchase", at=at, **given_facts)  # type: ignore[arg-type]


def bring_back(at: int, **facts: object) -> Deed:
    given_facts = {"product_id": 1, "value": 400, "currency": "EUR", **facts}
    return Deed(customer_id=1, type="return", at=at, **given_facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("told", "left"),
    [
        ([buy(order="a"), bring_back(9, order="a")], [600]),
        ([buy(order="a"), bring_back(9, order="a", currency="USD")], [1_000]),
        ([buy(order="a"), buy(5, order="b"), bring_back(9, order="credit")], [1_000, 600]),
        ([buy(order="a"), buy(5, order="b", product_id=2), bring_back(9)], [600, 1_000]),
        ([buy(order="a"), bring_back(9, order="z", product_id=3)], [1_000]),
        ([buy(order="a", quantity=4), bring_back(9, order="a", value=None)], [750]),
        ([buy(order="a"), bring_back(9, order="a", value=5_000)], [0]),
    ],
)
def test_what_came_back_is_taken_off_the_order_it_was_of(told: list[Deed], left: list[int]) -> None:
    assert [one.values["EUR"] for one in make_orders(told)] == left


def test_money_of_two_currencies_is_never_added() -> None:
    (order,) = make_orders([buy(order="a"), buy(order="a", currency="JPY", value=7)])
    assert order.values == {"EUR": 1_000, "JPY": 7}
    shares = share_order(order, [Touch(message_id=n, run_id=1, at=0) for n in (1, 2)], LINEAR)
    assert [dict(one.values) for one in shares] == [
        {"EUR": 500, "JPY": 4}, {"EUR": 500, "JPY": 3},
    ]  # fmt: skip


def test_an_order_before_the_click_or_after_the_window_is_not_its() -> None:
    order = Order(customer_id=1, at=8 * DAY, values={"EUR": 5})
    for at, counts in ((DAY - 1, 0), (DAY, 1), (8 * DAY, 1), (8 * DAY + 1, 0)):
        assert len(share_order(order, [Touch(message_id=1, run_id=1, at=at)], LAST)) == counts


def test_the_first_clicks_of_a_burst_are_a_machines_too() -> None:
    def click(message_id: int, at: int, machine: str | None = None) -> TouchRow:
        return TouchRow(customer_id=1, message_id=message_id, run_id=1, at=at, machine=machine)

    kept = keep_people([
        click(1, 1_000), click(1, 1_500), click(1, 1_900, "burst"), click(1, 9_000),
        click(2, 1_400), click(3, 1_000, "scanner"), click(3, 1_100),
    ])  # fmt: skip
    assert [(one.message_id, one.at) for one in kept] == [(1, 9_000), (2, 1_400), (3, 1_100)]


@pytest.mark.parametrize(
    ("recipe", "attribution", "days"),
    [
        ("campaign: a\n", "last_sent", 7),
        ("deliver: {tracking: {clicks: true}}\n", "last_click", 7),
        ("experiment: {window: 3d, attribution: linear_sent, old: 1}\n", "linear_sent", 3),
        ("deliver: {tracking: {clicks: true}}\nexperiment: {attribution: last_sent}\n",
         "last_sent", 7),
        ("deliver: nonsense\n", "last_sent", 7),
    ],
)  # fmt: skip
def test_the_rule_is_that_of_the_recipe(recipe: str, attribution: str, days: int) -> None:
    rule = read_rule(recipe)
    assert (rule.attribution, rule.window.days) == (attribution, days)


def test_a_rule_is_said_in_words() -> None:
    assert LAST.describe() == (
        "orders within 7d after a click by a person, "
        "for the last message, of all campaigns, of which that is so"
    )
    assert Rule(attribution="linear_sent").describe() == (
        "orders within 7d after it was sent, "
        "in equal parts for all messages, of all campaigns, of which that is so"
    )
