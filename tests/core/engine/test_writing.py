"""Copy is written once for equal briefs, kept with the run, and never written again."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from sqlalchemy import func, select

from ballyhoo import Brief, Copy, Objection, hookimpl
from ballyhoo.core.store.ledger.copies import keep_copies, read_copies
from ballyhoo.core.store.rows import dump_json
from ballyhoo.core.store.tables import copies, messages

from .shop import Shop, make_recipe


def write_differently(brief: Brief) -> dict[str, str]:
    return dict.fromkeys(brief.fields, f"Look {'abcdefghijklmnopqrstuvwxyz'[brief.seed % 26]}")


def read_subjects(shop: Shop, run: Any) -> list[str]:
    with shop.store.read() as connection:
        found = connection.execute(
            select(messages.c.content).where(messages.c.run_id == run.id).order_by(messages.c.id)
        )
        return [row["fields"]["subject"] for row in found.scalars()]


def count_copies(shop: Shop) -> int:
    with shop.store.read() as connection:
        return int(connection.execute(select(func.count()).select_from(copies)).scalar_one())


def test_equal_briefs_are_written_for_once_in_all_batches(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ballyhoo.core.engine.preparing.GENERATED_ROWS", 4)
    shop.scribe.write = write_differently
    shop.add(*(f"c{number}" for number in range(10)))
    run = shop.plan(make_recipe(generate={}))
    assert len(shop.prepare(run)) == 3
    assert len(shop.scribe.briefs) == 1
    assert len(set(read_subjects(shop, run))) == 1
    assert shop.deliver(run).outcomes == {"sent": 10}


def test_what_a_generator_is_told_makes_briefs_differ(shop: Shop) -> None:
    shop.add("ada", "bob")
    shop.add("cyd", first_name=None)  # another slot has a value
    shop.add("dot", language="de")
    shop.add("eve", traits=dump_json({"badge": "gold"}))
    shop.add("fay", traits=dump_json({"age": 36}))  # which it is not told
    shop.prepare(shop.plan(make_recipe(generate={"traits": ["badge"], "attempts": 1})))
    assert len(shop.scribe.briefs) == 4


def test_diversity_keeps_so_many_texts_and_each_person_her_own(shop: Shop) -> None:
    shop.scribe.write = write_differently
    shop.add(*(f"c{number}" for number in range(60)))
    run = shop.plan(make_recipe(generate={"diversity": 3}))
    shop.prepare(run)
    assert len(shop.scribe.briefs) == 3
    counts = Counter(read_subjects(shop, run))
    assert 2 <= len(counts) <= 3
    assert min(counts.values()) >= 8


def test_the_first_who_wrote_for_a_brief_is_kept(shop: Shop) -> None:
    run = shop.plan()
    with shop.store.begin() as connection:
        keep_copies(connection, run.id, None, [("h", 0, {"fields": {"a": "first"}})], now=1)
        keep_copies(connection, run.id, None, [("h", 0, {"fields": {"a": "second"}})], now=2)
        keep_copies(connection, run.id, "b", [("h", 0, {"fields": {"a": "other"}})], now=2)
    with shop.store.read() as connection:
        assert read_copies(connection, run.id, None, {"h", "i"}) == {
            ("h", 0): {"fields": {"a": "first"}}
        }


def test_a_process_that_died_after_writing_has_not_written_in_vain(shop: Shop) -> None:
    shop.scribe.write = write_differently
    shop.add("ada")
    run = shop.plan(make_recipe(generate={}))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ballyhoo.core.engine.preparing._store", _die)
        with pytest.raises(KeyboardInterrupt):
            shop.prepare(run)
    assert len(shop.scribe.briefs) == 1
    assert count_copies(shop) == 1


def _die(*_: object) -> None:
    raise KeyboardInterrupt


class Moody:
    """A reviewer that fails at first."""

    calls = 0

    @hookimpl
    def review(self, brief: Brief, copy: Copy) -> list[Objection]:
        self.calls += 1
        if self.calls == 1:
            raise RuntimeError("not in the mood")
        return []


def test_a_copy_that_a_reviewer_failed_to_read_is_not_kept_as_refused(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ballyhoo.core.engine.preparing.GENERATED_ROWS", 1)
    shop.add_plugin("moody", Moody())
    shop.add("ada", "bob")
    run = shop.plan(make_recipe(generate={"attempts": 1}, review={"moody": {}}))
    states = Counter[str]()
    for prepared in shop.prepare(run):
        states.update(prepared.states)
    assert states == {"skipped": 1, "ready": 1}


def test_reviewers_are_told_what_she_got_last_and_only_what_was_sent(shop: Shop) -> None:
    shop.add("ada", "bob")
    first = shop.plan(make_recipe("first", generate={}))
    shop.prepare(first)
    assert all(brief.previous == () for brief in shop.scribe.briefs)
    shop.deliver(first)
    shop.scribe.batches.clear()
    shop.add("cyd")
    shop.prepare(shop.plan(make_recipe("second", generate={})))
    shop.prepare(shop.plan(make_recipe("third", generate={})))
    told = {brief.previous for brief in map(_freeze, shop.scribe.briefs)}
    assert told == {(), (("body", "Come and look."), ("subject", "Hello {first_name|you}"))}


class _freeze:  # noqa: N801
    def __init__(self, brief: Brief) -> None:
        self.previous = tuple(sorted(brief.previous[0].items())) if brief.previous else ()
