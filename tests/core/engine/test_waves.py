"""A run in waves: who is in which, when each opens, with which shares, and who ends how."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import insert

from ballyhoo.core.assignment import choose_variant, choose_wave
from ballyhoo.core.attribution.outcomes import Cell
from ballyhoo.core.engine import wave_opening
from ballyhoo.core.engine.controlling import cancel_run, pause_run, resume_run
from ballyhoo.core.engine.explaining import explain_message
from ballyhoo.core.engine.runs import Run
from ballyhoo.core.engine.status import read_status
from ballyhoo.core.engine.sweeping import sweep
from ballyhoo.core.engine.wave_opening import advance_waves
from ballyhoo.core.reporting.gathering import gather_report
from ballyhoo.core.reporting.looking import look_at_run
from ballyhoo.core.reporting.weighing import weigh_variants
from ballyhoo.core.store.ledger.propensities import read_shares
from ballyhoo.core.store.ledger.waves import OpenedWave, read_waves
from ballyhoo.core.store.rights import export_customer
from ballyhoo.core.store.tables import message_events

from .shop import Shop, at, make_recipe, to_ms

NAMES = [f"c{number}" for number in range(240)]
KEY = b"an assignment key of tests"


def in_waves(
    *names: str, variants: Mapping[str, Any] | None = None, policy: Any = None, **experiment: Any
) -> str:
    """Return a recipe with a variant of each name, and the shares drawn wave by wave."""
    fields = {name: {"deliver": {"fields": {"subject": name, "body": "b"}}} for name in names}
    block = {
        "variants": variants or fields, "allocate": "thompson", "waves": 3, "metric": "click",
        **experiment,
    }  # fmt: skip
    deliver = {"tracking": {"clicks": True}}
    return make_recipe("x", experiment=block, deliver=deliver, policy=policy or {})


def waves_of(shop: Shop, run: Run) -> list[OpenedWave]:
    return read_waves(shop.read(run).details)


def click(shop: Shop, run: Run, *, share: Mapping[str, float], wave: int) -> None:
    """Let so many of the people of each variant in a wave click, now."""
    rows = [row for row in shop.rows(run).values() if row["wave"] == wave and row["sent_at"]]
    for name, part in share.items():
        own = [row["id"] for row in rows if row["variant"] == name]
        for id in own[: round(part * len(own))]:
            tell(shop, id, "click")


def assert_drawn_by(wave: OpenedWave, rows: list[Any], names: tuple[str, ...]) -> None:
    """Look that the variants of a wave are those of its shares, in the order of the recipe."""
    shares = {name: wave.shares[name] for name in names}
    assert [row["variant"] for row in rows] == [
        choose_variant(shares, KEY, "x", row["recipient"]) for row in rows
    ]


def tell(shop: Shop, message_id: int, kind: str) -> None:
    event = {"message_id": message_id, "kind": kind, "source": "test", "data": {}}
    with shop.store.begin() as connection:
        connection.execute(insert(message_events).values(at=shop.engine.now, **event))


def test_waves_are_drawn_as_python_draws_them_and_wait_without_a_variant(shop: Shop) -> None:
    shop.add(*NAMES)
    run = shop.plan(in_waves("a", "b", holdout="20%"))
    rows = shop.rows(run)
    assert {name: row["wave"] for name, row in rows.items()} == {
        name: choose_wave(3, KEY, "x", row["recipient"]) for name, row in rows.items()
    }
    half = {"a": 0.5, "b": 0.5}
    for row in rows.values():
        if row["wave"] == 1:
            assert row["variant"] == choose_variant(half, KEY, "x", row["recipient"])
        else:
            assert (row["variant"], row["state"]) in ((None, "planned"), (None, "skipped"))
    assert {row["wave"] for row in rows.values() if row["reason"] == "holdout"} == {1, 2, 3}
    assert shop.receipt(run).adds_up


def test_who_is_planned_held_out_or_skipped_is_the_same_as_with_fixed_shares(shop: Shop) -> None:
    shop.add(*NAMES[:100])
    shop.add(*NAMES[100:120], says="")
    half = shop.plan(in_waves("a", "b", holdout="20%"), limit=60)
    fixed = shop.plan(
        in_waves("a", "b", holdout="20%", allocate="fixed").replace('"waves": 3, ', ""), limit=60
    )
    reasons = [
        {name: row["reason"] for name, row in shop.rows(run).items()} for run in (half, fixed)
    ]
    assert reasons[0] == reasons[1]
    assert Counter(reasons[0].values()).keys() == {None, "holdout", "no_consent", "limit"}


def test_each_wave_opens_a_day_after_the_last_one_left_and_goes_to_what_was_clicked(
    shop: Shop,
) -> None:
    shop.add(*NAMES)
    names = ("plain", "good", "dull")
    run = shop.run(in_waves(*names))
    first = [row for row in shop.rows(run).values() if row["wave"] == 1]
    assert {row["state"] for row in first} == {"sent"}
    status = read_status(shop.store, run.id, registry=shop.registry, now=shop.engine.now)
    assert (shop.read(run).state, status.next_due_at) == ("waiting", to_ms(at(9, day=3)))
    assert [wait.said for wait in status.waits] == ["what wave 1 of 3 teaches; wave 2 opens then"]
    assert shop.go_on(run).next_due_at == to_ms(at(9, day=3))
    assert len(shop.channel.sent) == len(first)

    click(shop, run, share={"good": 0.6, "dull": 0.02, "plain": 0.05}, wave=1)
    shop.clock.advance(days=1)
    shop.go_on(run)
    one, two = waves_of(shop, run)
    assert one.left_at == one.opened_at == to_ms(at(9))
    assert two.opened_at == to_ms(at(9, day=3))
    assert two.shares == {"dull": 0.05, "good": 0.9, "plain": 0.05}
    assert two.learned["good"]["chance"] > 0.99
    rows = [row for row in shop.rows(run).values() if row["wave"] == 2]
    assert_drawn_by(two, rows, names)
    assert two.people == Counter(row["variant"] for row in rows)
    shop.clock.advance(days=1)
    shop.go_on(run)
    assert shop.read(run).state == "finished"
    assert len(waves_of(shop, run)) == 3
    assert shop.receipt(run).states == {"sent": len(NAMES)}
    assert len(set(shop.channel.addresses)) == len(NAMES)


def test_a_wave_opens_early_with_enough_feedback_and_not_before(shop: Shop) -> None:
    shop.add(*NAMES)
    run = shop.run(in_waves("a", "b", waves={"number": 2, "wait": "7d", "feedback": 20}))
    shop.clock.advance(hours=2)
    click(shop, run, share={"a": 0.2}, wave=1)
    assert not [due for due in sweep(shop.engine) if due.has_wave]
    click(shop, run, share={"b": 0.2, "a": 0.2}, wave=1)
    [due] = sweep(shop.engine)
    assert due.has_wave
    shop.go_on(run)
    assert [wave.opened_at for wave in waves_of(shop, run)] == [to_ms(at(9)), to_ms(at(11))]
    assert shop.read(run).state == "finished"


def test_a_wave_that_is_killed_half_way_goes_on_with_its_own_shares(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.add(*NAMES)
    names = ("warm", "icy", "b")
    run = shop.run(in_waves(*names, waves=2))
    click(shop, run, share={"icy": 0.5, "b": 0.4}, wave=1)
    shop.clock.advance(days=1)
    monkeypatch.setattr(wave_opening, "AT_ONCE", 10)
    reached = Counter[str]()

    def die(point: str) -> None:
        reached[point] += 1
        if reached["range_assigned"] == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(wave_opening, "reach", die)
    with pytest.raises(KeyboardInterrupt):
        advance_waves(shop.engine, run)
    monkeypatch.setattr(wave_opening, "reach", lambda point: None)
    two = waves_of(shop, run)[1]
    assert two.people is None
    half = [row for row in shop.rows(run).values() if row["wave"] == 2 and row["variant"]]
    assert len(half) == 30
    click(shop, run, share={"warm": 1.0}, wave=1)  # what came since is for the next wave
    with shop.open_engine() as other:
        sweep(other)
        assert advance_waves(other, run)
    assert waves_of(shop, run)[1].shares == two.shares
    rows = [row for row in shop.rows(run).values() if row["wave"] == 2]
    assert_drawn_by(two, rows, names)
    assert shop.receipt(run).adds_up


def test_two_processes_open_a_wave_once(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.add(*NAMES[:60])
    run = shop.run(in_waves("a", "b", waves=2))
    shop.clock.advance(days=1)
    with shop.open_engine() as other:
        once = []

        def meanwhile(point: str) -> None:
            if point == "wave_opened" and not once:
                once.append(point)
                assert advance_waves(other, run)

        monkeypatch.setattr(wave_opening, "reach", meanwhile)
        advance_waves(shop.engine, run)
    shop.go_on(run)
    assert [wave.wave for wave in waves_of(shop, run)] == [1, 2]
    assert shop.receipt(run).states == {"sent": 60}
    assert len(shop.channel.sent) == 60


def test_a_variant_brings_its_own_policy_when_its_wave_opens(shop: Shop) -> None:
    """Quiet hours, expiry and what is still to be made are those of her variant."""
    shop.add(*NAMES[:60], time_zone="Europe/Berlin")
    variants = {
        "early": {"policy": {"expires": "3d"}},
        "late": {"policy": {"window": "18:00-20:00"}, "recommend": {"plugin": "shelf"}},
    }
    shop.recommender.products = shop.add_products("boot")
    recipe = in_waves(variants=variants, waves=2)
    run = shop.run(recipe)
    waiting = [row for row in shop.rows(run).values() if row["wave"] == 2]
    assert {row["expires_at"] for row in waiting} == {None}
    shop.clock.set(at(17, 30))  # half past six in Berlin
    shop.go_on(run)
    shop.clock.set(at(18, day=3))
    shop.go_on(run)
    rows = [row for row in shop.rows(run).values() if row["wave"] == 2]
    assert {row["variant"] for row in rows} == {"early", "late"}
    for row in rows:
        if row["variant"] == "early":
            assert row["expires_at"] == to_ms(at(18, day=6))
            assert row["sent_at"] == to_ms(at(18, day=3))
            assert row["content"] is None
        else:
            assert (row["expires_at"], row["state"]) == (None, "sent")
            assert row["content"]["products"]
    assert shop.read(run).state == "finished"


def test_a_paused_run_opens_no_wave_and_a_cancelled_one_cancels_who_waits(shop: Shop) -> None:
    shop.add(*NAMES[:60])
    run = shop.run(in_waves("a", "b", waves=2))
    sent = len(shop.channel.sent)
    pause_run(shop.store, run.id)
    shop.clock.advance(days=1)
    sweep(shop.engine)
    assert not advance_waves(shop.engine, run)
    assert len(waves_of(shop, run)) == 1
    resume_run(shop.store, shop.registry, run.id)
    assert [due.has_wave for due in sweep(shop.engine)] == [True]
    cancel_run(shop.store, run.id, now=shop.engine.now)
    assert not advance_waves(shop.engine, run)
    assert shop.receipt(run).states == {"sent": sent, "cancelled": 60 - sent}
    assert shop.receipt(run).adds_up


def test_who_waits_for_a_wave_beyond_the_last_day_expires(shop: Shop) -> None:
    shop.add(*NAMES[:60])
    run = shop.run(in_waves("a", "b", policy={"expires": at(12).isoformat()}))
    sent = len(shop.channel.sent)
    shop.clock.advance(days=1)
    shop.go_on(run)
    assert shop.receipt(run).states == {"sent": sent, "expired": 60 - sent}
    assert shop.read(run).state == "finished"


def test_a_wave_waits_for_most_of_the_last_one_to_leave(shop: Shop) -> None:
    shop.add(*NAMES[:40], time_zone="America/Los_Angeles")  # one in the night
    shop.add(*NAMES[40:80])
    quiet = {"quiet_hours": "21:00-08:00"}
    run = shop.run(in_waves("a", "b", waves=2, policy=quiet))
    shop.clock.advance(hours=6)
    shop.go_on(run)
    assert waves_of(shop, run)[0].left_at is None
    shop.clock.set(at(16))  # eight in Los Angeles
    shop.go_on(run)
    assert waves_of(shop, run)[0].left_at == to_ms(at(16))


def test_a_run_without_clicks_shares_equally_and_the_same_again_comes_to_the_same(
    shop: Shop,
) -> None:
    shop.add(*NAMES[:90])
    recipe = in_waves("a", "b", "c", policy={"again": "after 1s"})
    found = []
    for _ in range(2):
        run = shop.run(recipe, seed=7)
        for _ in range(2):
            shop.clock.advance(days=1)
            shop.go_on(run)
        assert shop.read(run).state == "finished"
        rows = shop.rows(run)
        found.append({name: row["variant"] for name, row in rows.items()})
        assert all(min(wave.shares.values()) > 0.1 for wave in waves_of(shop, run))
        shop.clock.advance(days=1)
    assert found[0] == found[1]


def make_keen(shop: Shop) -> set[int]:
    """Let every other one have bought something before; return who did."""
    shop.add_products("boot")
    for name in NAMES[::2]:
        shop.order(name, "boot")
    shop.clock.advance(hours=1)
    return {shop.find(name) for name in NAMES[::2]}


def click_by_trait(shop: Shop, run: Run, keen: set[int], wave: int) -> None:
    """Let who has bought click on `warm` alone, and who has not on `icy` alone."""
    for row in shop.rows(run).values():
        if row["wave"] == wave and row["variant"] == ("icy", "warm")[row["recipient"] in keen]:
            tell(shop, row["id"], "click")


def read_propensities(shop: Shop, run: Run, wave: int) -> dict[int, dict[str, float]]:
    rows = [row for row in shop.rows(run).values() if row["wave"] == wave]
    with shop.store.read() as connection:
        return {row["recipient"]: read_shares(connection, row["id"]) for row in rows}


def test_by_traits_each_person_has_shares_of_her_own_and_a_killed_wave_goes_on_with_them(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.add(*NAMES)
    keen = make_keen(shop)
    names = ("warm", "icy")
    run = shop.run(in_waves(*names, waves=2, allocate="contextual"))
    assert not any(read_propensities(shop, run, 1).values())
    click_by_trait(shop, run, keen, wave=1)
    shop.clock.advance(days=1)
    monkeypatch.setattr(wave_opening, "AT_ONCE", 10)
    reached = Counter[str]()

    def die(point: str) -> None:
        reached[point] += 1
        if reached["range_assigned"] == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(wave_opening, "reach", die)
    with pytest.raises(KeyboardInterrupt):
        advance_waves(shop.engine, run)
    monkeypatch.setattr(wave_opening, "reach", lambda point: None)
    half = {one: hers for one, hers in read_propensities(shop, run, 2).items() if hers}
    assert len(half) == 30
    click(shop, run, share={"warm": 1.0, "icy": 1.0}, wave=1)  # is for the next wave
    for name in NAMES[1::2]:
        shop.order(name, "boot")  # what she did since the wave opened changes nothing
    with shop.open_engine() as other:
        sweep(other)
        assert advance_waves(other, run)
    found = read_propensities(shop, run, 2)
    assert half.items() <= found.items()
    rows = [row for row in shop.rows(run).values() if row["wave"] == 2]
    for row in rows:
        hers = {name: found[row["recipient"]][name] for name in names}
        assert hers["warm"] == (0.95 if row["recipient"] in keen else 0.05)
        assert row["variant"] == choose_variant(hers, KEY, "x", row["recipient"])
    two = waves_of(shop, run)[1]
    mean = sum(one["warm"] for one in found.values()) / len(found)
    assert two.shares == pytest.approx({"warm": mean, "icy": 1 - mean})
    shop.go_on(run)
    assert shop.receipt(run).states == {"sent": len(NAMES)}

    her = next(row for row in rows if row["recipient"] in keen and row["variant"] == "warm")
    told = explain_message(shop.engine, run.id, str(her["recipient"]))
    [shares] = [one for one in told.decisions if one.what == "shares"]
    assert shares.said.endswith("her shares are warm 95%, icy 5%")
    assert any("instead of" in part for part in shares.parts), shares.parts
    [shown] = export_customer(shop.store, shop.name_of(her["recipient"]))["messages"]
    assert shown["shares"] == {"warm": 0.95, "icy": 0.05}

    click_by_trait(shop, run, keen, wave=2)
    report = gather_report(shop.store, run.id, now=shop.engine.now)
    assert report.comparison.is_weighed
    assert report.sample is not None
    assert not report.sample.is_off
    with shop.store.read() as connection:
        evidence = look_at_run(connection, shop.read(run), now=shop.engine.now).evidence
        weighed = weigh_variants(connection, run.id, evidence)
    for name in names:
        own = [row["recipient"] for row in rows if row["variant"] == name]
        weights = {one: 1 / found[one][name] for one in own}
        clicked = sum(weights[one] for one in own if (one in keen) == (name == "warm"))
        cell = Cell(wave=2, variant=name, is_held_out=False)
        share = clicked / sum(weights.values())
        assert weighed.tally([cell], "click").rate == pytest.approx(share)
        assert evidence.tally([cell], "click").rate > share  # who got it is who likes it
