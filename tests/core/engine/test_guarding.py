"""A variant that drives people away is stopped, and what has not left of it goes to the others."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from sqlalchemy import insert

from ballyhoo.core.attribution.outcomes import count_outcome
from ballyhoo.core.engine import guarding
from ballyhoo.core.engine.controlling import resume_run
from ballyhoo.core.engine.explaining import explain_message
from ballyhoo.core.engine.guarding import watch_guardrail
from ballyhoo.core.engine.preparing import prepare_next
from ballyhoo.core.engine.runs import Run
from ballyhoo.core.engine.sweeping import sweep
from ballyhoo.core.reporting.trial import check_sample, read_trial
from ballyhoo.core.store.ledger.stops import read_moved, read_stopped
from ballyhoo.core.store.ledger.waves import read_waves
from ballyhoo.core.store.tables import message_events

from .shop import Shop, make_recipe

NAMES = [f"c{number}" for number in range(300)]
WRITTEN = {"subject": {"max_chars": 60}, "body": {"max_words": 80}}


def recipe(*names: str, generates: bool = False, **experiment: Any) -> str:
    fields = {name: {"deliver": {"fields": {"subject": name, "body": "b"}}} for name in names}
    if generates:
        fields = {name: {"generate": {"voice": name}} for name in names}
    block = {"variants": fields, "holdout": "0%", **experiment}
    more: dict[str, Any] = {"generate": {"plugin": "scribe"}} if generates else {}
    return make_recipe("x", experiment=block, deliver={"rate": "60/min"}, **more)


def begin(shop: Shop, text: str, *, ready: bool = True) -> Run:
    """Start a run, and let its first 60 messages leave: the rate keeps the others."""
    shop.add(*NAMES)
    run = shop.plan(text)
    if ready:
        shop.prepare(run)
        shop.deliver(run)
    return run


def tell(shop: Shop, run: Run, variant: str, kind: str = "unsubscribe", *, share: float) -> None:
    """Let so many of those to whom a variant left say that they want no more."""
    sent = [row for row in shop.rows(run).values() if row["sent_at"] and row["variant"] == variant]
    with shop.store.begin() as connection:
        for row in sent[: round(share * len(sent))]:
            event = {"message_id": row["id"], "kind": kind, "source": "test", "data": {}}
            connection.execute(insert(message_events).values(at=shop.engine.now, **event))


def send_some_of_each(shop: Shop, run: Run, *names: str) -> None:
    """Let 40 messages of each variant leave."""
    for name in names:
        rows = [
            row for row in shop.rows(run).values()
            if row["variant"] == name and row["state"] in ("planned", "ready")
        ]  # fmt: skip
        for row in rows[:40]:
            key = shop.name_of(row["recipient"])
            shop.tamper(run, key, state="sent", sent_at=shop.engine.now, batch_id=None)


def count(shop: Shop, run: Run) -> dict[tuple[str | None, str], int]:
    rows = sorted(((row["variant"], row["state"]) for row in shop.rows(run).values()), key=str)
    return {pair: len(list(some)) for pair, some in itertools.groupby(rows)}


def test_what_has_not_left_of_a_stopped_variant_goes_to_the_others(shop: Shop) -> None:
    shop.add(*NAMES)
    run = shop.plan(recipe("calm", "loud", "plain"))
    send_some_of_each(shop, run, "calm", "loud", "plain")
    before = count(shop, run)
    tell(shop, run, "loud", share=0.4)
    sweep(shop.engine)
    row = shop.read(run)
    [(name, said)] = read_stopped(row.details).items()
    assert (name, row.state) == ("loud", "running")
    assert said.startswith("40.0% of its people unsubscribed, and 0.0% of the others")
    after = count(shop, run)
    assert after["loud", "sent"] == 40
    assert ("loud", "ready") not in after
    gained = {name: after[name, "ready"] - before[name, "ready"] for name in ("calm", "plain")}
    assert read_moved(row.details) == {0: {"loud": gained}}
    assert sum(gained.values()) == before["loud", "ready"]
    assert min(gained.values()) > 10
    assert shop.receipt(run).adds_up
    sweep(shop.engine)
    assert count(shop, run) == after
    # How people were drawn is still what was meant, and a report names who was stopped.
    with shop.store.read() as connection:
        outcome = count_outcome(connection, row)
    trial = read_trial(row.recipe, row.details)
    sample = check_sample(outcome, trial)
    assert sample is not None
    assert not sample.is_off
    drawn = {name: sum(n for (one, _), n in before.items() if one == name) for name in gained}
    assert {name: people for name, people, _ in sample.arms if name != "loud"} == drawn
    assert list(outcome.waves[0].stopped) == ["loud"]


def test_it_is_told_why(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    shop.add(*NAMES[:200])
    run = shop.plan(recipe("calm", "loud"))
    send_some_of_each(shop, run, "calm", "loud")
    drawn = {name: row["variant"] for name, row in shop.rows(run).items()}
    tell(shop, run, "loud", "complaint", share=0.02)
    tell(shop, run, "loud", share=0.5)
    sweep(shop.engine)
    assert "loud was stopped: 50.0% of its people unsubscribed" in caplog.text
    moved = next(name for name, row in shop.rows(run).items() if row["variant"] != drawn[name])
    told = {one.what: one.said for one in explain_message(shop.engine, run.id, moved).decisions}
    assert told["moved"] == "her variant loud was stopped, and she was given to calm"


def test_copy_that_was_being_written_for_a_stopped_variant_is_thrown_away(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A batch of it is at a worker when it is stopped: what he writes is nobody's any more."""
    shop.add(*NAMES[:160])
    run = shop.plan(recipe("calm", "loud", generates=True))
    send_some_of_each(shop, run, "calm", "loud")
    tell(shop, run, "loud", share=0.5)
    write = shop.scribe.write
    with shop.open_engine() as other:

        def write_and_stop(brief: Any) -> dict[str, str]:
            if brief.variant == "loud":
                watch_guardrail(other, shop.read(run))
            return {**write(brief), "body": f"By {brief.variant}."}

        shop.scribe.write = write_and_stop
        while prepare_next(shop.engine, run) is not None:
            pass
    rows = [row for row in shop.rows(run).values() if row["state"] != "sent"]
    assert {(row["variant"], row["state"]) for row in rows} == {("calm", "ready")}
    assert {row["content"]["fields"]["body"] for row in rows} == {"By calm."}
    assert shop.receipt(run).adds_up


def test_what_may_be_out_already_stays_as_it_was(shop: Shop) -> None:
    shop.add(*NAMES[:160])
    run = shop.plan(recipe("calm", "loud"))
    loud = [name for name, row in shop.rows(run).items() if row["variant"] == "loud"]
    shop.tamper(run, loud[-1], unknowns=1)
    shop.tamper(run, loud[-2], facts={"slots": {}})
    send_some_of_each(shop, run, "calm", "loud")
    tell(shop, run, "loud", share=0.5)
    sweep(shop.engine)
    rows = shop.rows(run)
    assert [rows[name]["variant"] for name in loud[-3:]] == ["calm", "loud", "loud"]


def test_a_move_that_is_killed_half_way_goes_on(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.add(*NAMES[:200])
    run = shop.plan(recipe("calm", "loud"))
    send_some_of_each(shop, run, "calm", "loud")
    tell(shop, run, "loud", share=0.5)
    left = count(shop, run)["loud", "ready"]
    monkeypatch.setattr(guarding, "AT_ONCE", 10)

    def die(point: str) -> None:
        if point == "range_moved":
            raise KeyboardInterrupt

    monkeypatch.setattr(guarding, "reach", die)
    with pytest.raises(KeyboardInterrupt):
        sweep(shop.engine)
    assert count(shop, run)["loud", "ready"] == left - 10
    monkeypatch.setattr(guarding, "reach", lambda point: None)
    with shop.open_engine() as other:
        sweep(other)
    assert ("loud", "ready") not in count(shop, run)
    assert read_moved(shop.read(run).details) == {0: {"loud": {"calm": left}}}


def test_a_stopped_variant_gets_nobody_of_the_next_wave(shop: Shop) -> None:
    shop.add(*NAMES)
    run = shop.run(recipe("calm", "loud", "plain", allocate="thompson", waves=2))
    while (
        shop.go_on(run).next_due_at is not None
        and not read_waves(shop.read(run).details)[0].left_at
    ):
        shop.clock.advance(minutes=1)
    tell(shop, run, "loud", share=0.3)
    sweep(shop.engine)
    one = read_waves(shop.read(run).details)[0]
    assert "unsubscribed" in one.stopped["loud"]
    shop.clock.advance(days=1)
    shop.go_on(run)
    two = read_waves(shop.read(run).details)[1]
    assert two.shares["loud"] == 0
    assert sum(two.shares.values()) == pytest.approx(1)
    assert set(two.people or {}) == {"calm", "plain"}
    assert "loud" in two.stopped


def test_when_all_variants_drive_people_away_the_run_pauses_until_a_person_says_go_on(
    shop: Shop,
) -> None:
    shop.add(*NAMES[:200])
    run = shop.plan(recipe("a", "b"))
    send_some_of_each(shop, run, "a", "b")
    tell(shop, run, "a", share=0.25)
    tell(shop, run, "b", share=0.25)
    sweep(shop.engine)
    row = shop.read(run)
    assert row.state == "paused"
    assert str(row.reason).startswith("all of its variants drive people away (a: 25.0% of its")
    assert read_stopped(row.details) == {}
    resume_run(shop.store, shop.registry, run.id)
    sweep(shop.engine)
    assert shop.read(run).state == "running"


def test_a_margin_of_everybody_stops_nothing(shop: Shop) -> None:
    shop.add(*NAMES[:200])
    limits = {"unsubscribe": "100%", "most_unsubscribe": "100%"}
    run = shop.plan(recipe("calm", "loud", guardrail=limits))
    send_some_of_each(shop, run, "calm", "loud")
    tell(shop, run, "loud", share=0.5)
    sweep(shop.engine)
    assert read_stopped(shop.read(run).details) == {}


def test_a_run_in_this_process_looks_up_from_sending(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody else sweeps while it sends for hours."""
    shop.add(*NAMES)
    run = shop.start(recipe("calm", "loud").replace(', "rate": "60/min"', ""))
    monkeypatch.setattr("ballyhoo.core.engine.embedded.WATCH_SECONDS", 0.05)

    def annoy(message: Any) -> None:
        if message.fields["subject"] == "loud":
            with shop.store.begin() as connection:
                event = {"message_id": message.id, "kind": "unsubscribe", "source": "test"}
                connection.execute(insert(message_events).values(at=shop.engine.now, **event))

    shop.channel.after_mark = annoy
    shop.go_on(run)
    assert "loud" in read_stopped(shop.read(run).details)
    assert shop.read(run).state == "finished"
    assert len(set(shop.channel.addresses)) == len(shop.channel.addresses) == len(NAMES)
