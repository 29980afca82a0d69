"""Who is in which variant, and who is held out: as `assignment` draws it, in every run."""

from __future__ import annotations

from typing import Any

from ballyhoo.core.assignment import choose_variant, draw_fraction
from ballyhoo.core.engine.planning import find_shares

from .shop import Shop, make_recipe

NAMES = [f"c{number}" for number in range(300)]
KEY = b"an assignment key of tests"


def variants(*names: str, **more: Any) -> dict[str, Any]:
    fields = {name: {"deliver": {"fields": {"subject": name, "body": "b"}}} for name in names}
    return {"experiment": {"variants": fields, **more}}


def test_variants_are_drawn_as_python_draws_them(shop: Shop) -> None:
    shop.add(*NAMES)
    shares = {"a": 0.2, "b": 0.5, "c": 0.3}
    percents = {name: f"{share:.0%}" for name, share in shares.items()}
    run = shop.plan(make_recipe("x", **variants(*shares, shares=percents)))
    assert find_shares(run.campaign) == shares
    rows = shop.rows(run)
    assert {name: row["variant"] for name, row in rows.items()} == {
        name: choose_variant(shares, KEY, "x", row["recipient"]) for name, row in rows.items()
    }


def test_without_shares_each_variant_has_the_same(shop: Shop) -> None:
    shop.add(*NAMES)
    run = shop.plan(make_recipe("x", **variants("a", "b", "c")))
    third = {"a": 1 / 3, "b": 1 / 3, "c": 1 / 3}
    rows = shop.rows(run)
    assert [row["variant"] for row in rows.values()] == [
        choose_variant(third, KEY, "x", row["recipient"]) for row in rows.values()
    ]
    assert shop.receipt(run).adds_up


def test_the_holdout_is_drawn_as_python_draws_it(shop: Shop) -> None:
    shop.add(*NAMES)
    run = shop.plan(make_recipe("x", experiment={"holdout": "12.5%"}))
    rows = shop.rows(run)
    held_out = {name for name, row in rows.items() if row["reason"] == "holdout"}
    assert held_out == {
        name
        for name, row in rows.items()
        if draw_fraction(KEY, "holdout", "x", row["recipient"]) < 0.125
    }
    assert 15 < len(held_out) < 65


def test_who_is_held_out_has_a_variant_and_is_never_written_to(shop: Shop) -> None:
    """She is analysed as she was assigned."""
    shop.add(*NAMES[:80])
    run = shop.run(make_recipe("x", **variants("a", "b", holdout="50%")))
    rows = shop.rows(run)
    held_out = [row for row in rows.values() if row["reason"] == "holdout"]
    assert {row["variant"] for row in held_out} == {"a", "b"}
    assert {row["state"] for row in held_out} == {"skipped"}
    assert len(shop.channel.sent) == 80 - len(held_out)


def test_the_draw_does_not_hang_on_who_else_is_in_the_audience(shop: Shop) -> None:
    shop.add(*NAMES[:40])
    recipe = make_recipe("x", **variants("a", "b", holdout="20%"))
    few = shop.rows(shop.plan(recipe))
    shop.add(*NAMES[40:80])
    more = shop.rows(shop.plan(recipe))
    for name in NAMES[:40]:
        assert (more[name]["variant"], more[name]["reason"]) == (
            few[name]["variant"],
            few[name]["reason"],
        )


def test_each_variant_is_written_to_with_its_own_words(shop: Shop) -> None:
    shop.add(*NAMES[:30])
    run = shop.run(make_recipe("x", **variants("a", "b")))
    subjects = {message.customer_id: message.fields["subject"] for message in shop.channel.sent}
    rows = shop.rows(run).values()
    assert subjects == {row["recipient"]: row["variant"] for row in rows}
    receipt = shop.receipt(run)
    assert sum(receipt.variants.values()) == 30
    assert set(receipt.variants) == {"a", "b"}
